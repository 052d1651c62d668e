// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.sync;

import static dev.kindred.internal.sync.EventCountLayout.CHANGE;
import static dev.kindred.internal.sync.EventCountLayout.WAITERS;

import java.util.function.LongSupplier;

import dev.kindred.internal.crash.CrashPoint;
import dev.kindred.internal.words.Words;

/**
 * How threads of several processes wait until some condition on shared memory holds that does not fit one word.
 *
 * <p>Who waits marks the word ({@link EventCountLayout}), looks at the condition once more, and sleeps. Who changes the memory looks at the word
 * afterwards; if it is marked, it changes the word and wakes all, who look again and mark it again. As long as nobody sleeps, that is one look. There
 * is no count of waiters, which a death would leave wrong for ever. Who dies between the change and the waking is made up for by the death epoch.
 *
 * <p>The source is the event count of D. Reed and R. Kanodia ("Synchronization with eventcounts and sequencers", 1979), with a mark in the place of the
 * kernel's list of waiters.
 */
public final class EventCount extends Queued<EventCount.Queue> {

    /** What is waited for. */
    @FunctionalInterface
    public interface Condition {

        /**
         * {@return whether it holds} Looks at shared memory with at least acquire order and changes nothing; it is asked by one thread of this process at
         * a time.
         *
         * @param argument what {@link EventCount#await} was called with
         */
        boolean holds(int argument);
    }

    private final Words words;
    private final long offset;
    private final LongSupplier watched;
    private final Condition condition;

    /**
     * Looks at the event count at an offset.
     *
     * @param watched   tells where the word is that changes when the condition comes to hold, most often; who waits watches it a little before it sleeps
     * @param condition what this process waits for at this event count
     */
    public EventCount(Words words, long offset, LongSupplier watched, Condition condition) {
        this.words = words;
        this.offset = offset;
        this.watched = watched;
        this.condition = condition;
    }

    /**
     * Waits until the condition holds. By the time that the caller looks for itself, it may not hold any more.
     *
     * @param deadline      when to give up, in terms of {@link System#nanoTime()}; {@link Words#NO_DEADLINE} for never
     * @param interruptible whether an interrupt ends the wait
     * @param argument      what the condition is asked with
     * @return {@link Outcome#ACQUIRED}, {@link Outcome#TIMED_OUT} or {@link Outcome#INTERRUPTED}
     */
    public int await(long deadline, boolean interruptible, int argument) {
        return queue().await(deadline, interruptible, argument);
    }

    /**
     * Tells those who wait that their condition may hold now. What makes it hold was done before, with at least release order, and a compare-and-set
     * or a fence lies between that and this call.
     */
    public void advance() {
        int word = words.getVolatile(offset);
        while ((word & WAITERS) != 0) {
            // Pairs with the announcement of a waiter: either this sees its mark, or the waiter, which looks once more after it, sees the change.
            if (words.compareAndSet(offset, word, (word + CHANGE) & ~WAITERS)) {
                CrashPoint.RING_CHANGE_TOLD.pass();
                words.wake(offset, Integer.MAX_VALUE);
                return;
            }
            word = words.getVolatile(offset);
        }
    }

    /**
     * Marks the word for one that waits for this and other things at once, and then looks at its condition once more.
     *
     * @return what the word holds as long as nobody has told of a change
     */
    public int announce() {
        while (true) {
            int word = words.getVolatile(offset);
            if ((word & WAITERS) != 0 || words.compareAndSet(offset, word, word | WAITERS)) {
                return word | WAITERS;
            }
        }
    }

    /** {@return where the word lies} */
    public long offset() {
        return offset;
    }

    @Override
    Queue newQueue() {
        return new Queue();
    }

    /** The threads of this process that wait for the condition. */
    final class Queue extends WaitQueue {

        private int argument;

        /** Where the watched word was before the last look at the condition. */
        private long place;

        /** What it held then. */
        private int seen;

        Queue() {
            super(words, offset);
        }

        @Override
        void begin(int of) {
            argument = of;
        }

        @Override
        int attempt(int word) {
            place = watched.getAsLong();
            seen = words.getAcquire(place);
            return condition.holds(argument) ? Outcome.ACQUIRED : WAIT;
        }

        @Override
        boolean spin(int word, long nanoseconds) {
            return words.spin(place, seen, nanoseconds) != seen;
        }

        @Override
        int announce(int word) {
            return word | WAITERS;
        }

        @Override
        boolean hasCome() {
            return condition.holds(argument);
        }
    }
}
