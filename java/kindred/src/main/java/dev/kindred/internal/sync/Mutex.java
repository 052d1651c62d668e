// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.sync;

import static dev.kindred.internal.sync.MutexLayout.FREE;
import static dev.kindred.internal.sync.MutexLayout.NOBODY;
import static dev.kindred.internal.sync.MutexLayout.OWNER;
import static dev.kindred.internal.sync.MutexLayout.POISONED;
import static dev.kindred.internal.sync.MutexLayout.WAITERS;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;

import dev.kindred.internal.crash.CrashPoint;
import dev.kindred.internal.words.Words;
import org.jspecify.annotations.Nullable;

/**
 * Mutual exclusion among processes and their threads that survives the death of whoever holds it.
 *
 * <p>The word ({@link MutexLayout}) names its owner. A word that names a dead process is poisoned, whether or not the bit says so yet: recovery
 * of a death marks the process dead in the domain's table, raises the death epoch and wakes all sleepers, which then see it for themselves.
 * So nobody keeps a list of what is held, and nobody who dies can leave one behind.
 *
 * <p>Owners are processes, not threads. In each process, threads that must wait queue up at a local gate, and only the first of them
 * watches the shared word.
 *
 * <p>The protocol is the poisoning lock of U. Drepper's "Futexes Are Tricky" (mutex 3) with an owner instead of a flag; sleeping on the death
 * epoch besides the word replaces the robust list.
 */
public final class Mutex {

    /** The mutex is held now. */
    public static final int ACQUIRED = 0;

    /** The mutex is held now, and was held by a process that died. */
    public static final int TAKEN_OVER = 1;

    /** Not acquired: its owner died, and nobody has recovered it. */
    public static final int OWNER_DIED = 2;

    /** Not acquired: the deadline came. */
    public static final int TIMED_OUT = 3;

    /** Not acquired: the thread was interrupted; its interrupt status was cleared. */
    public static final int INTERRUPTED = 4;

    /** A deadline that has always passed. */
    public static final long AT_ONCE = Long.MIN_VALUE;

    private static final VarHandle GATE;

    static {
        try {
            GATE = MethodHandles.lookup().findVarHandle(Mutex.class, "gate", Gate.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final Words words;
    private final long offset;
    private final int self;
    private final boolean takeOver;
    private final Liveness liveness;
    private volatile @Nullable Gate gate;

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

    /** {@return whether this process held it and has released it} If false, nothing was changed. */
    public boolean release() {
        return words.compareAndSet(offset, self, FREE) || releaseSlowly();
    }

    private boolean releaseSlowly() {
        while (true) {
            int word = words.getVolatile(offset);
            if ((word & ~WAITERS) != self) {
                return false;
            }
            // Pairs with the marking in contend(): either this sees the mark, or the marking fails and its thread looks again.
            if (words.compareAndSet(offset, word, FREE)) {
                CrashPoint.MUTEX_FREED.pass();
                if ((word & WAITERS) != 0) {
                    words.wake(offset, 1);
                }
                return true;
            }
        }
    }

    /** {@return the id of the process that holds it, dead or alive; {@link MutexLayout#NOBODY} for a holder without a name; 0 when it is free} */
    public int owner() {
        return words.getVolatile(offset) & OWNER;
    }

    /** {@return whether this process holds it} */
    public boolean isHeldHere() {
        return (words.getVolatile(offset) & ~WAITERS) == self;
    }

    /** {@return whether it is held by a process that died} */
    public boolean isPoisoned() {
        int word = words.getVolatile(offset);
        return word != FREE && ownerDied(word);
    }

    private boolean ownerDied(int word) {
        int owner = word & OWNER;
        return (word & POISONED) != 0 || (owner != NOBODY && liveness.isDead(owner));
    }

    private int acquireSlowly(long deadline, boolean interruptible, boolean seize) {
        if (deadline == AT_ONCE) {
            return tryOnce(seize);
        }
        Gate localGate = gate();
        int entered = enter(localGate, deadline, interruptible);
        if (entered != ACQUIRED) {
            return entered;
        }
        try {
            int result = contend(localGate, deadline, interruptible, seize);
            if (result == TIMED_OUT || result == INTERRUPTED) {
                // This thread may have consumed the one wake-up of a release. Whoever gets it instead looks at the word for itself.
                words.wake(offset, 1);
            }
            return result;
        } finally {
            localGate.unlock();
        }
    }

    private int tryOnce(boolean seize) {
        while (true) {
            int word = words.getVolatile(offset);
            if (word == FREE) {
                if (words.compareAndSet(offset, FREE, self)) {
                    return ACQUIRED;
                }
            } else if (!ownerDied(word)) {
                return TIMED_OUT;
            } else {
                int result = faceDeath(word, seize);
                if (result != TIMED_OUT) {
                    return result;
                }
            }
        }
    }

    /** The loop of the one thread of this process that watches the shared word. */
    private int contend(Gate localGate, long deadline, boolean interruptible, boolean seize) {
        int inherited = 0;
        Patience patience = new Patience();
        while (true) {
            // Read before the word and its owner's liveness: a death seen by neither ends the sleep below.
            int epoch = words.epoch();
            int word = words.getVolatile(offset);
            if (word == FREE) {
                // Whoever slept takes it with the mark: others may be asleep behind the wake-up that came here.
                if (words.compareAndSet(offset, FREE, self | inherited)) {
                    CrashPoint.MUTEX_ACQUIRED.pass();
                    return ACQUIRED;
                }
                continue;
            }
            if (ownerDied(word)) {
                int result = faceDeath(word, seize);
                if (result != TIMED_OUT) {
                    return result;
                }
                continue;
            }
            if (localGate.spin(words, offset, word) != word) {
                continue;
            }
            if ((word & WAITERS) == 0 && !words.compareAndSet(offset, word, word | WAITERS)) {
                continue;
            }
            CrashPoint.MUTEX_WAITER_MARKED.pass();
            long patienceEnds = patience.next();
            int ended = words.await(offset, word | WAITERS, epoch, Math.min(deadline, patienceEnds), interruptible);
            CrashPoint.MUTEX_WOKEN.pass();
            inherited = WAITERS;
            if (ended == Words.INTERRUPTED) {
                return INTERRUPTED;
            }
            if (ended == Words.TIMED_OUT) {
                if (deadline <= patienceEnds && words.getVolatile(offset) != FREE) {
                    return TIMED_OUT;
                }
                examineOwner(word);
            }
        }
    }

    private void examineOwner(int word) {
        int owner = word & OWNER;
        if (owner != NOBODY) {
            liveness.examine(owner);
        }
    }

    /** {@return what became of a mutex whose owner is dead, or {@link #TIMED_OUT} if the word has changed and must be looked at again} */
    private int faceDeath(int word, boolean seize) {
        if (seize) {
            // One winner: all who recover it compare with the same word. The mark is kept for those who are asleep.
            if (words.compareAndSet(offset, word, self | WAITERS)) {
                CrashPoint.MUTEX_TAKEN_OVER.pass();
                return TAKEN_OVER;
            }
            return TIMED_OUT;
        }
        if ((word & POISONED) != 0 || words.compareAndSet(offset, word, word | POISONED)) {
            return OWNER_DIED;
        }
        return TIMED_OUT;
    }

    private int enter(Gate localGate, long deadline, boolean interruptible) {
        try {
            if (!interruptible && deadline == Words.NO_DEADLINE) {
                localGate.lock();
            } else if (deadline == Words.NO_DEADLINE) {
                localGate.lockInterruptibly();
            } else if (!localGate.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                return TIMED_OUT;
            }
            return ACQUIRED;
        } catch (InterruptedException e) {
            return INTERRUPTED;
        }
    }

    private Gate gate() {
        Gate current = gate;
        if (current == null) {
            Gate fresh = new Gate();
            current = (Gate) GATE.compareAndExchange(this, (Gate) null, fresh);
            if (current == null) {
                current = fresh;
            }
        }
        return current;
    }
}
