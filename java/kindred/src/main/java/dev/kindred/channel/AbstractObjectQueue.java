// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

import java.io.Serial;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import dev.kindred.internal.codec.ByteSink;
import dev.kindred.internal.ring.ElementStore;
import dev.kindred.internal.ring.Ring;
import dev.kindred.internal.space.Block;
import dev.kindred.internal.sync.Deadlines;
import dev.kindred.internal.words.Words;
import org.jspecify.annotations.Nullable;

/**
 * What the queues of objects have in common.
 *
 * @param <E> the elements
 */
abstract sealed class AbstractObjectQueue<E> extends AbstractRingQueue implements BlockingQueue<E> permits Queue, JoinableQueue {

    @Serial
    private static final long serialVersionUID = 1;

    final transient ElementStore elements;
    final transient Codec<E> codec;

    AbstractObjectQueue(String type, Block block, ElementStore elements, Codec<E> codec) {
        super(type, block, elements.ring());
        this.elements = elements;
        this.codec = codec;
    }

    // Putting

    /**
     * Puts an element, waiting as long as there is no room and the thread is not interrupted. The wait ends when elements were taken.
     *
     * @param element the element, which is encoded here and now: what is changed in it later, nobody sees
     * @throws UnencodableElementException            if it cannot be encoded; nothing was put
     * @throws NullPointerException                   if it is null
     * @throws InterruptedException                   if the thread is or gets interrupted; its interrupt status is cleared and nothing was put
     * @throws QueueShutDownException                 if the queue is or gets shut down; nothing was put
     * @throws QueueClosedException                   if this process has closed it
     * @throws dev.kindred.OutOfSharedMemoryException if it is a large one for which there is no shared memory left; nothing was put
     * @throws dev.kindred.SpaceClosedException       if this process has left the space that the queue is of
     */
    @Override
    public final void put(E element) throws InterruptedException {
        ByteSink bytes = Encoding.encode(codec, element);
        try {
            core.beginInterruptibly();
            boolean _ = core.isDone(elements.put(bytes.array(), 0, bytes.size(), Words.NO_DEADLINE, true));
        } finally {
            Encoding.done(bytes);
        }
    }

    /**
     * Puts an element, waiting for room for a time at most.
     *
     * @param element as for {@link #put}
     * @param time    how long; zero or less does not wait at all
     * @param unit    the unit of {@code time}
     * @return whether it was put
     * @throws InterruptedException as for {@link #put}, as are the others
     */
    @Override
    public final boolean offer(E element, long time, TimeUnit unit) throws InterruptedException {
        ByteSink bytes = Encoding.encode(codec, element);
        try {
            core.beginInterruptibly();
            return core.isDone(elements.put(bytes.array(), 0, bytes.size(), Deadlines.after(time, unit), true));
        } finally {
            Encoding.done(bytes);
        }
    }

    /**
     * Puts an element if there is room, without waiting for it.
     *
     * @param element as for {@link #put}
     * @return whether it was put
     * @throws QueueShutDownException as for {@link #put}, as are the others
     */
    @Override
    public final boolean offer(E element) {
        ByteSink bytes = Encoding.encode(codec, element);
        try {
            core.requireOpen();
            return core.isDoneAtOnce(elements.put(bytes.array(), 0, bytes.size(), Words.AT_ONCE, false));
        } finally {
            Encoding.done(bytes);
        }
    }

    /**
     * Puts an element if there is room, without waiting for it.
     *
     * @param element as for {@link #put}
     * @return true
     * @throws QueueFullException     if there is none
     * @throws QueueShutDownException as for {@link #put}, as are the others
     */
    @Override
    public final boolean add(E element) {
        if (!offer(element)) {
            throw core.full();
        }
        return true;
    }

    /**
     * Puts elements one after the other, waiting as long as there is no room for the next. They are taken in their order, but those of others may lie
     * between them.
     *
     * @param all as for {@link #put}
     * @throws UnencodableElementException as for {@link #put}, as are the others; the elements before the one it happened at were put
     * @throws InterruptedException        as for {@link #put}
     */
    public final void putAll(Iterable<? extends E> all) throws InterruptedException {
        for (E element : all) {
            put(element);
        }
    }

    // Taking

    /**
     * Takes an element, waiting as long as there is none and the thread is not interrupted. The wait ends when one was put and no other thread was faster
     * to take it.
     *
     * @return the element
     * @throws UndecodableElementException      if it cannot be decoded; it was taken, and the queue goes on
     * @throws InterruptedException             if the thread is or gets interrupted; its interrupt status is cleared and nothing was taken
     * @throws QueueShutDownException           if the queue is or gets shut down and there is nothing left
     * @throws QueueClosedException             if this process has closed it
     * @throws dev.kindred.SpaceClosedException if this process has left the space that the queue is of
     * @throws OutOfMemoryError                 if there is no room for the element's bytes; it is still there
     */
    @Override
    public final E take() throws InterruptedException {
        core.beginInterruptibly();
        boolean _ = core.isDone(elements.find(Words.NO_DEADLINE, true));
        return Encoding.decode(codec, elements.takeFound());
    }

    /**
     * Takes an element, waiting for one for a time at most.
     *
     * @param time how long; zero or less does not wait at all
     * @param unit the unit of {@code time}
     * @return the element, or null
     * @throws UndecodableElementException as for {@link #take}, as are the others
     * @throws InterruptedException        as for {@link #take}
     */
    @Override
    public final @Nullable E poll(long time, TimeUnit unit) throws InterruptedException {
        core.beginInterruptibly();
        return core.isDone(elements.find(Deadlines.after(time, unit), true)) ? Encoding.decode(codec, elements.takeFound()) : null;
    }

    /**
     * Takes an element if there is one, without waiting for it.
     *
     * @return the element, or null
     * @throws UndecodableElementException as for {@link #take}, as are the others
     * @throws QueueShutDownException      as for {@link #take}
     */
    @Override
    public final @Nullable E poll() {
        core.requireOpen();
        return core.isDoneAtOnce(elements.find(Words.AT_ONCE, false)) ? Encoding.decode(codec, elements.takeFound()) : null;
    }

    /**
     * Takes an element if there is one, without waiting for it.
     *
     * @return the element
     * @throws QueueEmptyException         if there is none
     * @throws UndecodableElementException as for {@link #take}, as are the others
     */
    @Override
    public final E remove() {
        E element = poll();
        if (element == null) {
            throw core.empty();
        }
        return element;
    }

    /**
     * Takes as many elements as there are and are wanted, waiting as long as there is none and the thread is not interrupted.
     *
     * @param most how many are wanted, at least 1
     * @return the elements, in their order
     * @throws IllegalArgumentException    if {@code most} is less than 1
     * @throws UndecodableElementException as for {@link #take}, as are the others; all that could be decoded are in {@link
     *                                     UndecodableElementException#others()}
     * @throws InterruptedException        as for {@link #take}
     */
    public final List<E> takeUpTo(int most) throws InterruptedException {
        if (most < 1) {
            throw new IllegalArgumentException("at least 1 element can be taken, not " + most);
        }
        core.beginInterruptibly();
        boolean _ = core.isDone(elements.find(Words.NO_DEADLINE, true));
        List<byte[]> copies = new ArrayList<>();
        elements.takeFound(most, copies);
        List<E> taken = new ArrayList<>(copies.size());
        try {
            Encoding.decodeAll(codec, copies, taken);
        } catch (UndecodableElementException e) {
            e.setOthers(taken);
            throw e;
        }
        return taken;
    }

    /**
     * Takes all elements that there are, without waiting.
     *
     * @param collection gets them, in their order; not this queue
     * @return how many were taken
     * @throws UndecodableElementException as for {@link #take}, as are the others; all that could be decoded are in the collection
     */
    @Override
    public final int drainTo(Collection<? super E> collection) {
        return drainTo(collection, Integer.MAX_VALUE);
    }

    /**
     * Takes as many elements as there are and are wanted, without waiting.
     *
     * @param collection gets them, in their order; not this queue
     * @param most       how many are wanted
     * @return how many were taken
     * @throws UndecodableElementException as for {@link #take}, as are the others; all that could be decoded are in the collection
     */
    @Override
    @SuppressWarnings("ReferenceEquality") // Queues are equal to nothing but themselves.
    public final int drainTo(Collection<? super E> collection, int most) {
        if (collection == this) {
            throw new IllegalArgumentException("a queue cannot be drained to itself");
        }
        // Not what others put meanwhile, which may have no end.
        int wanted = Math.min(Math.max(core.size(), 1), most);
        List<byte[]> copies = new ArrayList<>();
        int outcome = Ring.DONE;
        while (outcome == Ring.DONE && copies.size() < wanted) {
            outcome = elements.find(Words.AT_ONCE, false);
            if (outcome == Ring.DONE) {
                elements.takeFound(wanted - copies.size(), copies);
            }
        }
        if (copies.isEmpty()) {
            boolean _ = core.isDoneAtOnce(outcome);
        }
        Encoding.decodeAll(codec, copies, collection);
        return copies.size();
    }

    // Looking

    /**
     * Shows the element that would be taken next.
     *
     * @return a copy of it, or null if there is none
     * @throws UndecodableElementException as for {@link #take}, as are the others; it is still there
     */
    @Override
    public final @Nullable E peek() {
        core.requireOpen();
        return core.isDoneAtOnce(elements.find(Words.AT_ONCE, false)) ? Encoding.decode(codec, elements.peekAtFound()) : null;
    }

    /**
     * Shows the element that would be taken next.
     *
     * @return a copy of it
     * @throws QueueEmptyException         if there is none
     * @throws UndecodableElementException as for {@link #take}, as are the others; it is still there
     */
    @Override
    public final E element() {
        E element = peek();
        if (element == null) {
            throw core.empty();
        }
        return element;
    }

    /**
     * Shows all elements as they are at a moment. Changes of the queue afterwards do not show, and nothing can be removed.
     *
     * @return copies of them, in their order
     * @throws UndecodableElementException as for {@link #take}; it is still there
     * @throws QueueClosedException        if this process has closed it
     */
    @Override
    public final Iterator<E> iterator() {
        return snapshot().iterator();
    }

    private List<E> snapshot() {
        core.requireOpen();
        List<byte[]> copies = new ArrayList<>();
        int outcome = elements.find(Words.AT_ONCE, false);
        if (outcome == Ring.DONE) {
            elements.peekAtAll(copies);
        } else if (outcome != Ring.SHUT_DOWN) {
            boolean _ = core.isDoneAtOnce(outcome);
        }
        List<E> decoded = new ArrayList<>(copies.size());
        Encoding.decodeAll(codec, copies, decoded);
        return Collections.unmodifiableList(decoded);
    }

    /** {@return whether an element was there at a moment, as {@link #iterator()} shows them} */
    @Override
    public final boolean contains(Object element) {
        return snapshot().contains(element);
    }

    /** {@return whether all elements were there at a moment, as {@link #iterator()} shows them} */
    @Override
    public final boolean containsAll(Collection<?> all) {
        return snapshot().containsAll(all);
    }

    /** {@return copies of all elements, as {@link #iterator()} shows them} */
    @Override
    public final Object[] toArray() {
        return snapshot().toArray();
    }

    /** {@return copies of all elements, as {@link #iterator()} shows them} */
    @Override
    public final <T> T[] toArray(T[] array) {
        return snapshot().toArray(array);
    }

    /**
     * Says how much room there is.
     *
     * @return how many elements can be put without waiting, if only their number is bounded; if their bytes are, how many there is room for, of which each
     *         element takes 8 more than its own
     * @throws QueueClosedException             if this process has closed it
     * @throws dev.kindred.SpaceClosedException if this process has left the space that the queue is of
     */
    @Override
    public final int remainingCapacity() {
        return core.room();
    }

    /**
     * Says whether there is no room for another element, however small.
     *
     * @return whether there was none at some moment during the call
     * @throws QueueClosedException             if this process has closed it
     * @throws dev.kindred.SpaceClosedException if this process has left the space that the queue is of
     */
    public final boolean isFull() {
        return core.room() == 0;
    }

    /** Drops all elements that there are. */
    @Override
    public final void clear() {
        core.requireOpen();
        int _ = elements.ring().drop();
    }

    // What other queues can

    /**
     * Not supported: an element is taken only from the head.
     *
     * @throws UnsupportedOperationException always
     */
    @Override
    public final boolean remove(Object element) {
        throw onlyFromTheHead("remove(Object)");
    }

    /**
     * Not supported: an element is taken only from the head.
     *
     * @throws UnsupportedOperationException always
     */
    @Override
    public final boolean removeAll(Collection<?> all) {
        throw onlyFromTheHead("removeAll");
    }

    /**
     * Not supported: an element is taken only from the head.
     *
     * @throws UnsupportedOperationException always
     */
    @Override
    public final boolean retainAll(Collection<?> all) {
        throw onlyFromTheHead("retainAll");
    }

    /**
     * Not supported: an element is taken only from the head.
     *
     * @throws UnsupportedOperationException always
     */
    @Override
    public final boolean removeIf(Predicate<? super E> filter) {
        throw onlyFromTheHead("removeIf");
    }

    private static UnsupportedOperationException onlyFromTheHead(String method) {
        return new UnsupportedOperationException(method + ": elements of this queue can be taken only from its head");
    }

    /**
     * Puts elements if there is room for them, without waiting.
     *
     * @param all as for {@link #put}; not this queue
     * @return whether there were any
     * @throws QueueFullException     if there is no room for one of them; those before it were put
     * @throws QueueShutDownException as for {@link #put}, as are the others
     */
    @Override
    @SuppressWarnings("ReferenceEquality") // Queues are equal to nothing but themselves.
    public final boolean addAll(Collection<? extends E> all) {
        if (all == this) {
            throw new IllegalArgumentException("a queue cannot be added to itself");
        }
        boolean any = false;
        for (E element : all) {
            any |= add(Objects.requireNonNull(element));
        }
        return any;
    }
}
