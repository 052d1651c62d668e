// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.words;

import dev.kindred.SpaceClosedException;
import org.jspecify.annotations.Nullable;

/**
 * Memory that several processes share, seen as words at byte offsets.
 *
 * <p>Every algorithm of Kindred is written once, against this class: in production it is a mapping and the futex ({@link MappedWords}), in
 * tests it can be a simulated memory whose scheduler decides who steps next and who dies. The memory order of an access is in its name and
 * means what {@link java.lang.invoke.VarHandle} says of it. An int's offset is a multiple of four, a long's of eight.
 */
public abstract class Words {

    /** {@link #await} ended because a word was woken, or did not hold what was expected, or for no reason. */
    public static final int WOKEN = 0;

    /** {@link #await} ended at its deadline. */
    public static final int TIMED_OUT = 1;

    /** {@link #await} ended by {@link Thread#interrupt()}; the thread's interrupt status was cleared. */
    public static final int INTERRUPTED = 2;

    /** The deadline that never comes. */
    public static final long NO_DEADLINE = Long.MAX_VALUE;

    /** The deadline that has always passed: whoever has it does not wait at all. */
    public static final long AT_ONCE = Long.MIN_VALUE;

    /** For subclasses. */
    protected Words() {}

    /** {@return the int at {@code offset}, with plain order} */
    public abstract int getPlain(long offset);

    /** {@return the int at {@code offset}, with acquire order} */
    public abstract int getAcquire(long offset);

    /** {@return the int at {@code offset}, with volatile order} */
    public abstract int getVolatile(long offset);

    /** Stores an int with plain order. */
    public abstract void setPlain(long offset, int value);

    /** Stores an int with release order. */
    public abstract void setRelease(long offset, int value);

    /** Stores an int with volatile order. */
    public abstract void setVolatile(long offset, int value);

    /** {@return whether the int at {@code offset} was {@code expected} and is now {@code value}; volatile order} */
    public abstract boolean compareAndSet(long offset, int expected, int value);

    /** {@return the int before {@code delta} was added to it; volatile order} */
    public abstract int getAndAdd(long offset, int delta);

    /** {@return the long at {@code offset}, with plain order} */
    public abstract long getLongPlain(long offset);

    /** {@return the long at {@code offset}, with acquire order} */
    public abstract long getLongAcquire(long offset);

    /** {@return the long at {@code offset}, with volatile order} */
    public abstract long getLongVolatile(long offset);

    /** {@return whether the long at {@code offset} was {@code expected} and is now {@code value}; volatile order} */
    public abstract boolean compareAndSetLong(long offset, long expected, long value);

    /** {@return the long before {@code delta} was added to it; volatile order} */
    public abstract long getAndAddLong(long offset, long delta);

    /** Stores a long with plain order. */
    public abstract void setLongPlain(long offset, long value);

    /** Stores a long with release order. */
    public abstract void setLongRelease(long offset, long value);

    /** Orders all stores before it before all loads and stores after it. */
    public abstract void fence();

    /** Sets {@code length} bytes to zero, with plain order. */
    public abstract void zero(long offset, long length);

    /**
     * {@return the name of the space whose memory this was, if this process has left it; else null} What a process still does with memory
     * that it has left reaches nobody. A wait that begins afterwards ends at once, and so do those that had begun.
     */
    public @Nullable String left() {
        return null;
    }

    /**
     * Ends a call of one who may have been working with memory that this process had left.
     *
     * @throws SpaceClosedException if it has left it
     */
    public final void requireMembership() {
        String space = left();
        if (space != null) {
            throw new SpaceClosedException(space);
        }
    }

    /** {@return the death epoch of the domain; volatile order} A wait that begins with a value that is no longer current ends at once. */
    public abstract int epoch();

    /** Raises the death epoch by one. Nobody is woken. */
    public abstract void advanceEpoch();

    /** Wakes all who wait, whatever word they wait on. */
    public abstract void wakeEpoch();

    /** Makes all who wait look again. Who has not seen yet what they are to see has read the epoch before, and does not fall asleep, or is woken. */
    public final void endWaits() {
        advanceEpoch();
        wakeEpoch();
    }

    /**
     * Watches a word for at most {@code nanoseconds} without giving up the processor.
     *
     * @return what it holds, which is {@code seen} if it did not change in that time
     */
    public abstract int spin(long offset, int seen, long nanoseconds);

    /**
     * Sleeps while the word holds {@code expected} and the death epoch is {@code epoch}.
     *
     * @param deadline      when to give up, in terms of {@link System#nanoTime()}
     * @param interruptible whether {@link Thread#interrupt()} ends the sleep; if not, the interrupt status is left as it is
     * @return {@link #WOKEN}, {@link #TIMED_OUT} or {@link #INTERRUPTED}; the caller decides by what the word says then
     */
    public abstract int await(long offset, int expected, int epoch, long deadline, boolean interruptible);

    /**
     * Sleeps while all words of a set hold what they held and the death epoch is {@code epoch}. For platform threads; {@link Thread#interrupt()} ends
     * it.
     *
     * @param deadline when to give up, in terms of {@link System#nanoTime()}
     * @return as {@link #await}
     */
    public abstract int awaitAny(WordSet set, int epoch, long deadline);

    /** Wakes at most {@code count} of those who wait on the word. */
    public abstract void wake(long offset, int count);

    /** {@return the time in nanoseconds, as {@link System#nanoTime()} counts it} */
    public abstract long now();

    /** {@return a gate at which the threads of this process queue up, nobody inside} */
    public abstract Gate newGate();

    /** {@return a parker for the calling thread} */
    public abstract Parker newParker();
}
