// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.sync;

import java.io.Serial;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.kindred.OwnerDiedException;
import dev.kindred.Space;
import dev.kindred.internal.space.Block;
import org.jspecify.annotations.Nullable;

/**
 * A reentrant lock that excludes threads of several processes from each other, and that nobody's death leaves locked for ever.
 *
 * {@snippet :
 * RLock lock = new RLock();
 * lock.lock();
 * try {
 *     lock.lock();    // the same thread may lock it again, and must unlock it as often
 *     lock.unlock();
 * } finally {
 *     lock.unlock();
 * }
 * }
 *
 * <p>It belongs to the thread that locked it, and only that thread may unlock it. In all else it is as {@link Lock}: the same threads and processes may
 * call it, with the same memory consistency effects; when its owner's process ends while holding it, it is poisoned, or, made by
 * {@link #takeOver()}, goes to the next who asks. A thread that ends without unlocking leaves it locked as long as its process lives.
 */
public final class RLock extends OwnedLock {

    @Serial
    private static final long serialVersionUID = 1;

    /**
     * The thread of this process that holds the lock. Written only by that thread, so a thread that reads itself here is right, and one that
     * reads anything else does not hold it.
     */
    private transient @Nullable Thread holder;

    /** How often the holder has locked it. Touched by the holder only. */
    private transient int holds;

    /**
     * Creates a free lock, which is poisoned when its owner's process ends.
     *
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    public RLock() {
        this(allocate(), Policy.POISON);
    }

    RLock(Block block, Policy policy) {
        super(block, policy);
    }

    /**
     * Creates a free lock that, when its owner's process ends, goes to the next who asks. For state that is sound at every moment.
     *
     * @return the lock
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    public static RLock takeOver() {
        return new RLock(allocate(), Policy.TAKE_OVER);
    }

    /**
     * Opens the lock of a name in a space, which is created, free, if there is none. However many processes do so at once, they get the
     * same lock. It is poisoned when its owner's process ends, or leaves the space.
     *
     * @param space where
     * @param name  1 to 128 ASCII letters, digits, dots, dashes and underscores
     * @return the lock
     * @throws IllegalArgumentException               if that is no name for an object
     * @throws IllegalStateException                  if something else than such a lock has the name
     * @throws dev.kindred.SpaceClosedException       if the space is closed
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left for a new one
     */
    public static RLock open(Space space, String name) {
        return new RLock(open(space, name, RLock.class, Policy.POISON), Policy.POISON);
    }

    /**
     * Opens the lock of a name in a space, which is created, free, if there is none. However many processes do so at once, they get the
     * same lock. When its owner's process ends, or leaves the space, it goes to the next who asks.
     *
     * @param space where
     * @param name  1 to 128 ASCII letters, digits, dots, dashes and underscores
     * @return the lock
     * @throws IllegalArgumentException               if that is no name for an object
     * @throws IllegalStateException                  if something else than such a lock has the name
     * @throws dev.kindred.SpaceClosedException       if the space is closed
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left for a new one
     */
    public static RLock openTakeOver(Space space, String name) {
        return new RLock(open(space, name, RLock.class, Policy.TAKE_OVER), Policy.TAKE_OVER);
    }

    /**
     * Locks it, waiting as long as another thread holds it. The wait ends when it was unlocked, or when its owner's process has ended. An
     * interrupt does not end it; the interrupt status is left as it is.
     *
     * @throws OwnerDiedException if its owner's process ended while holding it; the lock is not held by the caller then
     * @throws IllegalStateException if the caller has locked it 2147483647 times already
     */
    @Override
    public void lock() {
        if (!lockedAgain()) {
            acquire();
            locked(Thread.currentThread());
        }
    }

    /**
     * Locks it, waiting as long as another thread holds it and the caller is not interrupted.
     *
     * @throws InterruptedException if the thread is or gets interrupted; its interrupt status is cleared and nothing is changed
     * @throws OwnerDiedException   if its owner's process ended while holding it; the lock is not held by the caller then
     * @throws IllegalStateException if the caller has locked it 2147483647 times already
     */
    @Override
    public void lockInterruptibly() throws InterruptedException {
        if (!lockedAgain()) {
            acquireInterruptibly();
            locked(Thread.currentThread());
        }
    }

    /**
     * Locks it if no other thread holds it, without waiting.
     *
     * @return whether the caller holds it now, once more than before
     * @throws OwnerDiedException if its owner's process ended while holding it; the lock is not held by the caller then
     * @throws IllegalStateException if the caller has locked it 2147483647 times already
     */
    @Override
    public boolean tryLock() {
        return lockedAgain() || locked(tryAcquire());
    }

    /**
     * Locks it, waiting for a time at most.
     *
     * @param time how long; zero or less does not wait at all
     * @param unit the unit of {@code time}
     * @return whether the caller holds it now, once more than before
     * @throws InterruptedException if the thread is or gets interrupted; its interrupt status is cleared and nothing is changed
     * @throws OwnerDiedException   if its owner's process ended while holding it; the lock is not held by the caller then
     * @throws IllegalStateException if the caller has locked it 2147483647 times already
     */
    @Override
    public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
        return lockedAgain() || locked(tryAcquire(time, unit));
    }

    /**
     * Unlocks it once. Others can lock it when the caller has unlocked it as often as it had locked it.
     *
     * @throws IllegalMonitorStateException if the calling thread does not hold it; nothing is changed then
     */
    @Override
    public void unlock() {
        if (holder != Thread.currentThread()) {
            requireMembership();
            throw new IllegalMonitorStateException(this + " cannot be unlocked: the calling thread, " + Thread.currentThread().getName()
                    + ", does not hold it");
        }
        if (--holds == 0) {
            holder = null;
            release();
        }
    }

    /**
     * Locks it even if its owner's process ended while holding it, waiting as long as another thread of a living process holds it. One of those
     * who call this for a poisoned lock gets the answer true, and should repair what the lock protects before it unlocks; the others wait for
     * that. An interrupt does not end the wait; the interrupt status is left as it is.
     *
     * <p>A thread that holds it already, because {@link Condition#await()} threw an {@link OwnerDiedException}, gets the answer true at
     * once, and holds it as often as before.
     *
     * @return whether the lock was taken over from a process that ended; in either case the caller holds it now
     * @throws IllegalStateException if the caller has locked it 2147483647 times already
     */
    public boolean recover() {
        if (recoverHeld()) {
            return true;
        }
        if (lockedAgain()) {
            return false;
        }
        boolean takenOver = acquireOrTakeOver();
        locked(Thread.currentThread());
        return takenOver;
    }

    /**
     * Does what {@link #recover()} does, waiting for a time at most.
     *
     * @param time how long; zero or less does not wait at all
     * @param unit the unit of {@code time}
     * @return whether the lock was taken over from a process that ended; in either case the caller holds it now
     * @throws InterruptedException if the thread is or gets interrupted; its interrupt status is cleared and nothing is changed
     * @throws TimeoutException     if another thread of a living process held it all that time; the lock is not held by the caller
     * @throws IllegalStateException if the caller has locked it 2147483647 times already
     */
    public boolean recover(long time, TimeUnit unit) throws InterruptedException, TimeoutException {
        if (recoverHeld()) {
            return true;
        }
        if (lockedAgain()) {
            return false;
        }
        boolean takenOver = acquireOrTakeOver(time, unit);
        locked(Thread.currentThread());
        return takenOver;
    }

    /**
     * Says whether the calling thread holds this lock.
     *
     * @return whether it does
     */
    public boolean isHeldByCurrentThread() {
        return holder == Thread.currentThread();
    }

    /**
     * Says how often the calling thread holds this lock.
     *
     * @return how many times it must still unlock it; 0 if it does not hold it
     */
    public int getHoldCount() {
        return isHeldByCurrentThread() ? holds : 0;
    }

    private boolean lockedAgain() {
        if (holder != Thread.currentThread()) {
            return false;
        }
        requireMembership();
        if (holds == Integer.MAX_VALUE) {
            throw new IllegalStateException(this + " was locked " + holds + " times by one thread, which is the limit");
        }
        holds++;
        return true;
    }

    private boolean locked(boolean acquired) {
        if (acquired) {
            locked(Thread.currentThread());
        }
        return acquired;
    }

    private void locked(Thread thread) {
        holder = thread;
        holds = 1;
    }

    @Override
    void requireHeld() {
        if (holder != Thread.currentThread()) {
            throw notHeld();
        }
    }

    @Override
    int suspend() {
        requireHeld();
        int suspended = holds;
        holder = null;
        holds = 0;
        return suspended;
    }

    @Override
    void resume(int suspended) {
        holder = Thread.currentThread();
        holds = suspended;
    }

    @Override
    String text() {
        Thread thread = holder;
        return thread == null || !isHeldHere() ? super.text() : "RLock[held by thread " + thread.getName() + " of this process]";
    }
}
