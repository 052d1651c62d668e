// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.words;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

import dev.kindred.internal.os.Affinity;
import dev.kindred.internal.os.Futex;
import dev.kindred.internal.os.SegmentHandles;
import org.jspecify.annotations.Nullable;

/**
 * Words in a mapping that stays at least as long as this object is reachable; waiting is futex_waitv on the word, the death epoch and the
 * thread's own interrupt word.
 */
public final class MappedWords extends Words {

    private static final VarHandle INT = SegmentHandles.of(int.class);
    private static final VarHandle LONG = SegmentHandles.of(long.class);

    /** How many pauses of the processor there are between two looks of a spin in the end: together about a microsecond. */
    private static final int MOST_PAUSES = 64;

    /** Apart, so that a process that never waits need not ask. */
    private static final class Processors {
        /** Of the machine: who is bound to one of them waits for others elsewhere. */
        static final boolean SEVERAL = Affinity.processors() > 1;
    }

    private final MemorySegment memory;

    /** Where the death epoch lies: this memory, or for memory that no domain owns, that of a domain. */
    private final MemorySegment epochMemory;
    private final long epochOffset;
    private final long epochAddress;
    private final WordPumps pumps;

    /** The space that this process has left, or what else it has closed; null as long as it has not, and for memory that is never left. */
    private volatile @Nullable String left;

    /**
     * Wraps a mapping.
     *
     * @param memory      the mapping, of the global scope or an automatic one
     * @param epochOffset where the domain's death epoch lies
     */
    public MappedWords(MemorySegment memory, long epochOffset) {
        this.memory = memory;
        this.epochMemory = memory;
        this.epochOffset = epochOffset;
        this.epochAddress = memory.address() + epochOffset;
        this.pumps = new WordPumps(this);
    }

    private MappedWords(MemorySegment memory, MappedWords domain) {
        this.memory = memory;
        this.epochMemory = domain.epochMemory;
        this.epochOffset = domain.epochOffset;
        this.epochAddress = domain.epochAddress;
        this.pumps = domain.pumps;
    }

    /**
     * {@return words in other memory, whose sleepers are woken by the deaths of this domain's members, too}
     *
     * @param other a mapping that is not unmapped as long as this segment is reachable: who waits for its words keeps it so
     */
    public MappedWords outside(MemorySegment other) {
        return new MappedWords(other, this);
    }

    /**
     * Says that this process leaves the space whose memory this is, and ends its waits.
     *
     * @param space its name
     */
    public void leave(String space) {
        letGo(space);
        endWaits();
    }

    /**
     * Says that this process has closed what this memory is; its waits end when they look again.
     *
     * @param name what it is called
     */
    public void letGo(String name) {
        left = name;
    }

    @Override
    public @Nullable String left() {
        return left;
    }

    /**
     * {@return the whole mapping} It is of the global scope, or of one that nothing but its reachability bounds: whoever hands a part of it
     * to a user bounds that part's life.
     */
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
    public long getLongAcquire(long offset) {
        return (long) LONG.getAcquire(memory, offset);
    }

    @Override
    public long getLongVolatile(long offset) {
        return (long) LONG.getVolatile(memory, offset);
    }

    @Override
    public boolean compareAndSetLong(long offset, long expected, long value) {
        return LONG.compareAndSet(memory, offset, expected, value);
    }

    @Override
    public long getAndAddLong(long offset, long delta) {
        return (long) LONG.getAndAdd(memory, offset, delta);
    }

    @Override
    public void setLongPlain(long offset, long value) {
        LONG.set(memory, offset, value);
    }

    @Override
    public void setLongRelease(long offset, long value) {
        LONG.setRelease(memory, offset, value);
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
        return (int) INT.getVolatile(epochMemory, epochOffset);
    }

    @Override
    public void advanceEpoch() {
        int _ = (int) INT.getAndAdd(epochMemory, epochOffset, 1);
    }

    @Override
    public void wakeEpoch() {
        Futex.wake(epochAddress, Integer.MAX_VALUE, true);
    }

    @Override
    public int spin(long offset, int seen, long nanoseconds) {
        if (!Processors.SEVERAL) {
            return getAcquire(offset);
        }
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
            return pumps.await(this, offset, expected, epoch, deadline, interruptible);
        }
        return Sleeper.current().sleep(address(offset), expected, epochAddress, epoch, deadline, interruptible);
    }

    @Override
    public int awaitAny(WordSet set, int epoch, long deadline) {
        return Sleeper.current().sleepAny(this, set, epoch, deadline);
    }

    /**
     * Makes the kernel mark a word when the calling platform thread ends, as {@link Futex#markAtThreadEnd} describes.
     *
     * @return whether it will
     */
    public boolean markAtThreadEnd(long offset) {
        return Futex.markAtThreadEnd(address(offset), Arena.global().allocate(Futex.MARK_SIZE, Long.BYTES).address());
    }

    @Override
    public void wake(long offset, int count) {
        Futex.wake(address(offset), count, true);
    }

    @Override
    public long now() {
        return System.nanoTime();
    }

    @Override
    public Gate newGate() {
        return new ThreadGate();
    }

    @Override
    public Parker newParker() {
        return new ThreadParker();
    }

    WordPumps pumps() {
        return pumps;
    }

    long epochAddress() {
        return epochAddress;
    }

    long address(long offset) {
        return memory.address() + offset;
    }
}
