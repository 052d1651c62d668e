// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.words;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

import dev.kindred.internal.os.Futex;

/** Words in a mapping that is never unmapped; waiting is futex_waitv on the word, the death epoch and the thread's own interrupt word. */
public final class MappedWords extends Words {

    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle().withInvokeExactBehavior();
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle().withInvokeExactBehavior();

    /** How many pauses of the processor there are between two looks of a spin in the end: together about a microsecond. */
    private static final int MOST_PAUSES = 64;

    private final MemorySegment memory;
    private final long epochOffset;
    private final WordPumps pumps;

    /**
     * Wraps a mapping.
     *
     * @param memory      the mapping, of the global scope
     * @param epochOffset where the domain's death epoch lies
     */
    public MappedWords(MemorySegment memory, long epochOffset) {
        this.memory = memory;
        this.epochOffset = epochOffset;
        this.pumps = new WordPumps(this);
    }

    /** {@return the whole mapping} It is of the global scope: whoever hands a part of it to a user bounds that part's life. */
    public MemorySegment memory() {
        return memory;
    }

    @Override
    public int getPlain(long offset) {
        return (int) INT.get(memory, offset);
    }

    @Override
    public int getAcquire(long offset) {
        return (int) INT.getAcquire(memory, offset);
    }

    @Override
    public int getVolatile(long offset) {
        return (int) INT.getVolatile(memory, offset);
    }

    @Override
    public void setPlain(long offset, int value) {
        INT.set(memory, offset, value);
    }

    @Override
    public void setRelease(long offset, int value) {
        INT.setRelease(memory, offset, value);
    }

    @Override
    public void setVolatile(long offset, int value) {
        INT.setVolatile(memory, offset, value);
    }

    @Override
    public boolean compareAndSet(long offset, int expected, int value) {
        return INT.compareAndSet(memory, offset, expected, value);
    }

    @Override
    public int getAndAdd(long offset, int delta) {
        return (int) INT.getAndAdd(memory, offset, delta);
    }

    @Override
    public long getLongPlain(long offset) {
        return (long) LONG.get(memory, offset);
    }

    @Override
    public void setLongPlain(long offset, long value) {
        LONG.set(memory, offset, value);
    }

    @Override
    public void fence() {
        VarHandle.fullFence();
    }

    @Override
    public void zero(long offset, long length) {
        memory.asSlice(offset, length).fill((byte) 0);
    }

    @Override
    public int epoch() {
        return getVolatile(epochOffset);
    }

    @Override
    public void advanceEpoch() {
        getAndAdd(epochOffset, 1);
    }

    @Override
    public void wakeEpoch() {
        wake(epochOffset, Integer.MAX_VALUE);
    }

    @Override
    public int spin(long offset, int seen, long nanoseconds) {
        long end = System.nanoTime() + nanoseconds;
        // Each look takes the word's cache line from whoever works with it, so the gaps between the looks grow.
        int pauses = 1;
        do {
            for (int pause = 0; pause < pauses; pause++) {
                Thread.onSpinWait();
            }
            int now = getAcquire(offset);
            if (now != seen) {
                return now;
            }
            pauses = Math.min(pauses * 2, MOST_PAUSES);
        } while (System.nanoTime() - end < 0);
        return seen;
    }

    @Override
    public int await(long offset, int expected, int epoch, long deadline, boolean interruptible) {
        if (Thread.currentThread().isVirtual()) {
            return pumps.await(offset, expected, epoch, deadline, interruptible);
        }
        return Sleeper.current().sleep(address(offset), expected, address(epochOffset), epoch, deadline, interruptible);
    }

    @Override
    public void wake(long offset, int count) {
        Futex.wake(address(offset), count, true);
    }

    long epochAddress() {
        return address(epochOffset);
    }

    long address(long offset) {
        return memory.address() + offset;
    }
}
