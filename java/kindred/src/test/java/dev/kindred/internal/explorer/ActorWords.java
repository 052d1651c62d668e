// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.explorer;

import java.util.List;
import java.util.stream.IntStream;

import dev.kindred.internal.words.Gate;
import dev.kindred.internal.words.Parker;
import dev.kindred.internal.words.WordSet;
import dev.kindred.internal.words.Words;

/**
 * Shared memory of which each access is somebody else's decision. Orders are all the same to it: what one stores, all others see at once.
 */
final class ActorWords extends Words implements Simulated {

    private final Performer performer;
    private final long epochOffset;
    private final long gate;

    /**
     * Memory as one actor sees it.
     *
     * @param gate where the gates are kept that {@link #newGate} gives out, which are all the same
     */
    ActorWords(Performer performer, long epochOffset, long gate) {
        this.performer = performer;
        this.epochOffset = epochOffset;
        this.gate = gate;
    }

    @Override
    public long identity() {
        return gate;
    }

    @Override
    public int getPlain(long offset) {
        return (int) performer.perform(new Operation.Load(offset, Integer.BYTES));
    }

    @Override
    public int getAcquire(long offset) {
        return getPlain(offset);
    }

    @Override
    public int getVolatile(long offset) {
        return getPlain(offset);
    }

    @Override
    public void setPlain(long offset, int value) {
        performer.perform(new Operation.Store(offset, Integer.BYTES, value));
    }

    @Override
    public void setRelease(long offset, int value) {
        setPlain(offset, value);
    }

    @Override
    public void setVolatile(long offset, int value) {
        setPlain(offset, value);
    }

    @Override
    public boolean compareAndSet(long offset, int expected, int value) {
        return performer.perform(new Operation.CompareAndSet(offset, Integer.BYTES, expected, value)) != 0;
    }

    @Override
    public int getAndAdd(long offset, int delta) {
        return (int) performer.perform(new Operation.Add(offset, Integer.BYTES, delta));
    }

    @Override
    public long getLongPlain(long offset) {
        return performer.perform(new Operation.Load(offset, Long.BYTES));
    }

    @Override
    public long getLongAcquire(long offset) {
        return getLongPlain(offset);
    }

    @Override
    public long getLongVolatile(long offset) {
        return getLongPlain(offset);
    }

    @Override
    public boolean compareAndSetLong(long offset, long expected, long value) {
        return performer.perform(new Operation.CompareAndSet(offset, Long.BYTES, expected, value)) != 0;
    }

    @Override
    public long getAndAddLong(long offset, long delta) {
        return performer.perform(new Operation.Add(offset, Long.BYTES, delta));
    }

    @Override
    public void setLongPlain(long offset, long value) {
        performer.perform(new Operation.Store(offset, Long.BYTES, value));
    }

    @Override
    public void setLongRelease(long offset, long value) {
        setLongPlain(offset, value);
    }

    /** Does nothing: no access overtakes another here. */
    @Override
    public void fence() {}

    @Override
    public void zero(long offset, long length) {
        performer.perform(new Operation.Zero(offset, length));
    }

    @Override
    public int epoch() {
        return getPlain(epochOffset);
    }

    @Override
    public void advanceEpoch() {
        performer.perform(new Operation.Add(epochOffset, Integer.BYTES, 1));
    }

    @Override
    public void wakeEpoch() {
        performer.perform(new Operation.WakeAll());
    }

    /** Looks once. Whenever the word changes, looking just before and just after that are among the ways that are explored. */
    @Override
    public int spin(long offset, int seen, long nanoseconds) {
        return getPlain(offset);
    }

    @Override
    public int await(long offset, int expected, int epoch, long deadline, boolean interruptible) {
        return (int) performer.perform(new Operation.Await(List.of(offset), List.of(expected), epoch, deadline, interruptible));
    }

    @Override
    public int awaitAny(WordSet set, int epoch, long deadline) {
        List<Long> offsets = IntStream.range(0, set.size()).mapToObj(set::offset).toList();
        List<Integer> expected = IntStream.range(0, set.size()).mapToObj(set::expected).toList();
        return (int) performer.perform(new Operation.Await(offsets, expected, epoch, deadline, true));
    }

    @Override
    public void wake(long offset, int count) {
        performer.perform(new Operation.Wake(offset, count));
    }

    @Override
    public long now() {
        return performer.perform(new Operation.Now());
    }

    @Override
    public Gate newGate() {
        return new SimulatedGate(performer, gate);
    }

    /** Threads of one process do not share their local objects here, so none can be woken by another. */
    @Override
    public Parker newParker() {
        throw new ExplorerError("a thread is to wait for another of its process, which would have to know it");
    }

    private record SimulatedGate(Performer performer, long gate) implements Gate, Simulated {

        @Override
        public long identity() {
            return gate;
        }

        @Override
        public int enter(long deadline, boolean interruptible) {
            return (int) performer.perform(new Operation.EnterGate(gate, deadline, interruptible));
        }

        @Override
        public void leave() {
            performer.perform(new Operation.LeaveGate(gate));
        }
    }
}
