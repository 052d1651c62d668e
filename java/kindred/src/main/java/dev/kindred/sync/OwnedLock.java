// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.sync;

import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamException;
import java.io.Serial;
import java.io.Serializable;
import java.lang.ref.Reference;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.kindred.OwnerDiedException;
import dev.kindred.ProcessIdentity;
import dev.kindred.internal.domain.Domain;
import dev.kindred.internal.domain.ProcessRecord;
import dev.kindred.internal.inheritance.Inheritance;
import dev.kindred.internal.sync.ConditionLayout;
import dev.kindred.internal.sync.Mutex;
import dev.kindred.internal.sync.MutexLayout;
import dev.kindred.internal.space.Block;
import dev.kindred.internal.space.NamedObject;
import dev.kindred.internal.space.Space;
import dev.kindred.internal.words.Words;
import org.jspecify.annotations.Nullable;

/** What {@link Lock} and {@link RLock} have in common: a mutex in a block of the space, and what its outcomes mean to a caller. */
abstract sealed class OwnedLock implements java.util.concurrent.locks.Lock, Serializable permits Lock, RLock {

    @Serial
    private static final long serialVersionUID = 1;

    /** What becomes of a lock whose owner's process ends. */
    enum Policy {
        POISON("poisoned when its owner dies"),
        TAKE_OVER("taken over when its owner dies"),
        HAND_OFF("handed off, without an owner");

        /** What all who open a lock by its name must agree on. */
        final String parameters;

        Policy(String parameters) {
            this.parameters = parameters;
        }
    }

    private final transient Block block;
    private final transient Policy policy;

    /** The mutex; each use of it keeps the block allocated meanwhile. */
    private final transient Mutex mutex;

    /** The thread that a wait for a condition left with the lock of a dead owner. Written by the holder. */
    private transient @Nullable Thread repairer;

    OwnedLock(Block block, Policy policy) {
        this.block = block;
        this.policy = policy;
        Space space = block.space();
        int owner = policy == Policy.HAND_OFF ? MutexLayout.NOBODY : space.domain().id();
        this.mutex = space.mutex(block.offset(), owner, policy == Policy.TAKE_OVER);
    }

    static Block allocate() {
        return Space.current().allocate(MutexLayout.SIZE);
    }

    /** {@return the block of a lock of that name, which is made if there is none; zeros are a free lock} */
    static Block open(dev.kindred.Space space, String name, Class<? extends OwnedLock> type, Policy policy) {
        NamedObject object = new NamedObject(name, type.getSimpleName(), policy.parameters, policy == Policy.POISON);
        return NamedBlocks.openOrCreate(space, object, MutexLayout.SIZE, (_, _) -> {});
    }

    /** Acquires the mutex without limit, interrupts disregarded. */
    final void acquire() {
        int result = attempt(Words.NO_DEADLINE, false);
        if (result != Mutex.ACQUIRED) {
            throwUnlessHeld(result);
        }
    }

    final void acquireInterruptibly() throws InterruptedException {
        Waits.throwIfInterrupted();
        int result = attempt(Words.NO_DEADLINE, true);
        Waits.throwIfInterrupted(result);
        throwUnlessHeld(result);
    }

    final boolean tryAcquire() {
        int result = attempt(Mutex.AT_ONCE, false);
        return result != Mutex.TIMED_OUT && throwUnlessHeld(result);
    }

    final boolean tryAcquire(long time, TimeUnit unit) throws InterruptedException {
        Waits.throwIfInterrupted();
        int result = attempt(Waits.deadline(time, unit), true);
        Waits.throwIfInterrupted(result);
        return result != Mutex.TIMED_OUT && throwUnlessHeld(result);
    }

    /** {@return whether it was taken over from a dead owner} */
    final boolean acquireOrTakeOver() {
        return attemptToRecover(Words.NO_DEADLINE, false) == Mutex.TAKEN_OVER;
    }

    /** {@return whether it was taken over from a dead owner} */
    final boolean acquireOrTakeOver(long time, TimeUnit unit) throws InterruptedException, TimeoutException {
        Waits.throwIfInterrupted();
        int result = attemptToRecover(Waits.deadline(time, unit), true);
        Waits.throwIfInterrupted(result);
        if (result == Mutex.TIMED_OUT) {
            throw new TimeoutException(this + " was not released within " + time + " " + unit.name().toLowerCase(Locale.ROOT));
        }
        return result == Mutex.TAKEN_OVER;
    }

    final void release() {
        boolean released;
        // What this process held when it left is poisoned, and no thread of it may unlock it: it may be another's that was changing something.
        block.requireMembership();
        try {
            if (mutex.unrecovered() != 0) {
                repairer = null;
            }
            released = mutex.release();
            block.requireMembership();
        } finally {
            Reference.reachabilityFence(block);
        }
        if (!released) {
            throw new IllegalMonitorStateException(this + " cannot be unlocked: this process does not hold it");
        }
    }

    private int attempt(long deadline, boolean interruptible) {
        try {
            int result = mutex.acquire(deadline, interruptible);
            block.requireMembership();
            return result;
        } finally {
            Reference.reachabilityFence(block);
        }
    }

    private int attemptToRecover(long deadline, boolean interruptible) {
        try {
            int result = mutex.recover(deadline, interruptible);
            block.requireMembership();
            return result;
        } finally {
            Reference.reachabilityFence(block);
        }
    }

    private int currentOwner() {
        try {
            int owner = mutex.owner();
            block.requireMembership();
            return owner;
        } finally {
            Reference.reachabilityFence(block);
        }
    }

    /** {@return true} */
    private boolean throwUnlessHeld(int result) {
        if (result == Mutex.OWNER_DIED) {
            throw new OwnerDiedException(getClass().getSimpleName(), identity(currentOwner()));
        }
        return true;
    }

    private @Nullable ProcessIdentity identity(int owner) {
        ProcessRecord record = domain().record(owner);
        return record == null ? null : new ProcessIdentity(record.name(), record.pid());
    }

    private Domain domain() {
        return block.space().domain();
    }

    /**
     * Says whether somebody holds this lock, in whatever process; a poisoned lock counts as held.
     *
     * @return whether it was held at some moment during the call
     */
    public boolean locked() {
        return currentOwner() != 0;
    }

    /**
     * Says which process holds this lock, or died holding it.
     *
     * @return the owner at some moment during the call; empty when it is free, when it is of the kind that records no owner, or when its owner died
     *     so long ago that the family no longer remembers it
     */
    public Optional<ProcessIdentity> owner() {
        int owner = currentOwner();
        return owner == 0 || owner == MutexLayout.NOBODY ? Optional.empty() : Optional.ofNullable(identity(owner));
    }

    /**
     * Says whether this lock's owner ended while holding it and nobody has recovered it.
     *
     * @return whether that was so at some moment during the call; a death shows within milliseconds
     */
    public boolean poisoned() {
        try {
            boolean poisoned = mutex.isPoisoned();
            block.requireMembership();
            return poisoned;
        } finally {
            Reference.reachabilityFence(block);
        }
    }

    /**
     * Creates a condition of this lock. A lock can have any number of them, each of 1 KiB of shared memory.
     *
     * @return the condition, for which nobody waits
     * @throws UnsupportedOperationException          if this lock was made by {@code handOff()}: it has no owner, so nothing tells whether
     *                                                who waits or signals holds it, and if the process that locked it ends, whoever waited
     *                                                would never get it back
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    @Override
    public Condition newCondition() {
        requireConditions();
        return new Condition(this, Condition.allocate(block.space()));
    }

    /**
     * Opens the condition of a name, of this lock, in the space that the lock is of, which is created if there is none. However many
     * processes do so at once, they get the same condition. It has a name of its own beside that of the lock, so that a lock can have
     * several.
     *
     * @param name 1 to 128 ASCII letters, digits, dots, dashes and underscores
     * @return the condition
     * @throws IllegalArgumentException               if that is no name for an object
     * @throws IllegalStateException                  if this lock has no name in a space, or something else than a condition of this lock
     *                                                has that name, be it a condition of another lock
     * @throws UnsupportedOperationException          as {@link #newCondition()} says
     * @throws dev.kindred.SpaceClosedException       if this process has left the space
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left for a new one
     */
    public Condition openCondition(String name) {
        requireConditions();
        String lockName = block.space().nameOf(block.offset());
        if (lockName == null) {
            throw new IllegalStateException(this + " cannot have conditions with names, because it has none in a space itself, so that nobody "
                    + "could find it by that: open it by Lock.open or RLock.open, or use newCondition()");
        }
        // The place besides the name: that may have been taken from a lock and given to another.
        String parameters = "of " + getClass().getSimpleName() + " '" + lockName + "' at " + block.offset();
        return new Condition(this, block.space().open(new NamedObject(name, "Condition", parameters, false), ConditionLayout.SIZE, (_, _) -> {}));
    }

    private void requireConditions() {
        if (policy == Policy.HAND_OFF) {
            throw new UnsupportedOperationException(this + " cannot have conditions, because a lock that is handed off has no owner: nothing "
                    + "tells whether who waits or signals holds it; use new Lock(), or a Semaphore for what one process gives and another takes");
        }
    }

    final Mutex mutex() {
        return mutex;
    }

    final Space space() {
        return block.space();
    }

    /**
     * Fails unless the caller holds this lock.
     *
     * @throws IllegalMonitorStateException if it does not
     */
    abstract void requireHeld();

    /** Forgets the caller's holds, before a wait releases the mutex. {@return how many they are} */
    abstract int suspend();

    /** Gives the caller its holds again, after a wait has acquired the mutex. */
    abstract void resume(int holds);

    final IllegalMonitorStateException notHeld() {
        requireMembership();
        return new IllegalMonitorStateException(this + " must be held by who waits for a condition of it or signals one: lock it before");
    }

    /**
     * Fails if a wait that has just acquired the mutex took it from a dead owner, and remembers that the caller may say that it is
     * recovered.
     *
     * @throws OwnerDiedException if so; the lock is held by the caller
     */
    final void throwIfUnrecovered() {
        int dead = mutex.unrecovered();
        if (dead != 0) {
            repairer = Thread.currentThread();
            throw new OwnerDiedException(getClass().getSimpleName(), identity(dead));
        }
    }

    /** {@return whether the caller held it unrecovered; it is recovered now} */
    final boolean recoverHeld() {
        // The word first: whoever released the lock since this thread held it has written the others before.
        if (!isHeldHere() || repairer != Thread.currentThread() || mutex.unrecovered() == 0) {
            return false;
        }
        repairer = null;
        mutex.setRecovered();
        return true;
    }

    final boolean isHeldHere() {
        try {
            boolean held = mutex.isHeldHere();
            block.requireMembership();
            return held;
        } finally {
            Reference.reachabilityFence(block);
        }
    }

    final void requireMembership() {
        block.requireMembership();
    }

    /** {@return the type, the state, and the owner if there is one: its process, and if that is this one and knows it, its thread} */
    @Override
    public String toString() {
        return NamedBlocks.describe(getClass(), block, this::text);
    }

    String text() {
        int owner = currentOwner();
        String state = owner == 0 ? "free" : (poisoned() ? "poisoned, owner ended: " : "held by ") + domain().describe(owner);
        return getClass().getSimpleName() + "[" + state + "]";
    }

    /**
     * Gives way to a ticket while a child is being started.
     *
     * @return the ticket
     * @throws ObjectStreamException at any other time
     */
    @Serial
    final Object writeReplace() throws ObjectStreamException {
        return new LockTicket(Inheritance.travel(this, block), policy, this instanceof RLock);
    }

    @Serial
    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a lock arrives as a ticket");
    }
}
