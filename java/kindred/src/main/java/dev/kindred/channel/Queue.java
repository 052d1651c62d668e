// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

import java.io.ObjectStreamException;
import java.io.Serial;
import java.io.Serializable;

import dev.kindred.Space;
import dev.kindred.internal.inheritance.Inheritance;
import dev.kindred.internal.ring.Elements;
import dev.kindred.internal.ring.RecordRing;
import dev.kindred.internal.space.Block;
import dev.kindred.internal.space.NamedObject;

/**
 * A queue of objects in shared memory: a {@link java.util.concurrent.BlockingQueue} among any number of threads and processes.
 *
 * {@snippet :
 * Queue<String> words = new Queue<>(100);
 * Queue<Integer> lengths = new Queue<>(100);
 * ChildProcess child = ChildProcess.start(() -> {
 *     String word = words.take();
 *     lengths.put(word.length());
 * });
 * words.put("kindred");
 * System.out.println(lengths.take());
 * child.join();
 * }
 *
 * <p>An element is encoded when it is put, by the {@link Codec} of the queue; what cannot be encoded is refused there and then. It is there for others when
 * {@code put} returns, in the order of the puts, and stays whatever becomes of the process that put it: there is no thread that has yet to write it. It may
 * have any size: one that does not fit the queue's own memory gets a block of shared memory.
 *
 * <p>The queue is bounded: by the number of its elements ({@link #Queue(int)}), by their bytes ({@link #ofBytes}), or by both. {@code put} waits as long as
 * there is no room. There are no null elements.
 *
 * <p>Threads and virtual threads of all processes of a family may call every method at any time. It is shared with children by inheritance, and with
 * processes that are not related by its name in a {@link Space}.
 *
 * <p><b>When a process ends</b>, killed or not, the queue and what is in it stay as they were: an element that it was putting is there as a whole or not at
 * all, and one that it was taking is there or was taken, and then is gone with it ({@code JoinableQueue} keeps it). Nobody waits for it: who would have
 * been woken by it is. A process that is merely stopped while it puts or takes keeps the others that do the same waiting, for that moment longer than
 * usual; a call with a deadline ends at that, and one that does not wait at all, after 20 milliseconds.
 *
 * <p><b>Memory consistency effects:</b> what a thread did before it put an element happens-before what another, of whatever process, does after it has taken
 * it, on all memory that the two share.
 *
 * @param <E> the elements
 */
public final class Queue<E> extends AbstractObjectQueue<E> {

    @Serial
    private static final long serialVersionUID = 1;

    /** How many bytes a queue has room for of which nothing else is said. */
    private static final long USUAL_BYTES = 1 << 20;

    /** Creates a queue of objects, bounded by 1 MiB of encoded elements. */
    public Queue() {
        this(new Bounds(0, USUAL_BYTES), Codec.objects());
    }

    /**
     * Creates a queue of objects, bounded by their number.
     *
     * @param elements the most elements that can be in it at once
     * @throws IllegalArgumentException               if that is less than 1 or more than 16,777,216
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    public Queue(int elements) {
        this(elements, Codec.objects());
    }

    /**
     * Creates a queue that is bounded by the number of elements.
     *
     * @param elements the most elements that can be in it at once
     * @param codec    how they are encoded
     * @throws IllegalArgumentException               if that is less than 1 or more than 16,777,216
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    public Queue(int elements, Codec<E> codec) {
        this(Bounds.ofElements("Queue", elements), codec);
    }

    private Queue(Bounds bounds, Codec<E> codec) {
        this(bounds.create(), codec);
    }

    private Queue(Block block, Codec<E> codec) {
        super("Queue", block, new Elements(block), codec);
    }

    /**
     * {@return a new queue that is bounded by the bytes of its elements}
     *
     * @param <E>   the elements
     * @param bytes how many bytes all encoded elements together may have that are in it at once, each rounded up to a multiple of 8 and with 8 more; of
     *              one that is longer than a quarter of that, only a quarter counts
     * @param codec how they are encoded
     * @throws IllegalArgumentException               if that is less than 256 or more than 2 GiB
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    public static <E> Queue<E> ofBytes(long bytes, Codec<E> codec) {
        return new Queue<>(new Bounds(0, QueueSizes.requireBytes("Queue", bytes)), codec);
    }

    /**
     * {@return a new queue that is bounded by the number of its elements and by their bytes}
     *
     * @param <E>      the elements
     * @param elements as for {@link #Queue(int, Codec)}
     * @param bytes    as for {@link #ofBytes}
     * @param codec    how they are encoded
     * @throws IllegalArgumentException               if one of the two is out of range
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    public static <E> Queue<E> of(int elements, long bytes, Codec<E> codec) {
        return new Queue<>(new Bounds(QueueSizes.requireElements("Queue", elements), QueueSizes.requireBytes("Queue", bytes)), codec);
    }

    /**
     * Opens the queue of a name in a space, which is created if there is none. However many processes do so at once, they get the same queue.
     *
     * @param <E>      the elements
     * @param space    where
     * @param name     1 to 128 ASCII letters, digits, dots, dashes and underscores
     * @param elements as for {@link #Queue(int, Codec)}; all who open it must mean the same
     * @param codec    how they are encoded; all who open it must mean the same, which nobody checks
     * @return the queue
     * @throws IllegalArgumentException               if that is no name for an object, or no size
     * @throws IllegalStateException                  if something else than such a queue has the name
     * @throws dev.kindred.SpaceClosedException       if the space is closed
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left for a new one
     */
    public static <E> Queue<E> open(Space space, String name, int elements, Codec<E> codec) {
        return new Queue<>(Bounds.ofElements("Queue", elements).open(space, name), codec);
    }

    /**
     * How much there can be in a queue.
     *
     * @param elements the most elements, 0 for any number
     * @param bytes    the most bytes, 0 for any number
     */
    private record Bounds(int elements, long bytes) {

        static Bounds ofElements(String type, int elements) {
            return new Bounds(QueueSizes.requireElements(type, elements), 0);
        }

        Block create() {
            return QueueBlocks.create(RecordRing.size(elements, bytes), (words, offset) -> RecordRing.initialize(words, offset, elements, bytes));
        }

        Block open(Space space, String name) {
            NamedObject object = new NamedObject(name, "Queue", "of " + elements + " elements", false);
            return QueueBlocks.openOrCreate(space, object, RecordRing.size(elements, bytes),
                    (words, offset) -> RecordRing.initialize(words, offset, elements, bytes));
        }
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
            return new Queue<>(Inheritance.adopt(block), codec);
        }
    }
}
