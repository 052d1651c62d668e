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
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.kindred.PartyDiedException;
import dev.kindred.ProcessIdentity;
import dev.kindred.Space;
import dev.kindred.internal.domain.ProcessRecord;
import dev.kindred.internal.inheritance.Inheritance;
import dev.kindred.internal.space.Block;
import dev.kindred.internal.space.NamedObject;
import dev.kindred.internal.sync.BarrierLayout;
import dev.kindred.internal.sync.BarrierRounds;
import dev.kindred.internal.words.Words;
import org.jspecify.annotations.Nullable;

/**
 * Where threads of several processes wait for each other: the last of a fixed number of parties that come releases them all, again and
 * again.
 *
 * {@snippet :
 * Barrier barrier = new Barrier(2);
 * ChildProcess child = ChildProcess.start(() -> {
 *     System.out.println("first half of the child's work");
 *     barrier.await();
 *     System.out.println("second half, when both have done the first");
 *     barrier.deregister();
 * });
 * System.out.println("first half of the parent's work");
 * barrier.await();
 * child.join();
 * }
 *
 * <p>It is what {@link java.util.concurrent.CyclicBarrier} is for threads. A round that does not come to its end is <em>broken</em>: by a
 * party whose time is over or that is interrupted, by an action that throws, by {@link #abort()}, by {@link #reset()} while others wait,
 * or by a death. Whoever waits then, and whoever comes until {@code reset()} is called, gets a {@link BrokenBarrierException}.
 *
 * <p>The parties of a round are whoever come first, threads and virtual threads of whatever processes of the family. One that comes while
 * the action of a round is being run belongs to the next.
 *
 * <p><b>When a process ends</b>, killed or not, that has come once or has called {@link #register()}, the barrier is broken, because the
 * others would wait for it in vain; the exception is a {@link PartyDiedException} that names it. Those whose round was complete before
 * are released as if nothing had happened. {@code reset()} makes the barrier usable again, for as many parties as before. A process that
 * has done its part calls {@link #deregister()}; it can end then without harm. A process that is merely stopped is never taken for dead.
 *
 * <p><b>Memory consistency effects:</b> what a thread did before it came happens-before the action, and that before what any thread does
 * after its wait, on all memory that the two share.
 *
 * <p>It is shared with children by inheritance, and with processes that are not related by its name in a {@link Space}: in that case every
 * call throws a {@link dev.kindred.SpaceClosedException}, also while it waits, once this process has left the space, which for the others
 * is as its death. Each process brings its own action and time limit then. Its 256 bytes, for more than 44 parties 80 and 4 for each up to
 * 4096, are freed when no process can reach it any more and it has no name.
 */
public final class Barrier implements Serializable {

    @Serial
    private static final long serialVersionUID = 1;

    /** What the last party to come does before all are released. It travels to children with the barrier, as a copy. */
    @FunctionalInterface
    public interface Action extends Runnable, Serializable {}

    /** The time of waits without limit. */
    private static final long UNLIMITED = Long.MAX_VALUE;

    private final transient Block block;
    private final transient @Nullable Action action;
    private final transient long nanoseconds;

    /** The rounds; each use of them keeps the block allocated meanwhile. */
    private final transient BarrierRounds rounds;

    /**
     * Creates a barrier.
     *
     * @param parties how many complete a round, from 1 to 65535
     * @throws IllegalArgumentException                   if {@code parties} is out of bounds
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    public Barrier(int parties) {
        this(allocate(parties), null, UNLIMITED);
    }

    /**
     * Creates a barrier with an action.
     *
     * @param parties how many complete a round, from 1 to 65535
     * @param action  what the last of them does before all are released
     * @throws IllegalArgumentException                   if {@code parties} is out of bounds
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    public Barrier(int parties, Action action) {
        this(allocate(parties), action, UNLIMITED);
    }

    /**
     * Creates a barrier whose waits have a time limit.
     *
     * @param parties how many complete a round, from 1 to 65535
     * @param time    how long an {@link #await()} takes at most
     * @param unit    the unit of {@code time}
     * @throws IllegalArgumentException                   if {@code parties} is out of bounds or {@code time} not positive
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    public Barrier(int parties, long time, TimeUnit unit) {
        this(allocate(parties), null, limit(time, unit));
    }

    /**
     * Creates a barrier with an action, whose waits have a time limit.
     *
     * @param parties how many complete a round, from 1 to 65535
     * @param action  what the last of them does before all are released
     * @param time    how long an {@link #await()} takes at most
     * @param unit    the unit of {@code time}
     * @throws IllegalArgumentException                   if {@code parties} is out of bounds or {@code time} not positive
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    public Barrier(int parties, Action action, long time, TimeUnit unit) {
        this(allocate(parties), action, limit(time, unit));
    }

    /**
     * Opens the barrier of a name in a space, which is created if there is none. However many processes do so at once, they get the same
     * barrier.
     *
     * @param space   where
     * @param name    1 to 128 ASCII letters, digits, dots, dashes and underscores
     * @param parties how many complete a round, from 1 to 65535
     * @return the barrier
     * @throws IllegalArgumentException               if that is no name for an object, or {@code parties} is out of bounds
     * @throws IllegalStateException                  if something else has the name, be it a barrier for another number of parties
     * @throws dev.kindred.SpaceClosedException       if the space is closed
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left for a new one
     */
    public static Barrier open(Space space, String name, int parties) {
        return new Barrier(openBlock(space, name, parties), null, UNLIMITED);
    }

    /**
     * Opens the barrier of a name in a space, which is created if there is none, with an action.
     *
     * @param space   where
     * @param name    1 to 128 ASCII letters, digits, dots, dashes and underscores
     * @param parties how many complete a round, from 1 to 65535
     * @param action  what this object does before all are released if it is a thread of it that comes last; others that have opened the
     *                same barrier do what they were given themselves
     * @return the barrier
     * @throws IllegalArgumentException               if that is no name for an object, or {@code parties} is out of bounds
     * @throws IllegalStateException                  if something else has the name, be it a barrier for another number of parties
     * @throws dev.kindred.SpaceClosedException       if the space is closed
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left for a new one
     */
    public static Barrier open(Space space, String name, int parties, Action action) {
        return new Barrier(openBlock(space, name, parties), action, UNLIMITED);
    }

    /**
     * Opens the barrier of a name in a space, which is created if there is none, with a time limit for this object's waits.
     *
     * @param space   where
     * @param name    1 to 128 ASCII letters, digits, dots, dashes and underscores
     * @param parties how many complete a round, from 1 to 65535
     * @param time    how long an {@link #await()} of this object takes at most
     * @param unit    the unit of {@code time}
     * @return the barrier
     * @throws IllegalArgumentException               if that is no name for an object, {@code parties} is out of bounds, or {@code time} not
     *                                                positive
     * @throws IllegalStateException                  if something else has the name, be it a barrier for another number of parties
     * @throws dev.kindred.SpaceClosedException       if the space is closed
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left for a new one
     */
    public static Barrier open(Space space, String name, int parties, long time, TimeUnit unit) {
        return new Barrier(openBlock(space, name, parties), null, limit(time, unit));
    }

    /**
     * Opens the barrier of a name in a space, which is created if there is none, with an action and a time limit for this object's waits.
     *
     * @param space   where
     * @param name    1 to 128 ASCII letters, digits, dots, dashes and underscores
     * @param parties how many complete a round, from 1 to 65535
     * @param action  what this object does before all are released if it is a thread of it that comes last; others that have opened the
     *                same barrier do what they were given themselves
     * @param time    how long an {@link #await()} of this object takes at most
     * @param unit    the unit of {@code time}
     * @return the barrier
     * @throws IllegalArgumentException               if that is no name for an object, {@code parties} is out of bounds, or {@code time} not
     *                                                positive
     * @throws IllegalStateException                  if something else has the name, be it a barrier for another number of parties
     * @throws dev.kindred.SpaceClosedException       if the space is closed
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left for a new one
     */
    public static Barrier open(Space space, String name, int parties, Action action, long time, TimeUnit unit) {
        return new Barrier(openBlock(space, name, parties), action, limit(time, unit));
    }

    private static Block openBlock(Space space, String name, int parties) {
        NamedObject object = new NamedObject(name, "Barrier", "parties: " + requireParties(parties), false);
        return NamedBlocks.openOrCreate(space, object, BarrierLayout.size(parties),
                (words, offset) -> BarrierRounds.initialize(words, offset, parties));
    }

    Barrier(Block block, @Nullable Action action, long nanoseconds) {
        this.block = block;
        this.action = action;
        this.nanoseconds = nanoseconds;
        this.rounds = new BarrierRounds(block.words(), block.offset(), block.space().domain().id(), block.space().domain());
    }

    private static int requireParties(int parties) {
        if (parties < 1 || parties > BarrierLayout.MOST_PARTIES) {
            throw new IllegalArgumentException(
                    "a barrier cannot be for " + parties + " parties: it takes 1 to " + BarrierLayout.MOST_PARTIES);
        }
        return parties;
    }

    static Block allocate(int parties) {
        Block block = dev.kindred.internal.space.Space.current().allocate(BarrierLayout.size(requireParties(parties)));
        BarrierRounds.initialize(block.words(), block.offset(), parties);
        return block;
    }

    private static long limit(long time, TimeUnit unit) {
        if (time <= 0) {
            throw new IllegalArgumentException(
                    "a barrier cannot have a time limit of " + time + " " + text(unit) + "; leave it out for none");
        }
        return unit.toNanos(time);
    }

    private static String text(TimeUnit unit) {
        return unit.name().toLowerCase(Locale.ROOT);
    }

    /**
     * Comes, and waits until all parties have come, as long as the time limit that was given to the constructor, if one was.
     *
     * @return how many of the round had come before the caller, as in Python: 0 for the first, {@code getParties() - 1} for the last, a
     *     different number for each. ({@code CyclicBarrier} counts the other way round.)
     * @throws InterruptedException   if the thread is or gets interrupted; its interrupt status is cleared and the barrier is broken. If
     *                                the round was complete or broken before, that is the outcome instead, and the interrupt status is
     *                                set
     * @throws BrokenBarrierException if the barrier is or gets broken, or is reset, or the time limit is over, which breaks it; a {@link
     *                                PartyDiedException} if a process of it ended. Also if it took the caller so long to learn of its
     *                                round's end that 8 others were broken, too
     * @throws IllegalStateException  if so many processes are of the barrier that there is no room for this one: 44, or as many as there
     *                                are parties, if that is more
     */
    public int await() throws InterruptedException, BrokenBarrierException {
        int outcome = arrive(Waits.deadline(nanoseconds, TimeUnit.NANOSECONDS));
        if (outcome == BarrierRounds.TIMED_OUT) {
            throw new BrokenBarrierException(
                    this + ": not all came within " + nanoseconds / 1e9 + " seconds, its time limit; call reset() to use it again");
        }
        return outcome;
    }

    /**
     * Comes, and waits until all parties have come, for a time at most.
     *
     * @param time how long; zero or less does not wait at all, so that it breaks the barrier unless the caller is the last
     * @param unit the unit of {@code time}
     * @return how many of the round had come before the caller, as {@link #await()} says
     * @throws InterruptedException   if the thread is or gets interrupted; its interrupt status is cleared and the barrier is broken. If
     *                                the round was complete or broken before, that is the outcome instead, and the interrupt status is
     *                                set
     * @throws TimeoutException       if the time is over; the barrier is broken then
     * @throws BrokenBarrierException if the barrier is or gets broken, or is reset; a {@link PartyDiedException} if a process of it
     *                                ended. Also if it took the caller so long to learn of its round's end that 8 others were broken, too
     * @throws IllegalStateException  if so many processes are of the barrier that there is no room for this one: 44, or as many as there
     *                                are parties, if that is more
     */
    public int await(long time, TimeUnit unit) throws InterruptedException, BrokenBarrierException, TimeoutException {
        int outcome = arrive(Waits.deadline(time, unit));
        if (outcome == BarrierRounds.TIMED_OUT) {
            throw new TimeoutException(this + ": not all came within " + time + " " + text(unit) + "; call reset() to use it again");
        }
        return outcome;
    }

    /** {@return the index of the caller, or {@link BarrierRounds#TIMED_OUT}} */
    private int arrive(long deadline) throws InterruptedException, BrokenBarrierException {
        try {
            if (Thread.currentThread().isInterrupted() && !rounds.isBroken()) {
                rounds.abort();
                block.requireMembership();
                Waits.throwIfInterrupted();
            }
            int outcome = rounds.await(deadline, action);
            block.requireMembership();
            return outcome >= 0 || outcome == BarrierRounds.TIMED_OUT ? outcome : fail(outcome);
        } finally {
            Reference.reachabilityFence(block);
        }
    }

    private int fail(int outcome) throws InterruptedException, BrokenBarrierException {
        switch (outcome) {
            case BarrierRounds.INTERRUPTED -> throw new InterruptedException();
            case BarrierRounds.CROWDED -> throw crowded();
            case BarrierRounds.BROKEN -> throw new BrokenBarrierException(
                    "Barrier: a party gave up, its action failed, or it was aborted or reset; call reset() to use it again");
            default -> throw new PartyDiedException(identity(-outcome));
        }
    }

    private IllegalStateException crowded() {
        return new IllegalStateException(this + ": so many processes are of it that there is no room for this one; those that do not come "
                + "any more should call deregister()");
    }

    private @Nullable ProcessIdentity identity(int process) {
        ProcessRecord record = block.space().domain().record(process);
        return record == null ? null : new ProcessIdentity(record.name(), record.pid());
    }

    /** Breaks the barrier: whoever waits or comes from now on gets a {@link BrokenBarrierException}, until {@link #reset()} is called. */
    public void abort() {
        try {
            rounds.abort();
            block.requireMembership();
        } finally {
            Reference.reachabilityFence(block);
        }
    }

    /**
     * Makes the barrier as new: nobody has come, and processes that have ended are not of it any more. Whoever waits gets a {@link
     * BrokenBarrierException}; who comes from now on is of a new round.
     */
    public void reset() {
        try {
            rounds.reset();
            block.requireMembership();
        } finally {
            Reference.reachabilityFence(block);
        }
    }

    /**
     * Makes this process one of the barrier's, as its first {@link #await()} does: from now on its end breaks the barrier, even if it has
     * never come. To be called where others may begin to wait before this process comes.
     *
     * @throws IllegalStateException if so many processes are of the barrier that there is no room for this one: 44, or as many as there
     *                               are parties, if that is more
     */
    public void register() {
        try {
            boolean registered = rounds.register();
            block.requireMembership();
            if (!registered) {
                throw crowded();
            }
        } finally {
            Reference.reachabilityFence(block);
        }
    }

    /**
     * Makes this process none of the barrier's until it comes or registers again: its end does not break the barrier then. Those who wait
     * are not released by this.
     */
    public void deregister() {
        try {
            rounds.deregister();
            block.requireMembership();
        } finally {
            Reference.reachabilityFence(block);
        }
    }

    /**
     * Says how many parties complete a round.
     *
     * @return the number that was given to the constructor
     */
    public int getParties() {
        return rounds.parties();
    }

    /**
     * Says how many threads wait for others to come.
     *
     * @return how many did at some moment during the call; 0 while the barrier is broken
     */
    public int getNumberWaiting() {
        try {
            int waiting = rounds.waiting();
            block.requireMembership();
            return waiting;
        } finally {
            Reference.reachabilityFence(block);
        }
    }

    /**
     * Says whether the barrier is broken.
     *
     * @return whether it was at some moment during the call; the death of a process of it shows within milliseconds
     */
    public boolean isBroken() {
        try {
            boolean broken = rounds.isBroken();
            block.requireMembership();
            return broken;
        } finally {
            Reference.reachabilityFence(block);
        }
    }

    /** {@return the type, and how many of how many wait, or that it is broken} */
    @Override
    public String toString() {
        return NamedBlocks.describe(Barrier.class, block, () -> isBroken()
                ? "Barrier[broken, for " + getParties() + "]"
                : "Barrier[" + getNumberWaiting() + " of " + getParties() + " waiting]");
    }

    /**
     * Gives way to a ticket while a child is being started.
     *
     * @return the ticket
     * @throws ObjectStreamException at any other time
     */
    @Serial
    private Object writeReplace() throws ObjectStreamException {
        return new BarrierTicket(Inheritance.travel(this, block), action, nanoseconds);
    }

    @Serial
    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a barrier arrives as a ticket");
    }
}
