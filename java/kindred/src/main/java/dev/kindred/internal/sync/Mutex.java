// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.sync;

import static dev.kindred.internal.sync.MutexLayout.FREE;
import static dev.kindred.internal.sync.MutexLayout.NOBODY;
import static dev.kindred.internal.sync.MutexLayout.OWNER;
import static dev.kindred.internal.sync.MutexLayout.POISONED;
import static dev.kindred.internal.sync.MutexLayout.RESERVED;
import static dev.kindred.internal.sync.MutexLayout.WAITERS;

import dev.kindred.internal.crash.CrashPoint;
import dev.kindred.internal.words.Words;

/**
 * Mutual exclusion among processes and their threads that survives the death of whoever holds it.
 *
 * <p>The word ({@link MutexLayout}) names its owner. A word that names a dead process is poisoned, whether or not the bit says so yet: recovery
 * of a death marks the process dead in the domain's table, raises the death epoch and wakes all sleepers, which then see it for themselves.
 * So nobody keeps a list of what is held, and nobody who dies can leave one behind.
 *
 * <p>Owners are processes, not threads. In each process, only one of the threads that must wait watches the shared word ({@link WaitQueue}).
 *
 * <p>A free mutex goes to whoever is first, so that it seldom lies idle until a sleeper is awake. But who has waited for a millisecond marks it RESERVED, and
 * then only those take it who have slept for it or waited as long. So each other process gets it at most once a millisecond before one that
 * has waited that long. The mark is a hint: should all who have waited die or give up, the next takes it after a millisecond of its own.
 *
 * <p>The protocol is the poisoning lock of U. Drepper's "Futexes Are Tricky" (mutex 3) with an owner instead of a flag; sleeping on the death
 * epoch besides the word replaces the robust list.
 */
public final class Mutex extends Queued<Mutex.Queue> {

    /** The mutex is held now. */
    public static final int ACQUIRED = Outcome.ACQUIRED;

    /** The mutex is held now, and was held by a process that died. */
    public static final int TAKEN_OVER = 1;

    /** Not acquired: its owner died, and nobody has recovered it. */
    public static final int OWNER_DIED = 2;

    /** Not acquired: the deadline came. */
    public static final int TIMED_OUT = Outcome.TIMED_OUT;

    /** Not acquired: the thread was interrupted; its interrupt status was cleared. */
    public static final int INTERRUPTED = Outcome.INTERRUPTED;

    /** A deadline that has always passed. */
    public static final long AT_ONCE = Words.AT_ONCE;

    /** Tells a waiter to take the mutex from a dead owner. */
    private static final int SEIZE = 1;

    private final Words words;
    private final long offset;
    private final int self;
    private final boolean takeOver;
    private final Liveness liveness;

    /** The dead owner to whom a release gives it back, because nobody has repaired yet what it protects; 0 for none. Touched by the holder. */
    private int unrecovered;

    /**
     * Looks at the mutex at an offset; all who use it agree on {@code takeOver}.
     *
     * @param self     the id of this process, or {@link MutexLayout#NOBODY}
     * @param takeOver whether a dead owner's mutex goes to the next who asks, instead of being refused until it is recovered
     */
    public Mutex(Words words, long offset, int self, boolean takeOver, Liveness liveness) {
        this.words = words;
        this.offset = offset;
        this.self = self;
        this.takeOver = takeOver;
        this.liveness = liveness;
    }

    /**
     * Acquires it, waiting as long as another holds it.
     *
     * @param deadline      when to give up, in terms of {@link System#nanoTime()}; {@link Words#NO_DEADLINE} for never, {@link #AT_ONCE} to
     *                      not wait at all
     * @param interruptible whether an interrupt ends the wait
     * @return {@link #ACQUIRED}, {@link #TAKEN_OVER}, {@link #OWNER_DIED}, {@link #TIMED_OUT} or {@link #INTERRUPTED}
     * @throws dev.kindred.SpaceClosedException if this process has left the space and the wait would begin or go on. Whoever need not wait
     *     learns of it by {@link Words#requireMembership}, to be called after this
     */
    public int acquire(long deadline, boolean interruptible) {
        if (words.compareAndSet(offset, FREE, self)) {
            CrashPoint.MUTEX_ACQUIRED.pass();
            return ACQUIRED;
        }
        return acquireSlowly(deadline, interruptible, takeOver);
    }

    /**
     * Acquires it even if its owner died.
     *
     * @return {@link #ACQUIRED}, {@link #TAKEN_OVER}, {@link #TIMED_OUT} or {@link #INTERRUPTED}
     */
    public int recover(long deadline, boolean interruptible) {
        return acquireSlowly(deadline, interruptible, true);
    }

    /**
     * Acquires it even if its owner died; if so, and unless such a mutex goes to the next who asks anyway, a release leaves it as it was found: refused
     * until it is recovered.
     *
     * @return {@link #ACQUIRED}, {@link #TAKEN_OVER}, or {@link #OWNER_DIED}; in each case it is held now
     */
    public int reacquire() {
        if (words.compareAndSet(offset, FREE, self)) {
            CrashPoint.MUTEX_ACQUIRED.pass();
            return ACQUIRED;
        }
        int result = recover(Words.NO_DEADLINE, false);
        if (result == TAKEN_OVER && !takeOver) {
            unrecovered = queue().lastDeadOwner;
            return OWNER_DIED;
        }
        return result;
    }

    /** {@return the dead owner whose mutex the caller holds unrecovered, or 0} */
    public int unrecovered() {
        return unrecovered;
    }

    /** Says that what it protects has been repaired. To be called by the holder. */
    public void setRecovered() {
        unrecovered = 0;
    }

    /** {@return whether this process held it and has released it} If false, nothing was changed. */
    public boolean release() {
        return (unrecovered == 0 && words.compareAndSet(offset, self, FREE)) || releaseSlowly();
    }

    private boolean releaseSlowly() {
        while (true) {
            int word = words.getVolatile(offset);
            if (!isHeldHere(word)) {
                return false;
            }
            int dead = unrecovered;
            // Before it is anybody else's, who may have it recovered.
            unrecovered = 0;
            // Pairs with the announcement of a waiter: either this sees its mark, or the marking fails and the waiter looks again.
            if (words.compareAndSet(offset, word, dead == 0 ? word & RESERVED : dead | POISONED)) {
                CrashPoint.MUTEX_FREED.pass();
                if ((word & WAITERS) != 0) {
                    words.wake(offset, dead == 0 ? 1 : Integer.MAX_VALUE);
                }
                return true;
            }
            unrecovered = dead;
        }
    }

    /** Lets it go as if this process had died holding it: for a holder that may not put in order what it protects. */
    public void abandon() {
        int word = words.getVolatile(offset);
        while (isHeldHere(word)) {
            if (words.compareAndSet(offset, word, self | POISONED)) {
                words.wake(offset, Integer.MAX_VALUE);
                return;
            }
            word = words.getVolatile(offset);
        }
    }

    /** {@return the id of the process that holds it, dead or alive; {@link MutexLayout#NOBODY} for a holder without a name; 0 when it is free} */
    public int owner() {
        return words.getVolatile(offset) & OWNER;
    }

    /** {@return whether some process, dead or alive, holds the mutex at an offset} */
    public static boolean isHeld(Words words, long offset) {
        return !isFree(words.getVolatile(offset));
    }

    /** {@return whether this process holds it} */
    public boolean isHeldHere() {
        return isHeldHere(words.getVolatile(offset));
    }

    private boolean isHeldHere(int word) {
        return (word & (OWNER | POISONED)) == self;
    }

    /** {@return whether it is held by a process that died} */
    public boolean isPoisoned() {
        return ownerDied(words.getVolatile(offset));
    }

    private static boolean isFree(int word) {
        return (word & OWNER) == 0;
    }

    private boolean ownerDied(int word) {
        int owner = word & OWNER;
        return (word & POISONED) != 0 || (owner != 0 && owner != NOBODY && liveness.isDead(owner));
    }

    private int acquireSlowly(long deadline, boolean interruptible, boolean seize) {
        return deadline == AT_ONCE ? tryOnce(seize) : queue().await(deadline, interruptible, seize ? SEIZE : 0);
    }

    private int tryOnce(boolean seize) {
        while (true) {
            int word = words.getVolatile(offset);
            if (isFree(word)) {
                if (words.compareAndSet(offset, word, word | self)) {
                    CrashPoint.MUTEX_ACQUIRED.pass();
                    return ACQUIRED;
                }
            } else if (!ownerDied(word)) {
                return TIMED_OUT;
            } else {
                int result = faceDeath(word, seize);
                if (result != WaitQueue.RETRY) {
                    return result;
                }
            }
        }
    }

    /** {@return what became of a mutex whose owner is dead, or {@link WaitQueue#RETRY} if the word has changed and must be looked at again} */
    private int faceDeath(int word, boolean seize) {
        if (seize) {
            // One winner: all who recover it compare with the same word. The mark is kept for those who are asleep.
            if (words.compareAndSet(offset, word, self | WAITERS)) {
                CrashPoint.MUTEX_TAKEN_OVER.pass();
                return TAKEN_OVER;
            }
            return WaitQueue.RETRY;
        }
        if ((word & POISONED) != 0 || words.compareAndSet(offset, word, word | POISONED)) {
            return OWNER_DIED;
        }
        return WaitQueue.RETRY;
    }

    @Override
    Queue newQueue() {
        return new Queue();
    }

    /** The threads of this process that wait for this mutex. */
    final class Queue extends WaitQueue {

        /** Whether the thread that waits now takes the mutex from a dead owner. */
        private boolean seize;

        /** From whom the mutex was taken over last. Read by the holder who took it over. */
        private int lastDeadOwner;

        Queue() {
            super(words, offset);
        }

        @Override
        void begin(int argument) {
            seize = argument == SEIZE;
        }

        @Override
        int attempt(int word) {
            if (isFree(word)) {
                if ((word & RESERVED) != 0 && !hasSlept() && !hasWaitedLong()) {
                    return WAIT;
                }
                // Whoever slept takes it with the mark: others may be asleep behind the wake-up that came here.
                int taken = self | (hasSlept() ? WAITERS : word & WAITERS);
                if (words.compareAndSet(offset, word, taken)) {
                    CrashPoint.MUTEX_ACQUIRED.pass();
                    return ACQUIRED;
                }
                return RETRY;
            }
            if (!ownerDied(word)) {
                return WAIT;
            }
            int result = faceDeath(word, seize);
            if (result == TAKEN_OVER) {
                lastDeadOwner = word & OWNER;
            }
            return result;
        }

        @Override
        int announce(int word) {
            return word | WAITERS | (hasWaitedLong() ? RESERVED : 0);
        }

        /** A free mutex that is reserved for others is waited for only so long; then this thread is one of those. */
        @Override
        long wakeBy(int word) {
            return isFree(word) ? longWaitBegins() : Words.NO_DEADLINE;
        }

        @Override
        void examine(int word) {
            int owner = word & OWNER;
            if (owner != 0 && owner != NOBODY) {
                liveness.examine(owner);
            }
        }
    }
}
