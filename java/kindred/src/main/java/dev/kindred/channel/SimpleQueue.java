// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamException;
import java.io.Serial;
import java.io.Serializable;

import dev.kindred.Waitable;
import dev.kindred.internal.poll.WaitCollector;


/**
 * A queue for the smallest case: put, take, and nothing to choose.
 *
 * {@snippet :
 * SimpleQueue<String> answers = new SimpleQueue<>();
 * ChildProcess child = ChildProcess.start(() -> answers.put("hello"));
 * System.out.println(answers.take());
 * child.join();
 * }
 *
 * <p>It is a {@link Queue} of objects with room for 64 KiB of them, as a pipe has, and has no other way to be used than waiting. All that is said there holds
 * here.
 *
 * @param <E> the elements
 */
public final class SimpleQueue<E> implements Waitable, AutoCloseable, Serializable {

    @Serial
    private static final long serialVersionUID = 1;

    private static final long BYTES = 1 << 16;

    private final transient Queue<E> queue;

    /**
     * Creates a queue.
     *
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    public SimpleQueue() {
        this(Queue.ofBytes(BYTES, Codec.objects()));
    }

    private SimpleQueue(Queue<E> queue) {
        this.queue = queue;
    }

    /**
     * Puts an element, waiting as long as there is no room and the thread is not interrupted.
     *
     * @param element the element, as for {@link Queue#put}
     * @throws InterruptedException        if the thread is or gets interrupted; its interrupt status is cleared and nothing was put
     * @throws UnencodableElementException as for {@link Queue#put}, as are the others
     */
    public void put(E element) throws InterruptedException {
        queue.put(element);
    }

    /**
     * Takes an element, waiting as long as there is none and the thread is not interrupted.
     *
     * @return the element
     * @throws InterruptedException        if the thread is or gets interrupted; its interrupt status is cleared and nothing was taken
     * @throws UndecodableElementException as for {@link Queue#take}, as are the others
     */
    public E take() throws InterruptedException {
        return queue.take();
    }

    /**
     * Says whether it is empty.
     *
     * @return whether it was at some moment during the call
     * @throws QueueClosedException if this process has closed it
     */
    public boolean isEmpty() {
        return queue.isEmpty();
    }

    /**
     * Says whether something can be taken without waiting, or nothing ever again.
     *
     * @return whether that was so at some moment during the call
     * @throws QueueClosedException             if this process has closed it
     * @throws dev.kindred.SpaceClosedException if this process has left the space that the queue is of
     */
    @Override
    public boolean isReady() {
        return queue.isReady();
    }

    @Override
    @SuppressWarnings("exports")
    public void collect(WaitCollector collector) {
        queue.collect(collector);
    }

    /** Ends the use of it by this process. For others, nothing changes. Calls that have begun go on. */
    @Override
    public void close() {
        queue.close();
    }

    /** {@return the type and how many elements are in it} */
    @Override
    public String toString() {
        return "Simple" + queue;
    }

    /**
     * Gives way to a ticket while a child is being started.
     *
     * @return the ticket
     * @throws ObjectStreamException at any other time
     */
    @Serial
    private Object writeReplace() throws ObjectStreamException {
        return new Ticket<>(queue);
    }

    @Serial
    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a queue arrives as a ticket");
    }

    /** How it travels to a child: as the queue that it is. */
    private record Ticket<E>(Queue<E> queue) implements Serializable {

        @Serial
        private Object readResolve() {
            return new SimpleQueue<>(queue);
        }
    }
}
