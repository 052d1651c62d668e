// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.sync;

import static dev.kindred.internal.sync.PermitCellsLayout.CHANGE;
import static dev.kindred.internal.sync.PermitCellsLayout.CHANGES;
import static dev.kindred.internal.sync.PermitCellsLayout.COUNT;
import static dev.kindred.internal.sync.PermitCellsLayout.FREE;
import static dev.kindred.internal.sync.PermitCellsLayout.RESERVED;
import static dev.kindred.internal.sync.PermitCellsLayout.WAITERS;
import static dev.kindred.internal.sync.PermitCellsLayout.cell;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import dev.kindred.internal.crash.CrashPoint;
import dev.kindred.internal.words.Words;

/**
 * A semaphore whose permits name the processes that hold them, so that those of the dead come back.
 *
 * <p>A permit is a cell ({@link PermitCellsLayout}): taken by one compare-and-set from FREE to the taker's id, or from the id of a dead
 * process, and given back by one in the other direction. What a cell says is always true, so there is nothing to recover: whoever looks for
 * a permit knows from the domain who is dead, and the death epoch wakes all who wait.
 *
 * <p>Who gives one back then changes the word on which others wait, and if that says that somebody may be asleep, clears this and wakes
 * one. The one that was woken sets it again: by announcing that it sleeps again; or, if it got a permit, before it looks whether there is
 * another one, for which it wakes the next. So a permit that is given back while the mark is off is seen by the one who sets it. (Cells are
 * the index set of iceoryx2; waiting on a word besides them is an eventcount.)
 *
 * <p>As with {@link Mutex}, who has waited for a millisecond has free permits RESERVED for those who have slept for one or waited as long.
 */
public final class PermitCells extends Queued<PermitCells.Queue> {

    private static final VarHandle HELD;

    static {
        try {
            HELD = MethodHandles.lookup().findVarHandle(PermitCells.class, "held", int.class).withInvokeExactBehavior();
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final Words words;
    private final long offset;
    private final int count;
    private final int self;
    private final Liveness liveness;

    /**
     * How many permits were taken through this object and not given back: raised after a cell is taken, lowered before one is given back.
     * So this process holds at least so many cells, and whoever has lowered it will find one.
     */
    private volatile int held;

    /** The cell that this process touched last: the likeliest to be free, or its own. Any value is right. */
    private int hint;

    /**
     * Looks at permits.
     *
     * @param offset where they are, initialised
     * @param self   the id of this process
     */
    public PermitCells(Words words, long offset, int self, Liveness liveness) {
        this.words = words;
        this.offset = offset;
        this.count = words.getPlain(offset + COUNT);
        this.self = self;
        this.liveness = liveness;
        // Processes begin to look at different cells. There is none if this process has left the space just now.
        this.hint = count == 0 ? 0 : self % count;
    }

    /**
     * Makes zeros free permits, before anybody else can reach them.
     *
     * @param offset of {@link PermitCellsLayout#size} bytes
     */
    public static void initialize(Words words, long offset, int permits) {
        words.setPlain(offset + COUNT, permits);
    }

    /**
     * Takes a permit, waiting as long as living processes hold them all.
     *
     * @param deadline      when to give up, in terms of {@link System#nanoTime()}; {@link Words#NO_DEADLINE} for never, {@link
     *                      Words#AT_ONCE} to not wait at all
     * @param interruptible whether an interrupt ends the wait
     * @return {@link Outcome#ACQUIRED}, {@link Outcome#TIMED_OUT} or {@link Outcome#INTERRUPTED}
     */
    public int acquire(long deadline, boolean interruptible) {
        // Pairs with announceChange(): all that was done before a permit was given back is seen, whichever permit is taken now.
        int changes = words.getVolatile(offset + CHANGES);
        if ((changes & RESERVED) == 0 && takeFree()) {
            return Outcome.ACQUIRED;
        }
        return deadline == Words.AT_ONCE ? tryOnce() : queue().await(deadline, interruptible, 0);
    }

    private int tryOnce() {
        while (true) {
            int changes = words.getVolatile(offset + CHANGES);
            if (takeFree() || takeFromDead()) {
                return Outcome.ACQUIRED;
            }
            // If one was given back and another taken meanwhile, the look at one cell after the other may have missed both.
            if (words.getVolatile(offset + CHANGES) == changes) {
                return Outcome.TIMED_OUT;
            }
        }
    }

    private boolean takeFree() {
        int index = hint;
        for (int looked = 0; looked < count; looked++) {
            if (words.getVolatile(offset + cell(index)) == FREE && words.compareAndSet(offset + cell(index), FREE, self)) {
                CrashPoint.PERMIT_ACQUIRED.pass();
                taken(index);
                return true;
            }
            index = next(index);
        }
        return false;
    }

    private boolean takeFromDead() {
        for (int index = 0; index < count; index++) {
            int holder = words.getVolatile(offset + cell(index));
            // One winner: all who see the dead holder compare with the same word.
            if (isDead(holder) && words.compareAndSet(offset + cell(index), holder, self)) {
                CrashPoint.PERMIT_INHERITED.pass();
                taken(index);
                return true;
            }
        }
        return false;
    }

    private boolean isDead(int holder) {
        return holder != FREE && holder != self && liveness.isDead(holder);
    }

    private void taken(int index) {
        hint = index;
        int _ = (int) HELD.getAndAdd(this, 1);
    }

    private int next(int index) {
        return index + 1 == count ? 0 : index + 1;
    }

    /**
     * {@return whether a permit was given back} If false, none was held that was taken through this object; nothing was changed.
     *
     * @throws dev.kindred.SpaceClosedException perhaps, if this process has left the space
     */
    public boolean release() {
        int before;
        do {
            before = held;
            if (before == 0) {
                return false;
            }
        } while (!HELD.compareAndSet(this, before, before - 1));
        // Other threads of this process may take and give back just so that this one misses theirs, but never all of them for ever.
        while (!freeOne()) {
            // Nor is there one to be found if this process has left the space.
            words.requireMembership();
            Thread.onSpinWait();
        }
        announceChange();
        return true;
    }

    private boolean freeOne() {
        int index = hint;
        for (int looked = 0; looked < count; looked++) {
            if (words.getVolatile(offset + cell(index)) == self && words.compareAndSet(offset + cell(index), self, FREE)) {
                CrashPoint.PERMIT_FREED.pass();
                hint = index;
                return true;
            }
            index = next(index);
        }
        return false;
    }

    /** Tells those who wait that a cell is free. */
    private void announceChange() {
        while (true) {
            int changes = words.getVolatile(offset + CHANGES);
            // Pairs with the announcement of a waiter: either this sees its mark, or the marking fails and the waiter looks again.
            if (words.compareAndSet(offset + CHANGES, changes, (changes + CHANGE) & ~WAITERS)) {
                CrashPoint.PERMIT_ANNOUNCED.pass();
                if ((changes & WAITERS) != 0) {
                    words.wake(offset + CHANGES, 1);
                }
                return;
            }
        }
    }

    /** Takes over from whoever woke this thread, and so cleared the mark, to wake the next. */
    private void passOn() {
        while (true) {
            int changes = words.getVolatile(offset + CHANGES);
            // Pairs with announceChange(): a permit given back before this is seen below, and one given back after it wakes the next.
            if (words.compareAndSet(offset + CHANGES, changes, (changes | WAITERS) & ~RESERVED)) {
                CrashPoint.PERMIT_MARKED.pass();
                if (isAnyFree()) {
                    words.wake(offset + CHANGES, 1);
                }
                return;
            }
        }
    }

    private boolean isAnyFree() {
        for (int index = 0; index < count; index++) {
            if (words.getVolatile(offset + cell(index)) == FREE) {
                return true;
            }
        }
        return false;
    }

    /** {@return how many permits there are} */
    public int count() {
        return count;
    }

    /** {@return how many permits no living process holds} */
    public int available() {
        int available = 0;
        for (int index = 0; index < count; index++) {
            available += holder(index) == FREE ? 1 : 0;
        }
        return available;
    }

    /** {@return the id of the living process that holds the permit of an index, or 0} */
    public int holder(int index) {
        int holder = words.getVolatile(offset + cell(index));
        return isDead(holder) ? FREE : holder;
    }

    @Override
    Queue newQueue() {
        return new Queue();
    }

    /** The threads of this process that wait for a permit. */
    final class Queue extends WaitQueue {

        /** Whether a free permit was left to those for whom it is reserved. */
        private boolean heldBack;

        Queue() {
            super(words, offset + CHANGES);
        }

        @Override
        int attempt(int word) {
            boolean reserved = (word & RESERVED) != 0;
            boolean preferred = hasSlept() || hasWaitedLong();
            heldBack = reserved && !preferred;
            if (heldBack || !(takeFree() || takeFromDead())) {
                return WAIT;
            }
            if (reserved || hasSlept()) {
                passOn();
            }
            return Outcome.ACQUIRED;
        }

        @Override
        int announce(int word) {
            return word | WAITERS | (hasWaitedLong() ? RESERVED : 0);
        }

        /** A permit that is reserved for others is waited for only so long; then this thread is one of those. */
        @Override
        long wakeBy(int word) {
            return heldBack ? longWaitBegins() : Words.NO_DEADLINE;
        }

        @Override
        void examine(int word) {
            int last = FREE;
            for (int index = 0; index < count; index++) {
                int holder = words.getVolatile(offset + cell(index));
                if (holder != FREE && holder != self && holder != last) {
                    liveness.examine(holder);
                    last = holder;
                }
            }
        }
    }
}
