// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

import java.io.ObjectStreamException;
import java.io.Serial;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.kindred.ProcessIdentity;
import dev.kindred.Space;
import dev.kindred.internal.inheritance.Inheritance;
import dev.kindred.internal.ring.JoinableElements;
import dev.kindred.internal.space.Block;
import dev.kindred.internal.space.NamedObject;
import dev.kindred.internal.sync.Deadlines;
import dev.kindred.internal.words.Words;

/**
 * A queue of work: whoever takes an element says when it is done with it, and others can wait until all are done.
 *
 * {@snippet :
 * JoinableQueue<Integer> work = new JoinableQueue<>(100);
 * ChildProcess worker = ChildProcess.start(() -> {
 *     while (true) {
 *         System.out.println(work.take() + " is done");
 *         work.taskDone();
 *     }
 * });
 * work.put(1);
 * work.put(2);
 * work.join();   // both are done
 * worker.terminate();
 * worker.join();
 * }
 *
 * <p>It is as a {@link Queue}, but what is taken from it stays in shared memory until its taker calls {@link #taskDone}. So nothing that was put is ever
 * forgotten: if a taker's process ends before it is done with an element, killed or not, that element is lost, which {@link #lost} tells with the
 * name of the process; or, from a queue {@linkplain #handingOutAgain that hands out again}, the next who takes gets it, before what is in the
 * queue. Then it may have been worked at twice, of course. Either way {@link #join} does not wait for the dead.
 *
 * <p>Putting, taking and being done each make a few calls to the shared memory's heap, of a microsecond or so, so for work that takes less than that a
 * {@code Queue} is the better way.
 *
 * <p>Threads and virtual threads of all processes of a family may call every method at any time. It is shared with children by inheritance, and with
 * processes that are not related by its name in a {@link Space}.
 *
 * <p><b>Memory consistency effects:</b> what a thread did before it put an element happens-before what another, of whatever process, does after it has taken
 * it; and what a thread did before it called {@code taskDone} happens-before what another does after {@code join} has returned.
 *
 * @param <E> the elements
 */
public final class JoinableQueue<E> extends AbstractObjectQueue<E> {

    @Serial
    private static final long serialVersionUID = 1;

    private final transient JoinableElements joinable;

    /**
     * Creates a queue of objects.
     *
     * @param elements the most elements that can be in it at once; those that were taken do not count
     * @throws IllegalArgumentException               if that is less than 1 or more than 16,777,216
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    public JoinableQueue(int elements) {
        this(elements, Codec.objects());
    }

    /**
     * Creates a queue.
     *
     * @param elements as for {@link #JoinableQueue(int)}
     * @param codec    how they are encoded
     * @throws IllegalArgumentException               if that is less than 1 or more than 16,777,216
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    public JoinableQueue(int elements, Codec<E> codec) {
        this(create(elements, false), codec);
    }

    private JoinableQueue(Block block, Codec<E> codec) {
        this(block, new JoinableElements(block), codec);
    }

    private JoinableQueue(Block block, JoinableElements elements, Codec<E> codec) {
        super("JoinableQueue", block, elements, codec);
        joinable = elements;
    }

    private static Block create(int elements, boolean handsOutAgain) {
        int most = QueueSizes.requireElements("JoinableQueue", elements);
        return QueueBlocks.create(JoinableElements.size(most),
                (words, offset) -> JoinableElements.initialize(words, offset, most, handsOutAgain));
    }

    /**
     * {@return a new queue that hands out again what was taken by a process that ended before it was done with it}
     *
     * @param <E>      the elements
     * @param elements as for {@link #JoinableQueue(int)}
     * @param codec    how they are encoded
     * @throws IllegalArgumentException               if that is less than 1 or more than 16,777,216
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    public static <E> JoinableQueue<E> handingOutAgain(int elements, Codec<E> codec) {
        return new JoinableQueue<>(create(elements, true), codec);
    }

    /**
     * Opens the queue of a name in a space, which is created if there is none. However many processes do so at once, they get the same queue.
     *
     * @param <E>           the elements
     * @param space         where
     * @param name          1 to 128 ASCII letters, digits, dots, dashes and underscores
     * @param elements      as for {@link #JoinableQueue(int)}; all who open it must mean the same
     * @param handsOutAgain whether it is as one that {@link #handingOutAgain} makes; all who open it must mean the same
     * @param codec         how they are encoded; all who open it must mean the same, which nobody checks
     * @return the queue
     * @throws IllegalArgumentException               if that is no name for an object, or no size
     * @throws IllegalStateException                  if something else than such a queue has the name
     * @throws dev.kindred.SpaceClosedException       if the space is closed
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left for a new one
     */
    public static <E> JoinableQueue<E> open(Space space, String name, int elements, boolean handsOutAgain, Codec<E> codec) {
        int most = QueueSizes.requireElements("JoinableQueue", elements);
        String parameters = "of " + most + " elements" + (handsOutAgain ? ", handing out again" : "");
        Block block = QueueBlocks.openOrCreate(space, new NamedObject(name, "JoinableQueue", parameters, false), JoinableElements.size(most),
                (words, offset) -> JoinableElements.initialize(words, offset, most, handsOutAgain));
        return new JoinableQueue<>(block, codec);
    }

    /**
     * Says that an element is done that this process has taken: the first of those that the calling thread has taken, or if that has none, the first of
     * those that any thread of this process has.
     *
     * @throws IllegalStateException            if this process has taken none that is not done: it was called too many times
     * @throws QueueClosedException             if this process has closed the queue
     * @throws dev.kindred.SpaceClosedException if this process has left the space that the queue is of
     */
    public void taskDone() {
        core.requireOpen();
        if (!joinable.done()) {
            throw new IllegalStateException("taskDone was called too many times: this process has taken nothing from " + core
                    + " that is not done. It is called once for each element, by the process that has taken it");
        }
    }

    /**
     * Waits until all that were put are done, or lost with their takers, as long as the thread is not interrupted. It returns when that is so for a moment,
     * even if others put more at once.
     *
     * @throws InterruptedException             if the thread is or gets interrupted; its interrupt status is cleared
     * @throws QueueClosedException             if this process has closed the queue
     * @throws dev.kindred.SpaceClosedException if this process has left the space that the queue is of
     */
    public void join() throws InterruptedException {
        core.beginInterruptibly();
        boolean _ = core.isDone(joinable.join(Words.NO_DEADLINE, true));
    }

    /**
     * Waits until all that were put are done, for a time at most, as {@link #join()} does.
     *
     * @param time how long; zero or less does not wait at all
     * @param unit the unit of {@code time}
     * @return whether all were done
     * @throws InterruptedException as for {@link #join()}, as are the others
     */
    public boolean join(long time, TimeUnit unit) throws InterruptedException {
        core.beginInterruptibly();
        return core.isDone(joinable.join(Deadlines.after(time, unit), true));
    }

    /**
     * Says what was lost: elements whose takers ended before they were done with them.
     *
     * @return how many with which process, for the first 15 processes; all others count as one of the name "others". Empty for a queue {@linkplain
     *         #handingOutAgain that hands out again}
     * @throws QueueClosedException             if this process has closed the queue
     * @throws dev.kindred.SpaceClosedException if this process has left the space that the queue is of
     */
    public Map<ProcessIdentity, Integer> lost() {
        core.requireOpen();
        Map<ProcessIdentity, Integer> lost = new LinkedHashMap<>();
        joinable.losses().forEach(loss -> lost.merge(new ProcessIdentity(loss.name(), loss.pid()), loss.count(), Integer::sum));
        return lost;
    }

    /**
     * Gives way to a ticket while a child is being started.
     *
     * @return the ticket
     * @throws ObjectStreamException at any other time
     */
    @Serial
    private Object writeReplace() throws ObjectStreamException {
        return new Ticket<>(Inheritance.travel(this, core.block()), codec);
    }

    /** How it travels to a child: where it lies, and how its elements are encoded. */
    private record Ticket<E>(long block, Codec<E> codec) implements Serializable {

        @Serial
        private Object readResolve() throws ObjectStreamException {
            return new JoinableQueue<>(Inheritance.adopt(block), codec);
        }
    }
}
