// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.sync;

import static dev.kindred.internal.sync.EventLayout.EPOCH;
import static dev.kindred.internal.sync.EventLayout.ONE_EPOCH;
import static dev.kindred.internal.sync.EventLayout.SET;
import static dev.kindred.internal.sync.EventLayout.WAITERS;

import dev.kindred.internal.crash.CrashPoint;
import dev.kindred.internal.words.Words;

/**
 * A flag that threads of several processes wait for.
 *
 * <p>Each change of the word ({@link EventLayout}) is complete in itself, so a death leaves nothing to repair. Who set the flag and died
 * before it woke the sleepers is made up for by the death epoch, on which they sleep, too.
 */
public final class EventFlag extends Queued<EventFlag.Queue> {

    /** It is set, or was since the wait began. */
    public static final int HAPPENED = 0;

    /** The deadline came. */
    public static final int TIMED_OUT = Outcome.TIMED_OUT;

    /** The thread was interrupted; its interrupt status was cleared. */
    public static final int INTERRUPTED = Outcome.INTERRUPTED;

    private final Words words;
    private final long offset;

    /** Looks at the event at an offset. */
    public EventFlag(Words words, long offset) {
        this.words = words;
        this.offset = offset;
    }

    /** Sets it and wakes all who wait for that. */
    public void set() {
        while (true) {
            int word = words.getVolatile(offset);
            // Pairs with the announcement of a waiter: either this sees its mark, or the marking fails and the waiter looks again.
            // Written even if it is set already, which pairs with clear(): either that sees what was done before this, or this fails and
            // sets it again.
            int set = (word & SET) != 0 ? word : (word & EPOCH) + ONE_EPOCH | SET;
            if (words.compareAndSet(offset, word, set)) {
                CrashPoint.EVENT_SET.pass();
                if ((word & WAITERS) != 0) {
                    words.wake(offset, Integer.MAX_VALUE);
                }
                return;
            }
        }
    }

    /** Takes back that it is set. */
    public void clear() {
        while (true) {
            int word = words.getVolatile(offset);
            if ((word & SET) == 0) {
                return;
            }
            if (words.compareAndSet(offset, word, word & ~SET)) {
                CrashPoint.EVENT_CLEARED.pass();
                return;
            }
        }
    }

    /** {@return whether it is set} */
    public boolean isSet() {
        return (words.getVolatile(offset) & SET) != 0;
    }

    /**
     * Says that somebody is about to sleep on the word beside the queue of this process, for whom an announcement too many costs a wake-up.
     *
     * @return what the word held then: a wait for it while it holds that is ended by whoever sets the flag
     */
    public int announceSleeper() {
        while (true) {
            int word = words.getVolatile(offset);
            // Pairs with set(), as the announcement of one who queues.
            if ((word & (SET | WAITERS)) != 0 || words.compareAndSet(offset, word, word | WAITERS)) {
                return (word & SET) != 0 ? word : word | WAITERS;
            }
        }
    }

    /**
     * Waits until it is set.
     *
     * @param deadline      when to give up, in terms of {@link Words#now()}; {@link Words#NO_DEADLINE} for never, {@link Mutex#AT_ONCE}
     *                      to not wait at all
     * @param interruptible whether an interrupt ends the wait
     * @return {@link #HAPPENED}, {@link #TIMED_OUT} or {@link #INTERRUPTED}
     */
    public int await(long deadline, boolean interruptible) {
        int word = words.getVolatile(offset);
        if ((word & SET) != 0) {
            return HAPPENED;
        }
        if (deadline == Mutex.AT_ONCE) {
            return TIMED_OUT;
        }
        int start = word & EPOCH;
        int outcome = queue().awaitChange(start, deadline, interruptible);
        // Whoever parked behind others may have been late to learn of it.
        return outcome == TIMED_OUT && hasHappened(words.getVolatile(offset), start) ? HAPPENED : outcome;
    }

    private static boolean hasHappened(int word, int start) {
        return (word & SET) != 0 || (word & EPOCH) != start;
    }

    @Override
    Queue newQueue() {
        return new Queue();
    }

    /** The threads of this process that wait for the event. */
    final class Queue extends ChangeQueue {

        Queue() {
            super(words, offset);
        }

        @Override
        int outcome(int word, int start) {
            return hasHappened(word, start) ? HAPPENED : WAIT;
        }

        @Override
        int announce(int word) {
            return word | WAITERS;
        }
    }
}
