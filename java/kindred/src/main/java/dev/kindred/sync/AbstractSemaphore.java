// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.sync;

import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serial;
import java.io.Serializable;
import java.util.concurrent.TimeUnit;

import dev.kindred.internal.sync.Outcome;
import dev.kindred.internal.words.Words;

/** What all semaphores have in common: the ways to take a permit, and what their outcomes mean to a caller. */
abstract sealed class AbstractSemaphore implements Serializable permits Semaphore, NamedSemaphore, RobustSemaphore {

    @Serial
    private static final long serialVersionUID = 1;

    AbstractSemaphore() {}

    /** {@return the outcome of an attempt to take a permit: {@link Outcome}} */
    abstract int attempt(long deadline, boolean interruptible);

    /**
     * Takes a permit, waiting as long as there is none and the thread is not interrupted. The wait ends when a permit was released and no
     * other thread was faster to take it.
     *
     * @throws InterruptedException  if the thread is or gets interrupted; its interrupt status is cleared and no permit was taken
     * @throws IllegalStateException if it is or gets closed, a {@link NamedSemaphore} by its own closing, one of a {@link dev.kindred.Space}
     *                               with that ({@link dev.kindred.SpaceClosedException}); no permit was taken
     */
    public final void acquire() throws InterruptedException {
        Waits.throwIfInterrupted();
        Waits.throwIfInterrupted(attempt(Words.NO_DEADLINE, true));
    }

    /**
     * Takes a permit, waiting as long as there is none. The wait ends when a permit was released and no other thread was faster to take it.
     * An interrupt does not end it; the interrupt status is left as it is.
     *
     * @throws IllegalStateException if it is or gets closed, as {@link #acquire()} says; no permit was taken
     */
    public final void acquireUninterruptibly() {
        int _ = attempt(Words.NO_DEADLINE, false);
    }

    /**
     * Takes a permit if there is one, without waiting. The interrupt status is neither looked at nor changed.
     *
     * @return whether a permit was taken
     * @throws IllegalStateException if it is closed, as {@link #acquire()} says; no permit was taken
     */
    public final boolean tryAcquire() {
        return attempt(Words.AT_ONCE, false) == Outcome.ACQUIRED;
    }

    /**
     * Takes a permit, waiting for one for a time at most. The time is that of {@link System#nanoTime()}: setting the clock does not change
     * it.
     *
     * @param time how long; zero or less does not wait at all
     * @param unit the unit of {@code time}
     * @return whether a permit was taken
     * @throws InterruptedException  if the thread is or gets interrupted; its interrupt status is cleared and no permit was taken
     * @throws IllegalStateException if it is or gets closed, as {@link #acquire()} says; no permit was taken
     */
    public final boolean tryAcquire(long time, TimeUnit unit) throws InterruptedException {
        Waits.throwIfInterrupted();
        int outcome = attempt(Waits.deadline(time, unit), true);
        Waits.throwIfInterrupted(outcome);
        return outcome == Outcome.ACQUIRED;
    }

    /**
     * Says how many permits can be taken without waiting.
     *
     * @return how many there were at some moment during the call
     * @throws IllegalStateException if it is closed, as {@link #acquire()} says
     */
    public abstract int getValue();

    /**
     * Says whether there is no permit to be taken.
     *
     * @return whether that was so at some moment during the call
     * @throws IllegalStateException if it is closed, as {@link #acquire()} says
     */
    public final boolean locked() {
        return getValue() == 0;
    }

    /** {@return the number of permits, if it may be one} */
    static int requirePermits(String type, int permits) {
        if (permits < 0) {
            throw new IllegalArgumentException("a " + type + " cannot have " + permits + " permits");
        }
        return permits;
    }

    /** {@return what to throw when there is no room for more permits} */
    static IllegalStateException overflow(Object semaphore, int more, int value, int limit) {
        return new IllegalStateException(semaphore + " cannot take " + more + (more == 1 ? " permit" : " permits") + " more: it had "
                + value + " of at most " + limit);
    }

    @Serial
    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a semaphore arrives as a ticket");
    }
}
