// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.sync;

import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamException;
import java.io.Serial;
import java.io.Serializable;
import java.lang.ref.Reference;
import java.util.Date;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import dev.kindred.OwnerDiedException;
import dev.kindred.internal.inheritance.Inheritance;
import dev.kindred.internal.space.Block;
import dev.kindred.internal.space.Space;
import dev.kindred.internal.sync.ConditionLayout;
import dev.kindred.internal.sync.ConditionVariable;
import dev.kindred.internal.sync.Mutex;
import dev.kindred.internal.words.Words;

/**
 * What threads of several processes wait for while they let go of a lock, and what others, who hold the lock, signal.
 *
 * {@snippet :
 * RLock lock = new RLock();
 * Condition arrived = lock.newCondition();
 * RawValue parcels = RawValue.ofInt(0);
 * ChildProcess child = ChildProcess.start(() -> {
 *     lock.lock();
 *     try {
 *         parcels.setInt(parcels.getInt() + 1);
 *         arrived.signal();
 *     } finally {
 *         lock.unlock();
 *     }
 * });
 * lock.lock();
 * try {
 *     arrived.waitFor(() -> parcels.getInt() > 0);
 *     parcels.setInt(parcels.getInt() - 1);
 * } finally {
 *     lock.unlock();
 * }
 * child.join();
 * }
 *
 * <p>It belongs to the {@link Lock} or {@link RLock} that {@linkplain Lock#newCondition() made} it, and every method but {@link
 * #getWaitQueueLength} and {@link #toString} is for who holds that lock: of a {@code Lock} the calling process, of an {@code RLock} the
 * calling thread. Each wait lets go of the lock, however often the thread has locked an {@code RLock}, and returns or throws with the
 * lock held as before; getting it back has no time limit and is not ended by an interrupt.
 *
 * <p>A signal goes to a thread that was waiting when it was given, and to no other: of one process, to the thread that has waited
 * longest; of several, to each in turn. A thread that gives up takes no signal with it: if one was given to it before it held the lock
 * again, it was signalled, and if it was interrupted as well, its interrupt status is set. Who signals waits for nobody. Where threads of
 * more than 63 processes wait at a time, those beyond are all woken by every signal.
 *
 * <p>Waits may also end <b>spuriously</b>, so they belong in a loop that looks at what is waited for; {@link #waitFor(BooleanSupplier)}
 * is that loop.
 *
 * <p><b>When a process of the family ends</b>, or of the space, killed or not, all waits for all conditions end spuriously, because it may have been about
 * to signal, or have taken a signal with it. If it held the lock, the lock is poisoned, and every wait throws an {@link
 * OwnerDiedException}, <em>with the lock held</em>, so that a {@code finally} that unlocks is right. Whoever has caught that may call the
 * lock's {@code recover()}, which returns true at once, and repair what the lock protects; if the lock is unlocked without that, it is
 * poisoned as before. The wait for a condition of a lock made by {@code takeOver()} just ends.
 *
 * <p><b>Memory consistency effects:</b> those of unlocking and locking the lock.
 *
 * <p>It is shared with children by inheritance, together with its lock: captured in one task, the two belong together on the other side,
 * too. Processes that are not related share it by a name of its own, which they {@linkplain Lock#openCondition open} at the lock that they
 * share by its name in a {@link dev.kindred.Space}; once this process has left that space, every call throws a {@link
 * dev.kindred.SpaceClosedException}, also while it waits, and then the lock is not held. Its 1024 bytes are freed when no process can reach
 * it any more and it has no name.
 */
public final class Condition implements java.util.concurrent.locks.Condition, Serializable {

    @Serial
    private static final long serialVersionUID = 1;

    private final transient OwnedLock lock;
    private final transient Block block;

    /** The condition; each use of it keeps the block allocated meanwhile. */
    private final transient ConditionVariable variable;

    Condition(OwnedLock lock, Block block) {
        this.lock = lock;
        this.block = block;
        Space space = block.space();
        this.variable = new ConditionVariable(space.words(), block.offset(), space.domain().id(), lock.mutex(), space.domain());
    }

    static Block allocate(Space space) {
        return space.allocate(ConditionLayout.SIZE);
    }

    /**
     * Lets go of the lock, waits until it is signalled or interrupted, or a process of the family ends, and gets the lock back.
     *
     * @throws InterruptedException         if the thread is or gets interrupted and was not signalled; its interrupt status is cleared.
     *                                      If it was interrupted before it began to wait, it does not let go of the lock
     * @throws OwnerDiedException           if a process ended while holding the lock; it is held by the caller then
     * @throws IllegalMonitorStateException if the caller does not hold the lock
     */
    @Override
    public void await() throws InterruptedException {
        int _ = letGoInterruptibly(Words.NO_DEADLINE);
    }

    /**
     * Lets go of the lock, waits until it is signalled or a process of the family ends, and gets the lock back. An interrupt does not end
     * the wait; the interrupt status is left as it is.
     *
     * @throws OwnerDiedException           if a process ended while holding the lock; it is held by the caller then
     * @throws IllegalMonitorStateException if the caller does not hold the lock
     */
    @Override
    public void awaitUninterruptibly() {
        int _ = letGo(Words.NO_DEADLINE, false);
    }

    /**
     * Does what {@link #await()} does, waiting for a time at most, to which getting the lock back does not count.
     *
     * @param nanoseconds how long; zero or less lets go of the lock and gets it back at once
     * @return what is left of the time; zero or less if nothing is
     * @throws InterruptedException         if the thread is or gets interrupted and was not signalled; its interrupt status is cleared
     * @throws OwnerDiedException           if a process ended while holding the lock; it is held by the caller then
     * @throws IllegalMonitorStateException if the caller does not hold the lock
     */
    @Override
    public long awaitNanos(long nanoseconds) throws InterruptedException {
        long deadline = Waits.deadline(nanoseconds, TimeUnit.NANOSECONDS);
        int _ = letGoInterruptibly(deadline);
        return deadline == Mutex.AT_ONCE ? Math.min(nanoseconds, 0) : deadline - System.nanoTime();
    }

    /**
     * Does what {@link #await()} does, waiting for a time at most, to which getting the lock back does not count.
     *
     * @param time how long; zero or less lets go of the lock and gets it back at once
     * @param unit the unit of {@code time}
     * @return whether the wait ended before its time, by a signal or spuriously
     * @throws InterruptedException         if the thread is or gets interrupted and was not signalled; its interrupt status is cleared
     * @throws OwnerDiedException           if a process ended while holding the lock; it is held by the caller then
     * @throws IllegalMonitorStateException if the caller does not hold the lock
     */
    @Override
    public boolean await(long time, TimeUnit unit) throws InterruptedException {
        return letGoInterruptibly(Waits.deadline(time, unit)) != ConditionVariable.TIMED_OUT;
    }

    /**
     * Does what {@link #await(long, TimeUnit)} does, until a date. The clock is asked once, at the beginning, how far away that is; if it
     * is set meanwhile, the wait is neither longer nor shorter.
     *
     * @param deadline when to give up; one that has passed lets go of the lock and gets it back at once
     * @return whether the wait ended before its time, by a signal or spuriously
     * @throws InterruptedException         if the thread is or gets interrupted and was not signalled; its interrupt status is cleared
     * @throws OwnerDiedException           if a process ended while holding the lock; it is held by the caller then
     * @throws IllegalMonitorStateException if the caller does not hold the lock
     */
    @Override
    @SuppressWarnings("JavaUtilDate")
    public boolean awaitUntil(Date deadline) throws InterruptedException {
        long now = System.currentTimeMillis();
        long milliseconds = deadline.getTime() <= now ? 0 : deadline.getTime() - now;
        return letGoInterruptibly(Waits.deadline(milliseconds, TimeUnit.MILLISECONDS)) != ConditionVariable.TIMED_OUT;
    }

    /**
     * Waits, as {@link #await()} does, until something is true.
     *
     * @param predicate what is to be true; asked with the lock held, at first before any wait
     * @return true, which is what the predicate said last
     * @throws InterruptedException         if the thread is or gets interrupted and was not signalled; its interrupt status is cleared
     * @throws OwnerDiedException           if a process ended while holding the lock; it is held by the caller then
     * @throws IllegalMonitorStateException if the caller does not hold the lock
     */
    public boolean waitFor(BooleanSupplier predicate) throws InterruptedException {
        return waitUntil(predicate, Words.NO_DEADLINE);
    }

    /**
     * Waits, as {@link #await()} does, until something is true, for a time at most, to which getting the lock back does not count.
     *
     * @param predicate what is to be true; asked with the lock held, at first before any wait, and once more when the time is over
     * @param time      how long; zero or less asks without waiting
     * @param unit      the unit of {@code time}
     * @return what the predicate said last
     * @throws InterruptedException         if the thread is or gets interrupted and was not signalled; its interrupt status is cleared
     * @throws OwnerDiedException           if a process ended while holding the lock; it is held by the caller then
     * @throws IllegalMonitorStateException if the caller does not hold the lock
     */
    public boolean waitFor(BooleanSupplier predicate, long time, TimeUnit unit) throws InterruptedException {
        return waitUntil(predicate, Waits.deadline(time, unit));
    }

    private boolean waitUntil(BooleanSupplier predicate, long deadline) throws InterruptedException {
        lock.requireHeld();
        while (!predicate.getAsBoolean()) {
            if (deadline - System.nanoTime() <= 0 || deadline == Mutex.AT_ONCE) {
                return false;
            }
            int _ = letGoInterruptibly(deadline);
        }
        return true;
    }

    private int letGoInterruptibly(long deadline) throws InterruptedException {
        Waits.throwIfInterrupted();
        int outcome = letGo(deadline, true);
        Waits.throwIfInterrupted(outcome);
        return outcome;
    }

    private int letGo(long deadline, boolean interruptible) {
        int holds = lock.suspend();
        int outcome = ConditionVariable.DEATH;
        try {
            outcome = variable.await(deadline, interruptible);
        } finally {
            lock.resume(holds);
            Reference.reachabilityFence(this);
        }
        try {
            lock.throwIfUnrecovered();
        } catch (OwnerDiedException e) {
            if (outcome == ConditionVariable.INTERRUPTED) {
                Thread.currentThread().interrupt();
            }
            throw e;
        }
        return outcome;
    }

    /**
     * Releases one thread that waits, if there is one.
     *
     * @throws IllegalMonitorStateException if the caller does not hold the lock
     */
    @Override
    public void signal() {
        signal(1);
    }

    /**
     * Releases some of the threads that wait.
     *
     * @param count how many; if fewer wait, all
     * @throws IllegalArgumentException     if {@code count} is negative
     * @throws IllegalMonitorStateException if the caller does not hold the lock
     */
    public void signal(int count) {
        if (count < 0) {
            throw new IllegalArgumentException("a condition cannot release " + count + " threads");
        }
        lock.requireHeld();
        try {
            variable.signal(count);
            block.requireMembership();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Releases all threads that wait.
     *
     * @throws IllegalMonitorStateException if the caller does not hold the lock
     */
    @Override
    public void signalAll() {
        lock.requireHeld();
        try {
            variable.signalAll();
            block.requireMembership();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Says how many threads of all processes wait and have not been signalled. Threads of processes beyond the 63rd that wait at a time
     * are not counted.
     *
     * @return the number; an estimate, unless the caller holds the lock
     */
    public int getWaitQueueLength() {
        try {
            int waiting = variable.waiting();
            block.requireMembership();
            return waiting;
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** {@return how many wait, and the state of the lock} */
    @Override
    public String toString() {
        return NamedBlocks.describe(Condition.class, block, () -> "Condition[" + getWaitQueueLength() + " waiting, of " + lock + "]");
    }

    /**
     * Gives way to a ticket while a child is being started.
     *
     * @return the ticket
     * @throws ObjectStreamException at any other time
     */
    @Serial
    private Object writeReplace() throws ObjectStreamException {
        return new ConditionTicket(Inheritance.travel(this, block), lock);
    }

    @Serial
    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a condition arrives as a ticket");
    }
}
