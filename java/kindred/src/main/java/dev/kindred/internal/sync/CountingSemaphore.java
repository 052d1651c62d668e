// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.sync;

import static dev.kindred.internal.sync.SemaphoreLayout.LIMIT;
import static dev.kindred.internal.sync.SemaphoreLayout.RESERVED;
import static dev.kindred.internal.sync.SemaphoreLayout.SHARED;
import static dev.kindred.internal.sync.SemaphoreLayout.SHARING;
import static dev.kindred.internal.sync.SemaphoreLayout.STATE;
import static dev.kindred.internal.sync.SemaphoreLayout.VALUE_MAX;
import static dev.kindred.internal.sync.SemaphoreLayout.WAITER;
import static dev.kindred.internal.sync.SemaphoreLayout.permits;
import static dev.kindred.internal.sync.SemaphoreLayout.waiters;

import dev.kindred.internal.crash.CrashPoint;
import dev.kindred.internal.words.Words;

/**
 * A counting semaphore on the words of the C library's ({@link SemaphoreLayout}): permits without owners, which C code takes and gives,
 * too.
 *
 * <p>The protocol is glibc's: permits and the number of waiters change together, in one compare-and-set on a long; whoever adds permits
 * wakes as many as it has added, if so many wait. In each process only one of the threads that must wait is counted and watches the words
 * ({@link WaitQueue}).
 *
 * <p>Who dies with a permit takes it along. Who dies as a waiter leaves the number of waiters too high for ever, which costs those who add
 * permits a call into the kernel each, and nothing else. A wake-up that dies with the one who owed it or got it is made good by the death
 * epoch.
 *
 * <p>A permit goes to whoever is first, but in our own semaphores, as with {@link Mutex}, who has waited for a millisecond has it RESERVED
 * for those who have slept for it or waited as long. C code does not care for the mark.
 */
public final class CountingSemaphore extends Queued<CountingSemaphore.Queue> {

    /** The permits were added. */
    public static final int RELEASED = -1;

    private final Words words;
    private final long offset;
    private final int limit;

    /** Whether the words include the mark of those who wait long. */
    private final boolean reservable;

    private CountingSemaphore(Words words, long offset, int limit, boolean reservable) {
        this.words = words;
        this.offset = offset;
        this.limit = limit;
        this.reservable = reservable;
    }

    /**
     * Looks at a semaphore of our own.
     *
     * @param offset of {@link SemaphoreLayout#SIZE} bytes, initialised
     */
    public static CountingSemaphore at(Words words, long offset) {
        return new CountingSemaphore(words, offset, words.getPlain(offset + LIMIT), true);
    }

    /**
     * Looks at a semaphore that the C library has made.
     *
     * @param offset of its {@link SemaphoreLayout#LIBRARY_SIZE} bytes
     */
    public static CountingSemaphore ofLibrary(Words words, long offset) {
        return new CountingSemaphore(words, offset, VALUE_MAX, false);
    }

    /**
     * Makes zeros a semaphore of our own, before anybody else can reach them.
     *
     * @param offset of {@link SemaphoreLayout#SIZE} bytes
     * @param limit  the most permits that it can have
     */
    public static void initialize(Words words, long offset, int permits, int limit) {
        words.setLongPlain(offset + STATE, permits);
        words.setPlain(offset + SHARING, SHARED);
        words.setPlain(offset + LIMIT, limit);
    }

    /**
     * Takes a permit, waiting as long as there is none.
     *
     * @param deadline      when to give up, in terms of {@link System#nanoTime()}; {@link Words#NO_DEADLINE} for never, {@link
     *                      Words#AT_ONCE} to not wait at all
     * @param interruptible whether an interrupt ends the wait
     * @return {@link Outcome#ACQUIRED}, {@link Outcome#TIMED_OUT} or {@link Outcome#INTERRUPTED}
     */
    public int acquire(long deadline, boolean interruptible) {
        if (!isReserved() && take(0)) {
            return Outcome.ACQUIRED;
        }
        if (deadline == Words.AT_ONCE) {
            return take(0) ? Outcome.ACQUIRED : Outcome.TIMED_OUT;
        }
        return queue().await(deadline, interruptible, 0);
    }

    /**
     * Takes a permit if there is one.
     *
     * @param registration {@link SemaphoreLayout#WAITER} if the caller is counted as a waiter, and then is not any more; else 0
     */
    private boolean take(long registration) {
        while (true) {
            long state = words.getLongVolatile(offset + STATE);
            if (permits(state) <= 0) {
                return false;
            }
            if (words.compareAndSetLong(offset + STATE, state, state - 1 - registration)) {
                CrashPoint.SEMAPHORE_ACQUIRED.pass();
                return true;
            }
        }
    }

    /**
     * Adds permits.
     *
     * @param count how many, at least 1
     * @return {@link #RELEASED}, or how many permits it has, beside which there is no room for so many; nothing was changed then
     */
    public int release(int count) {
        // Most often there is nothing and nobody there. A look first would fetch the cache line twice: to be read, and to be written.
        if (count <= limit && words.compareAndSetLong(offset + STATE, 0, count)) {
            CrashPoint.SEMAPHORE_RELEASED.pass();
            return RELEASED;
        }
        while (true) {
            long state = words.getLongVolatile(offset + STATE);
            if (permits(state) > limit - count) {
                return permits(state);
            }
            // Pairs with the registration of a waiter: either this sees it, or the waiter, which looks at the permits after it, sees these.
            if (words.compareAndSetLong(offset + STATE, state, state + count)) {
                CrashPoint.SEMAPHORE_RELEASED.pass();
                if (waiters(state) != 0) {
                    words.wake(offset + STATE, (int) Math.min(count, waiters(state)));
                }
                return RELEASED;
            }
        }
    }

    /** Ends the waits of this process for words that it has let go of ({@link dev.kindred.internal.words.MappedWords#letGo}). */
    public void endWaits() {
        // Pairs with the look of whoever begins to wait: either this sees its queue, or it sees that the words were let go of.
        if (hasQueue()) {
            words.endWaits();
        }
    }

    /** {@return how many permits it has} */
    public int value() {
        return words.getVolatile(offset + STATE);
    }

    /** {@return the most permits that it can have} */
    public int limit() {
        return limit;
    }

    private boolean isReserved() {
        return reservable && words.getAcquire(offset + RESERVED) != 0;
    }

    @Override
    Queue newQueue() {
        return new Queue();
    }

    /** The threads of this process that wait for a permit. */
    final class Queue extends WaitQueue {

        /** {@link SemaphoreLayout#WAITER} while the thread that waits now is counted as a waiter, else 0. */
        private long registration;

        Queue() {
            super(words, offset + STATE);
        }

        @Override
        int attempt(int word) {
            if (word <= 0) {
                return WAIT;
            }
            boolean reserved = isReserved();
            if (reserved && !hasSlept() && !hasWaitedLong()) {
                return WAIT;
            }
            if (!take(registration)) {
                return RETRY;
            }
            registration = 0;
            if (reserved) {
                // It was this thread's mark, or one of several; whoever is not served by then sets it again before it sleeps again.
                words.setRelease(offset + RESERVED, 0);
            }
            return Outcome.ACQUIRED;
        }

        /** Counts this thread as a waiter. What the word holds does not change by that: if it has changed since, the sleep ends at once. */
        @Override
        int announce(int word) {
            if (registration == 0) {
                long _ = words.getAndAddLong(offset + STATE, WAITER);
                registration = WAITER;
                CrashPoint.SEMAPHORE_REGISTERED.pass();
            }
            if (reservable && hasWaitedLong()) {
                words.setRelease(offset + RESERVED, 1);
            }
            return word;
        }

        @Override
        void withdraw() {
            if (registration != 0) {
                long _ = words.getAndAddLong(offset + STATE, -WAITER);
                registration = 0;
                CrashPoint.SEMAPHORE_WITHDRAWN.pass();
            }
        }

        /** A permit that is reserved for others is waited for only so long; then this thread is one of those. */
        @Override
        long wakeBy(int word) {
            return word > 0 ? longWaitBegins() : Words.NO_DEADLINE;
        }
    }
}
