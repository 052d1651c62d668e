// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

import java.io.ObjectStreamException;
import java.io.Serial;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import dev.kindred.Space;
import dev.kindred.internal.inheritance.Inheritance;
import dev.kindred.internal.ring.Elements;
import dev.kindred.internal.ring.RecordRing;
import dev.kindred.internal.ring.Ring;
import dev.kindred.internal.space.Block;
import dev.kindred.internal.space.NamedObject;
import dev.kindred.internal.sync.Deadlines;
import dev.kindred.internal.words.Words;
import org.jspecify.annotations.Nullable;

/**
 * A queue of messages that are bytes, in shared memory: any number of threads and processes put and take.
 *
 * {@snippet :
 * ByteQueue queue = new ByteQueue(1 << 20);
 * ChildProcess child = ChildProcess.start(() -> queue.put("done".getBytes(StandardCharsets.UTF_8)));
 * System.out.println(new String(queue.take(), StandardCharsets.UTF_8));
 * child.join();
 * }
 *
 * <p>A message is there for others when {@code put} returns, in the order of the puts, and stays whatever becomes of the process that put it. It has any
 * length, none included; one that is longer than a quarter of the queue gets a block of shared memory of its own. {@code put} waits as long as there
 * is no room, {@code take} as long as there is nothing; both make no garbage but the arrays that are returned.
 *
 * <p>A message need not be copied twice: {@link #claim} gives room in the queue to write it, and {@link #read} shows messages where they are.
 *
 * <p>Threads and virtual threads of all processes of a family may call every method at any time. It is shared with children by inheritance, and with
 * processes that are not related by its name in a {@link Space}.
 *
 * <p><b>When a process ends</b>, killed or not, the queue and what is in it stay as they were: a message that it was putting is there as a whole or not
 * at all, and one that it was taking is there or was taken, and then is gone with it. Nobody waits for it: who would have been woken by it is. A process
 * that is merely stopped while it puts or takes keeps the others that do the same waiting, for that moment longer than usual; a call with a deadline
 * ends at that.
 *
 * <p><b>Memory consistency effects:</b> what a thread did before it put a message happens-before what another, of whatever process, does after it has
 * taken it, on all memory that the two share.
 */
public final class ByteQueue extends AbstractRingQueue {

    @Serial
    private static final long serialVersionUID = 1;

    /** Shows a message where it is. */
    @FunctionalInterface
    public interface MessageHandler {

        /**
         * Handles a message. It is taken when this returns or throws, and then the bytes are no longer its: what is needed of it later is to be copied.
         * If this process is killed before, another finds the message again.
         *
         * @param memory where it is, to be read only
         * @param offset where in that it begins
         * @param length how many bytes it has
         */
        void onMessage(MemorySegment memory, long offset, int length);
    }

    private final transient Elements elements;
    private final transient RecordRing ring;

    /** What {@link #claim} gives room in. */
    private final transient MemorySegment memory;

    /** Who has claimed room and not committed or aborted, if any. */
    private transient @Nullable Thread claimer;

    /**
     * Creates a queue.
     *
     * @param bytes how many bytes all messages together may have that are in it at once, each rounded up to a multiple of 8 and with 8 more; of one that
     *              is longer than a quarter of that, only a quarter counts
     * @throws IllegalArgumentException               if that is less than 256 or more than 2 GiB
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    public ByteQueue(long bytes) {
        this(allocate(QueueSizes.requireBytes("ByteQueue", bytes)));
    }

    /**
     * Opens the queue of a name in a space, which is created if there is none. However many processes do so at once, they get the same queue.
     *
     * @param space where
     * @param name  1 to 128 ASCII letters, digits, dots, dashes and underscores
     * @param bytes as for {@link #ByteQueue(long)}; all who open it must mean the same
     * @return the queue
     * @throws IllegalArgumentException               if that is no name for an object, or no size
     * @throws IllegalStateException                  if something else than such a queue has the name
     * @throws dev.kindred.SpaceClosedException       if the space is closed
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left for a new one
     */
    public static ByteQueue open(Space space, String name, long bytes) {
        long most = QueueSizes.requireBytes("ByteQueue", bytes);
        NamedObject object = new NamedObject(name, "ByteQueue", "of " + most + " bytes", false);
        return new ByteQueue(QueueBlocks.openOrCreate(space, object, RecordRing.size(0, most),
                (words, offset) -> RecordRing.initialize(words, offset, 0, most)));
    }

    private static Block allocate(long bytes) {
        return QueueBlocks.create(RecordRing.size(0, bytes), (words, offset) -> RecordRing.initialize(words, offset, 0, bytes));
    }

    ByteQueue(Block block) {
        this(block, new Elements(block));
    }

    private ByteQueue(Block block, Elements elements) {
        super("ByteQueue", block, elements.ring());
        this.elements = elements;
        ring = elements.ring();
        memory = block.view();
    }

    /**
     * Puts a message, waiting as long as there is no room and the thread is not interrupted. The wait ends when messages were taken.
     *
     * @param message the bytes, which are copied
     * @throws InterruptedException                   if the thread is or gets interrupted; its interrupt status is cleared and nothing was put
     * @throws QueueShutDownException                 if it is or gets shut down; nothing was put
     * @throws QueueClosedException                   if this process has closed it
     * @throws dev.kindred.OutOfSharedMemoryException if it is a long message for which there is no shared memory left; nothing was put
     * @throws dev.kindred.SpaceClosedException       if this process has left the space that the queue is of
     */
    public void put(byte[] message) throws InterruptedException {
        put(message, 0, message.length);
    }

    /**
     * The same for a part of an array.
     *
     * @param bytes  hold the message
     * @param from   where it begins
     * @param length how many bytes it has
     * @throws IndexOutOfBoundsException if the array has no such part
     * @throws InterruptedException      as for {@link #put(byte[])}, as are the others
     */
    public void put(byte[] bytes, int from, int length) throws InterruptedException {
        Objects.checkFromIndexSize(from, length, bytes.length);
        core.beginInterruptibly();
        boolean _ = core.isDone(elements.put(bytes, from, length, Words.NO_DEADLINE, true));
    }

    /**
     * The same for a message in memory, of any length.
     *
     * @param message all of it
     * @throws InterruptedException as for {@link #put(byte[])}, as are the others
     */
    public void put(MemorySegment message) throws InterruptedException {
        core.beginInterruptibly();
        boolean _ = core.isDone(elements.put(message, Words.NO_DEADLINE, true));
    }

    /**
     * Puts a message if there is room, without waiting for it.
     *
     * @param message the bytes, which are copied
     * @return whether it was put
     * @throws QueueShutDownException as for {@link #put(byte[])}, as are the others
     */
    public boolean offer(byte[] message) {
        return offer(message, 0, message.length);
    }

    /**
     * The same for a part of an array.
     *
     * @param bytes  hold the message
     * @param from   where it begins
     * @param length how many bytes it has
     * @return whether it was put
     * @throws IndexOutOfBoundsException if the array has no such part
     * @throws QueueShutDownException    as for {@link #put(byte[])}, as are the others
     */
    public boolean offer(byte[] bytes, int from, int length) {
        Objects.checkFromIndexSize(from, length, bytes.length);
        core.requireOpen();
        return core.isDoneAtOnce(elements.put(bytes, from, length, Words.AT_ONCE, false));
    }

    /**
     * Puts a message, waiting for room for a time at most.
     *
     * @param message the bytes, which are copied
     * @param time    how long; zero or less does not wait at all
     * @param unit    the unit of {@code time}
     * @return whether it was put
     * @throws InterruptedException as for {@link #put(byte[])}, as are the others
     */
    public boolean offer(byte[] message, long time, TimeUnit unit) throws InterruptedException {
        core.beginInterruptibly();
        return core.isDone(elements.put(message, 0, message.length, Deadlines.after(time, unit), true));
    }

    /**
     * Puts messages of equal length one after the other, waiting as long as there is no room for the next. They are taken in their order, but messages of
     * others may lie between them.
     *
     * @param messages all of them, one behind the other
     * @param length   how many bytes each has, at least 1 and at most a quarter of the queue
     * @throws IllegalArgumentException if the segment is not made of whole messages, or they are longer than that
     * @throws InterruptedException     as for {@link #put(byte[])}, as are the others; messages before the interruption were put
     */
    public void putAll(MemorySegment messages, int length) throws InterruptedException {
        if (length < 1 || messages.byteSize() % length != 0 || ring.isLarge(length)) {
            throw new IllegalArgumentException("messages of " + length + " bytes cannot be put together out of " + messages.byteSize()
                    + " bytes: their length must be a divisor of that, and at most a quarter of the queue");
        }
        core.beginInterruptibly();
        long put = 0;
        while (put < messages.byteSize()) {
            if (core.isDone(ring.claim(length, Words.NO_DEADLINE, true))) {
                put = writeAndPublish(messages, put, length);
            }
        }
    }

    /** {@return how far the messages have been put} Room for the first is claimed. */
    private long writeAndPublish(MemorySegment messages, long from, int length) {
        long written = from;
        try {
            do {
                MemorySegment.copy(messages, written, elements.block().memory(), ring.claimed(), length);
                written += length;
            } while (written < messages.byteSize() && ring.claimNext(length));
        } catch (RuntimeException e) {
            ring.cancel();
            throw e;
        }
        ring.publish();
        return written;
    }

    /**
     * Takes a message, waiting as long as there is none and the thread is not interrupted. The wait ends when one was put and no other thread was faster
     * to take it.
     *
     * @return the message
     * @throws InterruptedException             if the thread is or gets interrupted; its interrupt status is cleared and nothing was taken
     * @throws QueueShutDownException           if it is or gets shut down and there is nothing left
     * @throws QueueClosedException             if this process has closed it
     * @throws dev.kindred.SpaceClosedException if this process has left the space that the queue is of
     * @throws OutOfMemoryError                 if there is no room for the message; it is still there
     */
    public byte[] take() throws InterruptedException {
        core.beginInterruptibly();
        boolean _ = core.isDone(elements.find(Words.NO_DEADLINE, true));
        return elements.takeFound();
    }

    /**
     * Takes a message if there is one, without waiting for it.
     *
     * @return the message, or null
     * @throws QueueShutDownException as for {@link #take()}, as are the others
     */
    public byte @Nullable [] poll() {
        core.requireOpen();
        return core.isDoneAtOnce(elements.find(Words.AT_ONCE, false)) ? elements.takeFound() : null;
    }

    /**
     * Takes a message, waiting for one for a time at most.
     *
     * @param time how long; zero or less does not wait at all
     * @param unit the unit of {@code time}
     * @return the message, or null
     * @throws InterruptedException as for {@link #take()}, as are the others
     */
    public byte @Nullable [] poll(long time, TimeUnit unit) throws InterruptedException {
        core.beginInterruptibly();
        return core.isDone(elements.find(Deadlines.after(time, unit), true)) ? elements.takeFound() : null;
    }

    /**
     * Takes a message into an array, waiting as long as there is none and the thread is not interrupted.
     *
     * @param bytes gets it
     * @param from  where in the array it is to begin
     * @return how many bytes it has
     * @throws IndexOutOfBoundsException if {@code from} is not in the array, nor at its end, or the message has more bytes than there is room for; then
     *                                   it is still in the queue
     * @throws InterruptedException      as for {@link #take()}, as are the others
     */
    public int take(byte[] bytes, int from) throws InterruptedException {
        Objects.checkIndex(from, bytes.length + 1);
        core.beginInterruptibly();
        boolean _ = core.isDone(elements.find(Words.NO_DEADLINE, true));
        return takeFound(bytes, from);
    }

    /**
     * Takes a message into an array if there is one, without waiting for it.
     *
     * @param bytes gets it
     * @param from  where in the array it is to begin
     * @return how many bytes it has, or -1 if there is none
     * @throws IndexOutOfBoundsException if {@code from} is not in the array, nor at its end, or the message has more bytes than there is room for; then
     *                                   it is still in the queue
     * @throws QueueShutDownException    as for {@link #take()}, as are the others
     */
    public int poll(byte[] bytes, int from) {
        Objects.checkIndex(from, bytes.length + 1);
        core.requireOpen();
        return core.isDoneAtOnce(elements.find(Words.AT_ONCE, false)) ? takeFound(bytes, from) : -1;
    }

    private int takeFound(byte[] bytes, int from) {
        long length = elements.length();
        if (length > bytes.length - from) {
            elements.leave();
            throw new IndexOutOfBoundsException("a message of " + length + " bytes does not fit into the " + (bytes.length - from)
                    + " bytes that the array has from " + from + " on; it is still in " + core);
        }
        elements.copyTo(bytes, from);
        elements.take();
        return (int) length;
    }

    /**
     * Claims room for a message, waiting as long as there is none and the thread is not interrupted. The same thread then writes the message and calls
     * {@link #commit} or {@link #abort}, soon: until then no other thread can put anything. If its process is killed before, the message was never put.
     *
     * @param length how many bytes it has, at most a quarter of the queue
     * @return where in {@link #memory} it is to be written
     * @throws IllegalArgumentException if it is longer than that
     * @throws IllegalStateException    if the calling thread has a claim already
     * @throws InterruptedException     as for {@link #put(byte[])}, as are the others
     */
    public long claim(int length) throws InterruptedException {
        requireClaimable(length);
        core.beginInterruptibly();
        boolean _ = core.isDone(ring.claim(length, Words.NO_DEADLINE, true));
        return claimed();
    }

    /**
     * Claims room for a message if there is any, without waiting for it, as {@link #claim} does.
     *
     * @param length how many bytes it has, at most a quarter of the queue
     * @return where in {@link #memory} it is to be written, or -1
     * @throws IllegalArgumentException if it is longer than that
     * @throws IllegalStateException    if the calling thread has a claim already
     * @throws QueueShutDownException   as for {@link #put(byte[])}, as are the others
     */
    public long tryClaim(int length) {
        requireClaimable(length);
        core.requireOpen();
        return core.isDoneAtOnce(ring.claim(length, Words.AT_ONCE, false)) ? claimed() : -1;
    }

    private void requireClaimable(int length) {
        if (length < 0 || ring.isLarge(length)) {
            throw new IllegalArgumentException("room for " + length + " bytes cannot be claimed: at most a quarter of the queue can, use put for more");
        }
        if (claimer == Thread.currentThread()) {
            throw new IllegalStateException("this thread has a claim already, which it must commit or abort first");
        }
    }

    private long claimed() {
        claimer = Thread.currentThread();
        return ring.claimed() - elements.block().offset();
    }

    /** {@return the memory in which {@link #claim} gives room} Nothing else of it may be touched. */
    public MemorySegment memory() {
        return memory;
    }

    /**
     * Puts the message that was written into the room that this thread has claimed.
     *
     * @throws IllegalStateException if this thread has no claim
     */
    public void commit() {
        endClaim();
        try {
            ring.publish();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Gives back the room that this thread has claimed; nothing is put.
     *
     * @throws IllegalStateException if this thread has no claim
     */
    public void abort() {
        endClaim();
        try {
            ring.cancel();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    private void endClaim() {
        if (claimer != Thread.currentThread()) {
            throw new IllegalStateException("this thread has claimed no room in the queue");
        }
        claimer = null;
    }

    /**
     * Takes the messages that there are, without waiting and without copying them: a handler sees them where they are. While it runs, no other thread can
     * take anything, so it is for queues from which one thread takes, or for handlers that are done soon.
     *
     * <p>All of them are let go of at once in the end. If this process is killed before, others find them again.
     *
     * @param handler what sees each message; what it throws ends this call, with the message before it and it itself taken
     * @param limit   how many at most
     * @return how many were taken
     * @throws QueueShutDownException as for {@link #take()}, as are the others
     */
    public int read(MessageHandler handler, int limit) {
        core.requireOpen();
        if (limit <= 0 || !core.isDoneAtOnce(elements.find(Words.AT_ONCE, false))) {
            return 0;
        }
        return ring.isParcel() ? readParcel(handler) : readRecords(handler, limit);
    }

    private int readRecords(MessageHandler handler, int limit) {
        int handled = 0;
        boolean more = false;
        boolean beforeParcel = false;
        try {
            do {
                handled++;
                handler.onMessage(memory, ring.found() - elements.block().offset(), ring.bytes());
                more = handled < limit && ring.findNext();
                beforeParcel = more && ring.isParcel();
            } while (more && !beforeParcel);
        } finally {
            if (beforeParcel) {
                elements.leave();
            } else {
                elements.take();
            }
        }
        return handled;
    }

    private int readParcel(MessageHandler handler) {
        byte[] copy = elements.takeFound();
        handler.onMessage(MemorySegment.ofArray(copy), 0, copy.length);
        return 1;
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
            return new ByteQueue(Inheritance.adopt(block));
        }
    }
}
