// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.sync;

import java.io.Serial;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.kindred.OwnerDiedException;
import dev.kindred.Space;
import dev.kindred.internal.space.Block;

/**
 * A lock that excludes threads of several processes from each other, and that nobody's death leaves locked for ever.
 *
 * {@snippet :
 * Lock lock = new Lock();
 * ChildProcess child = ChildProcess.start(() -> {
 *     lock.lock();
 *     try {
 *         System.out.println("only one of us at a time");
 *     } finally {
 *         lock.unlock();
 *     }
 * });
 * child.join();
 * }
 *
 * <p>It belongs to the process that locked it: any thread of that process, and no other process, may unlock it. It is not reentrant; a thread that
 * locks it twice waits for another thread to unlock it ({@link RLock} is the reentrant one). Threads and virtual threads of all processes
 * of a family may call every method at any time. A lock that nobody holds is locked and unlocked by one compare-and-set each, without a
 * call into the kernel and without garbage.
 *
 * <p><b>When the owner's process ends</b> while holding it, killed or not, the lock is poisoned: everybody who waits for it or asks for it
 * gets an {@link OwnerDiedException} that names the dead process, until somebody calls {@link #recover()}. A process that is merely stopped is
 * never taken for dead. Two other kinds exist: one made by {@link #takeOver()} goes from a dead owner to the next who asks, silently; one made by
 * {@link #handOff()} has no owner, may be unlocked by any process, and stays locked when the process that locked it ends. The death of a process
 * that waits for a lock has no effect on it.
 *
 * <p><b>Fairness:</b> a free lock goes to whoever is first, until a process has waited for it for a millisecond and said so (at its next look at
 * the lock, within 50 milliseconds): those who come new then leave it to those who wait, or take it after a millisecond of their own, should these
 * be late. So no process starves: of processes that all want it all the time, each gets at least half of its fair share. Of the threads of one
 * process only one at a time competes with other processes.
 *
 * <p><b>Memory consistency effects:</b> what a thread did before it unlocked happens-before what another, of whatever process, does after
 * it has locked or recovered, on all memory that the two share. What a dead owner had done before its death is visible to whoever recovers.
 *
 * <p>It is shared with children by inheritance, and with processes that are not related by its name in a {@link Space}: in that case every
 * call throws a {@link dev.kindred.SpaceClosedException}, also while it waits, once this process has left the space. Its 64 bytes are freed
 * when no process can reach it any more and it has no name.
 */
public final class Lock extends OwnedLock {

    @Serial
    private static final long serialVersionUID = 1;

    /**
     * Creates a free lock, which is poisoned when its owner's process ends.
     *
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    public Lock() {
        this(allocate(), Policy.POISON);
    }

    Lock(Block block, Policy policy) {
        super(block, policy);
    }

    /**
     * Creates a free lock that, when its owner's process ends, goes to the next who asks. For state that is sound at every moment.
     *
     * @return the lock
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    public static Lock takeOver() {
        return new Lock(allocate(), Policy.TAKE_OVER);
    }

    /**
     * Creates a free lock without an owner: locked by one process, it may be unlocked by another. No death ever unlocks or poisons it.
     *
     * @return the lock
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    public static Lock handOff() {
        return new Lock(allocate(), Policy.HAND_OFF);
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
    public static Lock open(Space space, String name) {
        return new Lock(open(space, name, Lock.class, Policy.POISON), Policy.POISON);
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
    public static Lock openTakeOver(Space space, String name) {
        return new Lock(open(space, name, Lock.class, Policy.TAKE_OVER), Policy.TAKE_OVER);
    }

    /**
     * Opens the lock of a name in a space, which is created, free, if there is none. However many processes do so at once, they get the
     * same lock. It has no owner: locked by one process, it may be unlocked by another, and no death ever unlocks or poisons it.
     *
     * @param space where
     * @param name  1 to 128 ASCII letters, digits, dots, dashes and underscores
     * @return the lock
     * @throws IllegalArgumentException               if that is no name for an object
     * @throws IllegalStateException                  if something else than such a lock has the name
     * @throws dev.kindred.SpaceClosedException       if the space is closed
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left for a new one
     */
    public static Lock openHandOff(Space space, String name) {
        return new Lock(open(space, name, Lock.class, Policy.HAND_OFF), Policy.HAND_OFF);
    }

    /**
     * Locks it, waiting as long as it is held. The wait ends when it was unlocked, or when its owner's process has ended. An interrupt does
     * not end it; the interrupt status is left as it is.
     *
     * @throws OwnerDiedException if its owner's process ended while holding it; the lock is not held by the caller then
     */
    @Override
    public void lock() {
        acquire();
    }

    /**
     * Locks it, waiting as long as it is held and the thread is not interrupted.
     *
     * @throws InterruptedException if the thread is or gets interrupted; its interrupt status is cleared and the lock is not held by the caller
     * @throws OwnerDiedException   if its owner's process ended while holding it; the lock is not held by the caller then
     */
    @Override
    public void lockInterruptibly() throws InterruptedException {
        acquireInterruptibly();
    }

    /**
     * Locks it if nobody holds it, without waiting.
     *
     * @return whether the caller holds it now
     * @throws OwnerDiedException if its owner's process ended while holding it; the lock is not held by the caller then
     */
    @Override
    public boolean tryLock() {
        return tryAcquire();
    }

    /**
     * Locks it, waiting for a time at most.
     *
     * @param time how long; zero or less does not wait at all
     * @param unit the unit of {@code time}
     * @return whether the caller holds it now
     * @throws InterruptedException if the thread is or gets interrupted; its interrupt status is cleared and the lock is not held by the caller
     * @throws OwnerDiedException   if its owner's process ended while holding it; the lock is not held by the caller then
     */
    @Override
    public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
        return tryAcquire(time, unit);
    }

    /**
     * Unlocks it. Any thread of the process that locked it may do so; a lock made by {@link #handOff()}, any process.
     *
     * @throws IllegalMonitorStateException if it is free, held by another process, or poisoned; nothing is changed then
     */
    @Override
    public void unlock() {
        release();
    }

    /**
     * Locks it even if its owner's process ended while holding it, waiting as long as a living process holds it. One of those who call this for a
     * poisoned lock gets the answer true, and should repair what the lock protects before it unlocks; the others wait for that. If the
     * one that repairs dies in turn, the next gets the answer true. An interrupt does not end the wait; the interrupt status is left as it is.
     *
     * <p>A thread that holds it already, because {@link Condition#await()} threw an {@link OwnerDiedException}, gets the answer true at
     * once, and must unlock it once as before.
     *
     * @return whether the lock was taken over from a process that ended; in either case the caller holds it now
     */
    public boolean recover() {
        return recoverHeld() || acquireOrTakeOver();
    }

    /**
     * Does what {@link #recover()} does, waiting for a time at most.
     *
     * @param time how long; zero or less does not wait at all
     * @param unit the unit of {@code time}
     * @return whether the lock was taken over from a process that ended; in either case the caller holds it now
     * @throws InterruptedException if the thread is or gets interrupted; its interrupt status is cleared and the lock is not held by the caller
     * @throws TimeoutException     if a living process held it all that time; the lock is not held by the caller
     */
    public boolean recover(long time, TimeUnit unit) throws InterruptedException, TimeoutException {
        return recoverHeld() || acquireOrTakeOver(time, unit);
    }

    @Override
    void requireHeld() {
        if (!isHeldHere()) {
            throw notHeld();
        }
    }

    @Override
    int suspend() {
        requireHeld();
        return 1;
    }

    @Override
    void resume(int holds) {}
}
