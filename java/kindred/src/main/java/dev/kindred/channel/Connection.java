// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectStreamException;
import java.io.Serial;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.time.Duration;

import dev.kindred.SystemCallException;
import dev.kindred.Waitable;
import dev.kindred.internal.inheritance.Inheritance;
import dev.kindred.internal.os.Descriptors;
import dev.kindred.internal.os.Errno;
import dev.kindred.internal.os.Sockets;
import dev.kindred.internal.poll.WaitCollector;
import dev.kindred.internal.sync.Deadlines;
import dev.kindred.internal.words.Words;
import org.jspecify.annotations.Nullable;

/**
 * One end of a {@link Pipe} or of what a {@link Listener} and a {@link Client} have made: sends and receives messages, whole ones and in order.
 *
 * {@snippet :
 * try (Pipe pipe = Pipe.oneWay()) {
 *     ChildProcess child = ChildProcess.start(() -> {
 *         for (int i = 0; i < 3; i++) {
 *             pipe.second().send(List.of("square", i * i));
 *         }
 *     });
 *     pipe.second().close();   // or the end would never come
 *     try {
 *         while (true) {
 *             System.out.println(pipe.first().receive());
 *         }
 *     } catch (EndOfChannelException end) {
 *         child.join();
 *     }
 * }
 * }
 *
 * <p><b>Messages</b> are bytes or objects, of any length; which of the two is agreed upon by those who talk. On the wire they are those of Python's
 * {@code multiprocessing.connection}: the same bytes by {@code send_bytes} and {@code recv_bytes}.
 *
 * <p><b>Threads.</b> All methods may be called from any thread, platform or virtual, also at once: each message is sent and received as a whole, one
 * after the other. That holds for the threads of a process. Processes that use the same end at once must take turns by a
 * {@link dev.kindred.sync.Lock}.
 *
 * <p><b>Waiting.</b> A send waits while the other end does not receive and the kernel's buffer is full; a receive waits for a message. Each has a form with a
 * time; one of zero or less does not wait. An interrupt ends a wait with an {@link InterruptedException}, and so does closing the connection, with a
 * {@link ChannelClosedException}. What a receive that gave up had received of a message is kept for the next. A send that gave up when a part of its message
 * had gone has spoiled the connection for sending, as the rest can never follow: further ones throw a {@link ChannelException} that says so. If nothing had
 * gone, nothing is spoiled.
 *
 * <p><b>When a process ends</b>, killed or not, its end is closed. What it had sent can still be received; then comes an {@link EndOfChannelException}, which
 * tells whether a message was cut. A send throws a {@link BrokenPipeException}. Both only when no process has the other end open any more.
 *
 * <p><b>What arrives</b> is not trusted: a length that is none ends the receiving, one above the {@linkplain #setMaximumLength(long) maximum} is refused before
 * anything is allocated, objects are decoded through a filter ({@link #setObjectFilter(ObjectInputFilter)}), descriptors that were not asked for are
 * closed.
 *
 * <p><b>Travelling.</b> A child inherits it, and over a connection that is a Unix socket it can be sent at any time, inside of what {@link #send(Object)} is
 * given; here it stays open. So can a {@link Descriptor}. A connection of which a message is received in part does not travel.
 *
 * <p><b>Memory consistency effects:</b> what a thread did before it sent a message happens-before what another, of whatever process, does after it has received
 * it, on all memory that the two share.
 *
 * <p>One that is forgotten is closed when it becomes unreachable.
 */
public final class Connection implements Waitable, AutoCloseable, Serializable {

    @Serial
    private static final long serialVersionUID = 1;

    private final transient Transport transport;
    private final transient Cleaner.Cleanable closing;
    private final transient boolean readable;
    private final transient boolean writable;

    /** Whether both ends are of one family, and trust each other as far as the JVM-wide filter lets them. */
    private final transient boolean isOfFamily;

    private transient volatile @Nullable ObjectInputFilter filter;

    /** What travels in place of a connection. */
    private record Ticket(int index, ByteStream.Kind kind, boolean readable, boolean writable, boolean isOfFamily, long maximum) implements Serializable {
        @Serial
        private Object readResolve() throws InvalidObjectException {
            Connection connection = new Connection(Inheritance.descriptor(index), kind, readable, writable, isOfFamily);
            connection.setMaximumLength(maximum);
            return connection;
        }
    }

    /** Takes the number over. */
    private Connection(int number, ByteStream.Kind kind, boolean readable, boolean writable, boolean isOfFamily) {
        this.transport = new Transport(number, kind);
        this.closing = transport.closeWhenUnreachable(this);
        this.readable = readable;
        this.writable = writable;
        this.isOfFamily = isOfFamily;
    }

    /** {@return one of a pipe, whose number it takes over} */
    static Connection ofFamily(int number, ByteStream.Kind kind, boolean readable, boolean writable) {
        return new Connection(number, kind, readable, writable, true);
    }

    /** {@return one with a peer that may be anybody, whose number it takes over} */
    static Connection ofStranger(int number, ByteStream.Kind kind) {
        return new Connection(number, kind, true, true, false);
    }

    /**
     * {@return a connection over a stream socket that is connected already} The peer may be anybody, as that of a {@link Client}. The connection has a number of
     * its own and is closed by itself.
     *
     * @param socket an open descriptor of the socket; it may be closed afterwards
     * @throws IllegalArgumentException        if it is no socket
     * @throws IllegalStateException           if the descriptor is closed
     * @throws dev.kindred.SystemCallException if it is not connected, or this process may have no more descriptors
     */
    public static Connection of(Descriptor socket) {
        int number = Descriptors.duplicate(socket.number());
        try {
            boolean isUnix = Sockets.inetAddress(number, true) == null;
            return ofStranger(number, isUnix ? ByteStream.Kind.UNIX_SOCKET : ByteStream.Kind.SOCKET);
        } catch (SystemCallException e) {
            Descriptors.close(number);
            if (e.errno() == Errno.ENOTSOCK) {
                throw new IllegalArgumentException(socket + " is no socket: a connection needs one that is connected", e);
            }
            throw e;
        } finally {
            Reference.reachabilityFence(socket);
        }
    }

    // Sending

    /**
     * Sends bytes.
     *
     * @param bytes all of them are one message
     * @throws InterruptedException if the thread is or gets interrupted; its interrupt status is cleared
     * @throws ChannelException     if nobody receives ({@link BrokenPipeException}), the connection is closed, or an earlier send was given up half-way
     * @throws UnsupportedOperationException if this is the receiving end of a one-way pipe
     */
    public void sendBytes(byte[] bytes) throws InterruptedException {
        send(Bytes.of(bytes), Words.NO_DEADLINE);
    }

    /**
     * Sends bytes, within a time.
     *
     * @param bytes   all of them are one message
     * @param timeout how long to wait; zero or less does not wait
     * @throws ChannelTimeoutException if the time was up before all had gone
     * @throws InterruptedException    as {@link #sendBytes(byte[])} does, and so all else
     */
    public void sendBytes(byte[] bytes, Duration timeout) throws InterruptedException {
        send(Bytes.of(bytes), Deadlines.after(timeout));
    }

    /**
     * Sends a part of an array.
     *
     * @param bytes  the array
     * @param offset where the message begins
     * @param size   how long it is
     * @throws IndexOutOfBoundsException if it is not within the array
     * @throws InterruptedException      as {@link #sendBytes(byte[])} does, and so all else
     */
    public void sendBytes(byte[] bytes, int offset, int size) throws InterruptedException {
        send(Bytes.of(bytes, offset, size), Words.NO_DEADLINE);
    }

    /**
     * Sends a part of an array, within a time.
     *
     * @param bytes   the array
     * @param offset  where the message begins
     * @param size    how long it is
     * @param timeout how long to wait; zero or less does not wait
     * @throws IndexOutOfBoundsException if it is not within the array
     * @throws ChannelTimeoutException   if the time was up before all had gone
     * @throws InterruptedException      as {@link #sendBytes(byte[])} does, and so all else
     */
    public void sendBytes(byte[] bytes, int offset, int size, Duration timeout) throws InterruptedException {
        send(Bytes.of(bytes, offset, size), Deadlines.after(timeout));
    }

    /**
     * Sends what remains of a buffer, and then moves its position to its limit.
     *
     * @param bytes the message
     * @throws InterruptedException as {@link #sendBytes(byte[])} does, and so all else
     */
    public void sendBytes(ByteBuffer bytes) throws InterruptedException {
        send(Bytes.of(MemorySegment.ofBuffer(bytes)), Words.NO_DEADLINE);
        bytes.position(bytes.limit());
    }

    /**
     * Sends what remains of a buffer, within a time, and then moves its position to its limit.
     *
     * @param bytes   the message
     * @param timeout how long to wait; zero or less does not wait
     * @throws ChannelTimeoutException if the time was up before all had gone
     * @throws InterruptedException    as {@link #sendBytes(byte[])} does, and so all else
     */
    public void sendBytes(ByteBuffer bytes, Duration timeout) throws InterruptedException {
        send(Bytes.of(MemorySegment.ofBuffer(bytes)), Deadlines.after(timeout));
        bytes.position(bytes.limit());
    }

    /**
     * Sends what a segment holds, for example a part of a shared array. It may be longer than an array can be.
     *
     * @param bytes the message
     * @throws InterruptedException as {@link #sendBytes(byte[])} does, and so all else
     */
    public void sendBytes(MemorySegment bytes) throws InterruptedException {
        send(Bytes.of(bytes), Words.NO_DEADLINE);
    }

    /**
     * Sends what a segment holds, within a time.
     *
     * @param bytes   the message
     * @param timeout how long to wait; zero or less does not wait
     * @throws ChannelTimeoutException if the time was up before all had gone
     * @throws InterruptedException    as {@link #sendBytes(byte[])} does, and so all else
     */
    public void sendBytes(MemorySegment bytes, Duration timeout) throws InterruptedException {
        send(Bytes.of(bytes), Deadlines.after(timeout));
    }

    private void send(Bytes body, long deadline) throws InterruptedException {
        send(body, ByteStream.noDescriptors(), deadline);
    }

    private void send(Bytes body, int[] descriptors, long deadline) throws InterruptedException {
        if (!writable) {
            throw new UnsupportedOperationException("the " + transport.stream() + " is the receiving end of a one-way pipe: send over the other");
        }
        try {
            transport.sender().send(body, descriptors, deadline);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** Sends bytes by a deadline that others share. */
    void sendUntil(byte[] bytes, long deadline) throws InterruptedException {
        send(Bytes.of(bytes), deadline);
    }

    /** Receives bytes by a deadline that others share. */
    byte[] receiveUntil(int limit, long deadline) throws InterruptedException {
        return receiveBytes((long) limit, deadline);
    }

    /**
     * Sends an object, by the encoding of {@link Codec#objects()}, all of which is done before anything goes.
     *
     * @param object the message; what of it is a {@link Connection} or {@link Descriptor} arrives as the same pipe, socket or file, if this connection is a
     *               Unix socket
     * @throws UnencodableElementException if it cannot be encoded, or not travel; the cause tells why, and nothing is sent
     * @throws IllegalArgumentException if more descriptors would travel than one message carries, which is 253
     * @throws InterruptedException as {@link #sendBytes(byte[])} does, and so all else
     */
    public void send(@Nullable Object object) throws InterruptedException {
        sendObject(object, Words.NO_DEADLINE);
    }

    /**
     * Sends an object, within a time.
     *
     * @param object  as {@link #send(Object)} takes it
     * @param timeout how long to wait; zero or less does not wait
     * @throws UnencodableElementException if it cannot be encoded, or not travel; the cause tells why, and nothing is sent
     * @throws ChannelTimeoutException  if the time was up before all had gone
     * @throws InterruptedException     as {@link #sendBytes(byte[])} does, and so all else
     */
    public void send(@Nullable Object object, Duration timeout) throws InterruptedException {
        sendObject(object, Deadlines.after(timeout));
    }

    private void sendObject(@Nullable Object object, long deadline) throws InterruptedException {
        try (Inheritance.Outgoing outgoing = Inheritance.outgoingMessage(ObjectMessages.refusal(transport.stream().kind()))) {
            Bytes body = ObjectMessages.encode(object);
            send(body, ObjectMessages.checkCount(outgoing.descriptors()), deadline);
        }
    }

    // Receiving

    /**
     * Receives the bytes of the next message.
     *
     * @return the message
     * @throws InterruptedException   if the thread is or gets interrupted; its interrupt status is cleared, and nothing is lost
     * @throws EndOfChannelException  if all has been received and the other end is closed
     * @throws MessageLengthException if the message is longer than the maximum of this connection, which leaves it where it is, or what came is no length
     * @throws ChannelException       if the connection is closed, or was reset, or has received what is no message
     * @throws UnsupportedOperationException if this is the sending end of a one-way pipe
     */
    public byte[] receiveBytes() throws InterruptedException {
        return receiveBytes(Long.MAX_VALUE, Words.NO_DEADLINE);
    }

    /**
     * Receives the bytes of the next message, within a time.
     *
     * @param timeout how long to wait; zero or less does not wait
     * @return the message
     * @throws ChannelTimeoutException if the time was up before all had come; nothing is lost
     * @throws InterruptedException    as {@link #receiveBytes()} does, and so all else
     */
    public byte[] receiveBytes(Duration timeout) throws InterruptedException {
        return receiveBytes(Long.MAX_VALUE, Deadlines.after(timeout));
    }

    /**
     * Receives the bytes of the next message, if it is not too long.
     *
     * @param maximum the most bytes that are accepted
     * @return the message
     * @throws IllegalArgumentException if the maximum is negative
     * @throws MessageLengthException   if the message is longer; it stays where it is
     * @throws InterruptedException     as {@link #receiveBytes()} does, and so all else
     */
    public byte[] receiveBytes(int maximum) throws InterruptedException {
        return receiveBytes(checkMaximum(maximum), Words.NO_DEADLINE);
    }

    /**
     * Receives the bytes of the next message, if it is not too long, within a time.
     *
     * @param maximum the most bytes that are accepted
     * @param timeout how long to wait; zero or less does not wait
     * @return the message
     * @throws IllegalArgumentException if the maximum is negative
     * @throws MessageLengthException   if the message is longer; it stays where it is
     * @throws ChannelTimeoutException  if the time was up before all had come; nothing is lost
     * @throws InterruptedException     as {@link #receiveBytes()} does, and so all else
     */
    public byte[] receiveBytes(int maximum, Duration timeout) throws InterruptedException {
        return receiveBytes(checkMaximum(maximum), Deadlines.after(timeout));
    }

    private byte[] receiveBytes(long limit, long deadline) throws InterruptedException {
        requireReadable();
        try {
            return transport.receiver().receive(limit, deadline);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Receives the bytes of the next message into an array.
     *
     * @param bytes  the array
     * @param offset where the message is to begin
     * @return how long it is
     * @throws IndexOutOfBoundsException if there is no such offset
     * @throws BufferTooShortException   if it does not fit; it is received, and in the exception
     * @throws InterruptedException      as {@link #receiveBytes()} does, and so all else
     */
    public int receiveBytesInto(byte[] bytes, int offset) throws InterruptedException {
        return (int) receiveInto(Bytes.of(bytes, offset, bytes.length - offset), Words.NO_DEADLINE);
    }

    /**
     * Receives the bytes of the next message into an array, within a time.
     *
     * @param bytes   the array, into which a part of the message may be written also when the time is up
     * @param offset  where the message is to begin
     * @param timeout how long to wait; zero or less does not wait
     * @return how long it is
     * @throws IndexOutOfBoundsException if there is no such offset
     * @throws BufferTooShortException   if it does not fit; it is received, and in the exception
     * @throws ChannelTimeoutException   if the time was up before all had come; nothing is lost
     * @throws InterruptedException      as {@link #receiveBytes()} does, and so all else
     */
    public int receiveBytesInto(byte[] bytes, int offset, Duration timeout) throws InterruptedException {
        return (int) receiveInto(Bytes.of(bytes, offset, bytes.length - offset), Deadlines.after(timeout));
    }

    /**
     * Receives the bytes of the next message into a buffer, from its position on, and moves the position behind them.
     *
     * @param buffer the buffer
     * @return how long the message is
     * @throws BufferTooShortException if it is longer than what remains of the buffer; it is received, and in the exception
     * @throws InterruptedException    as {@link #receiveBytes()} does, and so all else
     */
    public int receiveBytesInto(ByteBuffer buffer) throws InterruptedException {
        return receiveInto(buffer, Words.NO_DEADLINE);
    }

    /**
     * Receives the bytes of the next message into a buffer, from its position on, within a time, and moves the position behind them.
     *
     * @param buffer  the buffer, into which a part of the message may be written also when the time is up
     * @param timeout how long to wait; zero or less does not wait
     * @return how long the message is
     * @throws BufferTooShortException if it is longer than what remains of the buffer; it is received, and in the exception
     * @throws ChannelTimeoutException if the time was up before all had come; nothing is lost
     * @throws InterruptedException    as {@link #receiveBytes()} does, and so all else
     */
    public int receiveBytesInto(ByteBuffer buffer, Duration timeout) throws InterruptedException {
        return receiveInto(buffer, Deadlines.after(timeout));
    }

    private int receiveInto(ByteBuffer buffer, long deadline) throws InterruptedException {
        if (buffer.isReadOnly()) {
            throw new java.nio.ReadOnlyBufferException();
        }
        int length = (int) receiveInto(Bytes.of(MemorySegment.ofBuffer(buffer)), deadline);
        buffer.position(buffer.position() + length);
        return length;
    }

    /**
     * Receives the bytes of the next message into a segment, from its beginning on. It may be longer than an array can be, if the
     * {@linkplain #setMaximumLength(long) maximum} lets it.
     *
     * @param segment the segment
     * @return how long the message is
     * @throws BufferTooShortException if it does not fit; it is received, and in the exception
     * @throws InterruptedException    as {@link #receiveBytes()} does, and so all else
     */
    public long receiveBytesInto(MemorySegment segment) throws InterruptedException {
        return receiveInto(Bytes.of(segment), Words.NO_DEADLINE);
    }

    /**
     * Receives the bytes of the next message into a segment, from its beginning on, within a time.
     *
     * @param segment the segment, into which a part of the message may be written also when the time is up
     * @param timeout how long to wait; zero or less does not wait
     * @return how long the message is
     * @throws BufferTooShortException if it does not fit; it is received, and in the exception
     * @throws ChannelTimeoutException if the time was up before all had come; nothing is lost
     * @throws InterruptedException    as {@link #receiveBytes()} does, and so all else
     */
    public long receiveBytesInto(MemorySegment segment, Duration timeout) throws InterruptedException {
        return receiveInto(Bytes.of(segment), Deadlines.after(timeout));
    }

    private long receiveInto(Bytes target, long deadline) throws InterruptedException {
        requireReadable();
        try {
            return transport.receiver().receiveInto(target, Long.MAX_VALUE, deadline);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Receives the next message as an object.
     *
     * @return the object
     * @throws UndecodableElementException if it cannot be made of the message, or the filter refuses it; the message is gone, and the next can be received
     * @throws InterruptedException     as {@link #receiveBytes()} does, and so all else
     */
    public @Nullable Object receive() throws InterruptedException {
        return receiveObject(Words.NO_DEADLINE);
    }

    /**
     * Receives the next message as an object, within a time.
     *
     * @param timeout how long to wait; zero or less does not wait
     * @return the object
     * @throws UndecodableElementException if it cannot be made of the message, or the filter refuses it; the message is gone, and the next can be received
     * @throws ChannelTimeoutException  if the time was up before all had come; nothing is lost
     * @throws InterruptedException     as {@link #receiveBytes()} does, and so all else
     */
    public @Nullable Object receive(Duration timeout) throws InterruptedException {
        return receiveObject(Deadlines.after(timeout));
    }

    private @Nullable Object receiveObject(long deadline) throws InterruptedException {
        requireReadable();
        ReceivedMessage message;
        try {
            message = transport.receiver().receiveWithDescriptors(Long.MAX_VALUE, deadline);
        } finally {
            Reference.reachabilityFence(this);
        }
        try (Inheritance.Incoming _ = Inheritance.incomingMessage(message.descriptors())) {
            return ObjectMessages.decode(message.body(), effectiveFilter());
        }
    }

    private @Nullable ObjectInputFilter effectiveFilter() {
        ObjectInputFilter own = filter;
        return own != null || isOfFamily ? own : ObjectMessages.strangersFilter();
    }

    // Looking

    /**
     * Says whether a receive would find something: a message, a part of one, or the end. It does not wait.
     *
     * @return whether there is something
     * @throws ChannelClosedException if this connection is closed
     * @throws UnsupportedOperationException if this is the sending end of a one-way pipe
     */
    public boolean poll() {
        return isReady();
    }

    /**
     * Waits, for a time at most, until a receive would find something: a message, a part of one, or the end.
     *
     * @param timeout how long; zero or less only looks
     * @return whether there is something
     * @throws InterruptedException   if the thread is or gets interrupted; its interrupt status is cleared
     * @throws ChannelClosedException if this connection is closed, before or meanwhile
     * @throws UnsupportedOperationException if this is the sending end of a one-way pipe
     */
    public boolean poll(Duration timeout) throws InterruptedException {
        requireReadable();
        Deadlines.throwIfInterrupted();
        long deadline = Deadlines.after(timeout);
        boolean ready = isReady();
        while (!ready && deadline != Words.AT_ONCE) {
            int outcome = await(deadline);
            if (outcome == Words.INTERRUPTED) {
                throw new InterruptedException();
            }
            ready = isReady();
            if (outcome == Words.TIMED_OUT) {
                break;
            }
        }
        return ready;
    }

    private int await(long deadline) {
        transport.stream().begin();
        try {
            return transport.stream().descriptor().await(Descriptors.POLLIN, deadline);
        } finally {
            transport.stream().end();
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public boolean isReady() {
        requireReadable();
        transport.stream().begin();
        try {
            return transport.stream().descriptor().isReady(Descriptors.POLLIN);
        } finally {
            transport.stream().end();
            Reference.reachabilityFence(this);
        }
    }

    @SuppressWarnings("exports")
    @Override
    public void collect(WaitCollector collector) {
        collector.addDescriptor(transport.stream().descriptor(), Descriptors.POLLIN);
    }

    private void requireReadable() {
        if (!readable) {
            throw new UnsupportedOperationException("the " + transport.stream() + " is the sending end of a one-way pipe: receive from the other");
        }
    }

    private static long checkMaximum(long maximum) {
        if (maximum < 0) {
            throw new IllegalArgumentException("a maximum of " + maximum + " bytes: no message is that short");
        }
        return maximum;
    }

    /** {@return whether this process receives over it, open or not} */
    public boolean isReadable() {
        return readable;
    }

    /** {@return whether this process sends over it, open or not} */
    public boolean isWritable() {
        return writable;
    }

    /** {@return whether this process has closed it} */
    public boolean isClosed() {
        return transport.stream().descriptor().isClosed();
    }

    /**
     * {@return the number by which the system calls it in this process} For code that polls (epoll, C). It belongs to this object: do not close it.
     *
     * @throws ChannelClosedException if it is closed
     */
    public int number() {
        if (isClosed()) {
            throw transport.stream().closed();
        }
        return transport.stream().descriptor().number();
    }

    /** {@return the most bytes of a message that are received} At first, as many as an array can have. */
    public long maximumLength() {
        return transport.receiver().maximum();
    }

    /**
     * Sets the most bytes of a message that are received; one that is longer is refused before anything is allocated for it.
     *
     * @param maximum how many
     * @throws IllegalArgumentException if it is negative
     */
    public void setMaximumLength(long maximum) {
        transport.receiver().setMaximum(checkMaximum(maximum));
    }

    /**
     * Says which classes the objects that are received may be of. Without it a connection of a pipe accepts what the filter of the JVM does, as its ends are of
     * one family. A connection of a {@link Listener} or a {@link Client} accepts values only: numbers, texts, times, UUIDs, arrays and collections of the JDK.
     *
     * <p>A filter stays in this process: a connection that travels arrives without one.
     *
     * @param newFilter what decides; one that is undecided about a class leaves it to the filter of the JVM
     */
    public void setObjectFilter(ObjectInputFilter newFilter) {
        filter = newFilter;
    }

    /** Closes this process's end, and ends the waits of those who use it. Closing again does nothing. */
    @Override
    public void close() {
        closing.clean();
    }

    /**
     * Leaves its place to a ticket.
     *
     * @return the ticket
     * @throws ObjectStreamException if neither a child is being started on this thread nor a message sent that takes descriptors, or a message is received
     *                               in part
     */
    @Serial
    private Object writeReplace() throws ObjectStreamException {
        ByteStream stream = transport.stream();
        stream.begin();
        try {
            if (transport.receiver().isInMessage()) {
                throw new NotSerializableException("the " + stream + " cannot travel while a message is received in part: receive it first");
            }
            int index = Inheritance.travel(this, stream.descriptor().number());
            return new Ticket(index, stream.kind(), readable, writable, isOfFamily, maximumLength());
        } finally {
            stream.end();
            Reference.reachabilityFence(this);
        }
    }

    @Serial
    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a connection arrives as a ticket");
    }

    /** {@return its number and what it is} */
    @Override
    public String toString() {
        String ways = readable && writable ? "both ways" : readable ? "receives" : "sends";
        return "Connection[" + (isClosed() ? "closed" : transport.stream().descriptor().number()) + ", " + ways + "]";
    }
}
