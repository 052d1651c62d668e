// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.sync;

import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamException;
import java.io.Serial;
import java.io.Serializable;
import java.lang.ref.Reference;
import java.util.concurrent.TimeUnit;

import dev.kindred.Space;
import dev.kindred.Waitable;
import dev.kindred.internal.inheritance.Inheritance;
import dev.kindred.internal.poll.WaitCollector;
import dev.kindred.internal.space.Block;
import dev.kindred.internal.space.NamedObject;
import dev.kindred.internal.sync.EventFlag;
import dev.kindred.internal.sync.EventLayout;
import dev.kindred.internal.words.Words;

/**
 * A flag that is set and cleared, and that threads of several processes wait for.
 *
 * {@snippet :
 * Event ready = new Event();
 * ChildProcess child = ChildProcess.start(() -> {
 *     System.out.println("getting ready");
 *     ready.set();
 * });
 * if (!ready.await(10, TimeUnit.SECONDS)) {
 *     System.out.println("not ready yet");
 * }
 * child.join();
 * }
 *
 * <p>Threads and virtual threads of all processes of a family may call every method at any time. Who waits is released when the event is
 * set, even if it is cleared again at once. Setting and clearing wait for nobody. No operation but a wait that others wait beside makes
 * garbage.
 *
 * <p><b>When a process ends</b>, killed or not, an event stays as it was. Whoever waited for what the process did not live to set waits
 * on, so a wait for the work of one process should have a deadline, or the process be waited for, too.
 *
 * <p><b>Memory consistency effects:</b> what a thread did before it set the event happens-before what another, of whatever process, does
 * after it has waited for it or found it set, on all memory that the two share.
 *
 * <p>It is shared with children by inheritance, and with processes that are not related by its name in a {@link Space}: in that case every
 * call throws a {@link dev.kindred.SpaceClosedException}, also while it waits, once this process has left the space. Its 64 bytes are freed
 * when no process can reach it any more and it has no name.
 */
public final class Event implements Waitable, Serializable {

    @Serial
    private static final long serialVersionUID = 1;

    private final transient Block block;

    /** The flag; each use of it keeps the block allocated meanwhile. */
    private final transient EventFlag flag;

    /**
     * Creates an event that is not set.
     *
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    public Event() {
        this(dev.kindred.internal.space.Space.current().allocate(EventLayout.SIZE));
    }

    /**
     * Opens the event of a name in a space, which is created, not set, if there is none. However many processes do so at once, they get the
     * same event.
     *
     * @param space where
     * @param name  1 to 128 ASCII letters, digits, dots, dashes and underscores
     * @return the event
     * @throws IllegalArgumentException               if that is no name for an object
     * @throws IllegalStateException                  if something else than an event has the name
     * @throws dev.kindred.SpaceClosedException       if the space is closed
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left for a new one
     */
    public static Event open(Space space, String name) {
        return new Event(NamedBlocks.openOrCreate(space, new NamedObject(name, "Event", "", false), EventLayout.SIZE, (_, _) -> {}));
    }

    Event(Block block) {
        this.block = block;
        this.flag = new EventFlag(block.words(), block.offset());
    }

    /** Sets it, and releases all who wait. */
    public void set() {
        try {
            flag.set();
            block.requireMembership();
        } finally {
            Reference.reachabilityFence(block);
        }
    }

    /** Clears it: who waits from now on waits until it is set again. */
    public void clear() {
        try {
            flag.clear();
            block.requireMembership();
        } finally {
            Reference.reachabilityFence(block);
        }
    }

    /**
     * Says whether it is set.
     *
     * @return whether it was at some moment during the call
     */
    public boolean isSet() {
        try {
            boolean set = flag.isSet();
            block.requireMembership();
            return set;
        } finally {
            Reference.reachabilityFence(block);
        }
    }

    @Override
    public boolean isReady() {
        return isSet();
    }

    @SuppressWarnings("exports")
    @Override
    public void collect(WaitCollector collector) {
        try {
            collector.addWord(block.words(), block.offset(), flag.announceSleeper());
        } finally {
            Reference.reachabilityFence(block);
        }
    }

    /**
     * Waits until it is set, not at all if it is, and as long as the thread is not interrupted.
     *
     * @throws InterruptedException if the thread is or gets interrupted; its interrupt status is cleared
     */
    public void await() throws InterruptedException {
        int _ = awaitInterruptibly(Words.NO_DEADLINE);
    }

    /**
     * Waits until it is set, for a time at most.
     *
     * @param time how long; zero or less does not wait at all
     * @param unit the unit of {@code time}
     * @return whether it was set, when the wait began or since, even if it has been cleared again
     * @throws InterruptedException if the thread is or gets interrupted; its interrupt status is cleared
     */
    public boolean await(long time, TimeUnit unit) throws InterruptedException {
        return awaitInterruptibly(Waits.deadline(time, unit)) == EventFlag.HAPPENED;
    }

    /** Waits until it is set, not at all if it is. An interrupt does not end the wait; the interrupt status is left as it is. */
    public void awaitUninterruptibly() {
        int _ = awaitSet(Words.NO_DEADLINE, false);
    }

    /**
     * Waits until it is set, for a time at most. An interrupt does not end the wait; the interrupt status is left as it is.
     *
     * @param time how long; zero or less does not wait at all
     * @param unit the unit of {@code time}
     * @return whether it was set, when the wait began or since, even if it has been cleared again
     */
    public boolean awaitUninterruptibly(long time, TimeUnit unit) {
        return awaitSet(Waits.deadline(time, unit), false) == EventFlag.HAPPENED;
    }

    private int awaitInterruptibly(long deadline) throws InterruptedException {
        Waits.throwIfInterrupted();
        int outcome = awaitSet(deadline, true);
        Waits.throwIfInterrupted(outcome);
        return outcome;
    }

    private int awaitSet(long deadline, boolean interruptible) {
        try {
            int outcome = flag.await(deadline, interruptible);
            block.requireMembership();
            return outcome;
        } finally {
            Reference.reachabilityFence(block);
        }
    }

    /** {@return the type and whether it is set} */
    @Override
    public String toString() {
        return NamedBlocks.describe(Event.class, block, () -> isSet() ? "Event[set]" : "Event[not set]");
    }

    /**
     * Gives way to a ticket while a child is being started.
     *
     * @return the ticket
     * @throws ObjectStreamException at any other time
     */
    @Serial
    private Object writeReplace() throws ObjectStreamException {
        return new EventTicket(Inheritance.travel(this, block));
    }

    @Serial
    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("an event arrives as a ticket");
    }
}
