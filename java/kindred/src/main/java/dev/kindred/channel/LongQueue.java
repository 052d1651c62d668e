// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

import java.io.ObjectStreamException;
import java.io.Serial;
import java.io.Serializable;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

import dev.kindred.Space;
import dev.kindred.internal.inheritance.Inheritance;
import dev.kindred.internal.ring.FixedRing;
import dev.kindred.internal.space.Block;
import dev.kindred.internal.sync.Deadlines;
import dev.kindred.internal.words.Words;

/**
 * A queue of numbers, each a {@code long}, in shared memory: any number of threads and processes put and take, one by one or many at once. Nothing is
 * boxed, and no garbage is made.
 *
 * {@snippet :
 * LongQueue queue = new LongQueue(1024);
 * ChildProcess child = ChildProcess.start(() -> queue.put(42));
 * System.out.println(queue.take());
 * child.join();
 * }
 *
 * <p>A number is there for others when {@code put} returns, in the order of the puts, and stays whatever becomes of the process that put it. {@code put}
 * waits as long as there is no room, {@code take} as long as there is nothing.
 *
 * <p>Threads and virtual threads of all processes of a family may call every method at any time. It is shared with children by inheritance, and with
 * processes that are not related by its name in a {@link Space}.
 *
 * <p><b>When a process ends</b>, killed or not, the queue and what is in it stay as they were: what it was putting is there or not, as a whole unless said
 * otherwise, and what it was taking is there, or was taken and then is gone with it. Nobody waits for it: who would have been woken by it is. A process
 * that is merely stopped while it puts or takes keeps the others that do the same waiting, for that moment longer than usual; a call with a deadline
 * ends at that.
 *
 * <p><b>Memory consistency effects:</b> what a thread did before it put a number happens-before what another, of whatever process, does after it has
 * taken it, on all memory that the two share.
 */
public final class LongQueue extends AbstractNumberQueue {

    @Serial
    private static final long serialVersionUID = 1;

    /**
     * Creates a queue.
     *
     * @param elements the most numbers that can be in it at once
     * @throws IllegalArgumentException               if that is less than 1 or more than 16,777,216
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    public LongQueue(int elements) {
        this(create("LongQueue", elements, Long.BYTES));
    }

    /**
     * Opens the queue of a name in a space, which is created if there is none. However many processes do so at once, they get the same queue.
     *
     * @param space    where
     * @param name     1 to 128 ASCII letters, digits, dots, dashes and underscores
     * @param elements as for {@link #LongQueue(int)}; all who open it must mean the same
     * @return the queue
     * @throws IllegalArgumentException               if that is no name for an object, or no size
     * @throws IllegalStateException                  if something else than such a queue has the name
     * @throws dev.kindred.SpaceClosedException       if the space is closed
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left for a new one
     */
    public static LongQueue open(Space space, String name, int elements) {
        return new LongQueue(open("LongQueue", space, name, elements, Long.BYTES));
    }

    private LongQueue(Block block) {
        super("LongQueue", block, ValueLayout.JAVA_LONG);
    }

    /**
     * Puts a number, waiting as long as there is no room and the thread is not interrupted. The wait ends when something was taken.
     *
     * @param number the number
     * @throws InterruptedException             if the thread is or gets interrupted; its interrupt status is cleared and nothing was put
     * @throws QueueShutDownException           if it is or gets shut down; nothing was put
     * @throws QueueClosedException             if this process has closed it
     * @throws dev.kindred.SpaceClosedException if this process has left the space that the queue is of
     */
    public void put(long number) throws InterruptedException {
        core.beginInterruptibly();
        boolean _ = core.isDone(putOne(number, Words.NO_DEADLINE, true));
    }

    /**
     * Puts a number if there is room, without waiting for it.
     *
     * @param number the number
     * @return whether it was put
     * @throws QueueShutDownException as for {@link #put}, as are the others
     */
    public boolean offer(long number) {
        core.requireOpen();
        return core.isDoneAtOnce(putOne(number, Words.AT_ONCE, false));
    }

    /**
     * Puts a number, waiting for room for a time at most.
     *
     * @param number the number
     * @param time   how long; zero or less does not wait at all
     * @param unit   the unit of {@code time}
     * @return whether it was put
     * @throws InterruptedException as for {@link #put}, as are the others
     */
    public boolean offer(long number, long time, TimeUnit unit) throws InterruptedException {
        core.beginInterruptibly();
        return core.isDone(putOne(number, Deadlines.after(time, unit), true));
    }

    private int putOne(long number, long deadline, boolean interruptible) {
        int outcome = ring.claim(deadline, interruptible);
        if (outcome == FixedRing.DONE) {
            words.setLongPlain(ring.claimed(0), number);
            ring.publish(1);
        }
        return outcome;
    }

    /**
     * Puts numbers, waiting as long as there is no room for the next. They are taken in their order, but those of others may lie between them, and as many
     * are put at once as there is room for.
     *
     * @param numbers hold them
     * @param from    where the first is
     * @param count   how many
     * @throws IndexOutOfBoundsException if the array has no such part
     * @throws InterruptedException      as for {@link #put}, as are the others; numbers before the interruption were put
     */
    public void putAll(long[] numbers, int from, int count) throws InterruptedException {
        Objects.checkFromIndexSize(from, count, numbers.length);
        putAllOf(numbers, from, count);
    }

    /**
     * Takes a number, waiting as long as there is none and the thread is not interrupted. The wait ends when one was put and no other thread was faster to
     * take it.
     *
     * @return the number
     * @throws InterruptedException             if the thread is or gets interrupted; its interrupt status is cleared and nothing was taken
     * @throws QueueShutDownException           if it is or gets shut down and there is nothing left
     * @throws QueueClosedException             if this process has closed it
     * @throws dev.kindred.SpaceClosedException if this process has left the space that the queue is of
     */
    public long take() throws InterruptedException {
        core.beginInterruptibly();
        boolean _ = core.isDone(ring.find(Words.NO_DEADLINE, true));
        return takeFound();
    }

    /**
     * Takes a number if there is one, without waiting for it.
     *
     * @return the number, if there was one
     * @throws QueueShutDownException as for {@link #take}, as are the others
     */
    public OptionalLong poll() {
        core.requireOpen();
        return core.isDoneAtOnce(ring.find(Words.AT_ONCE, false)) ? OptionalLong.of(takeFound()) : OptionalLong.empty();
    }

    /**
     * Takes a number, waiting for one for a time at most.
     *
     * @param time how long; zero or less does not wait at all
     * @param unit the unit of {@code time}
     * @return the number, if there was one
     * @throws InterruptedException as for {@link #take}, as are the others
     */
    public OptionalLong poll(long time, TimeUnit unit) throws InterruptedException {
        core.beginInterruptibly();
        return core.isDone(ring.find(Deadlines.after(time, unit), true)) ? OptionalLong.of(takeFound()) : OptionalLong.empty();
    }

    private long takeFound() {
        long number = words.getLongPlain(ring.found(0));
        ring.take(1);
        return number;
    }

    /**
     * Takes as many numbers as there are and are wanted, waiting as long as there is none and the thread is not interrupted.
     *
     * @param numbers get them
     * @param from    where the first is to be
     * @param most    how many are wanted; nothing is done for 0
     * @return how many were taken
     * @throws IndexOutOfBoundsException if the array has no such part
     * @throws InterruptedException      as for {@link #take}, as are the others
     */
    public int takeUpTo(long[] numbers, int from, int most) throws InterruptedException {
        Objects.checkFromIndexSize(from, most, numbers.length);
        return awaitUpTo(numbers, from, most);
    }

    /**
     * Takes as many numbers as there are and are wanted, without waiting.
     *
     * @param numbers get them
     * @param from    where the first is to be
     * @param most    how many are wanted
     * @return how many were taken
     * @throws IndexOutOfBoundsException if the array has no such part
     * @throws QueueShutDownException    as for {@link #take}, as are the others
     */
    public int drainTo(long[] numbers, int from, int most) {
        Objects.checkFromIndexSize(from, most, numbers.length);
        return takeUpToAtOnce(numbers, from, most);
    }

    /**
     * Gives way to a ticket while a child is being started.
     *
     * @return the ticket
     * @throws ObjectStreamException at any other time
     */
    @Serial
    private Object writeReplace() throws ObjectStreamException {
        return new Ticket(Inheritance.travel(this, core.block()));
    }

    /** How it travels to a child: where it lies. */
    private record Ticket(long block) implements Serializable {

        @Serial
        private Object readResolve() throws ObjectStreamException {
            return new LongQueue(Inheritance.adopt(block));
        }
    }
}
