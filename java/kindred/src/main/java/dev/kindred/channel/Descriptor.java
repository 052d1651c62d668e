// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

import dev.kindred.internal.inheritance.Inheritance;
import dev.kindred.internal.os.DescriptorCleaner;
import dev.kindred.internal.os.Descriptors;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamException;
import java.io.RandomAccessFile;
import java.io.Serial;
import java.io.Serializable;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * An open file or socket, wrapped so that a child can inherit it, or another process receive it over a {@link Connection}.
 *
 * {@snippet :
 * try (FileChannel log = FileChannel.open(Path.of("app.log"), CREATE, WRITE, APPEND);
 *         Descriptor descriptor = Descriptor.of(log)) {
 *     ChildProcess.start(() -> descriptor.toOutputStream().write("a line of the child's\n".getBytes()));
 * }
 * }
 *
 * <p>The child gets the same <em>open file description</em>: both see one position, one set of flags, one connection,
 * and what one reads or writes moves the position for the other. Only the numbers are their own, so that each closes
 * its own.
 *
 * <p>A descriptor holds a number of its own in each process, apart from that of the stream or channel it was made of
 * and from those of the streams and channels made of it; each is closed by itself. A pipe or socket comes to its end
 * only when all numbers that stand for its other end are closed, in all processes. One that is forgotten is closed when
 * it becomes unreachable.
 *
 * <p>Descriptors travel while a child is being started, and at any time over connections that are Unix sockets. All methods may be called from any thread.
 */
public final class Descriptor implements AutoCloseable, Serializable {

    @Serial
    private static final long serialVersionUID = 1;

    private final transient int number;
    private final transient Cleaner.Cleanable closing;
    private transient volatile boolean closed;

    /**
     * What travels in place of a descriptor.
     *
     * @param index its place among the descriptors that travel with it
     */
    private record Ticket(int index) implements Serializable {
        @Serial
        private Object readResolve() throws InvalidObjectException {
            return new Descriptor(Inheritance.descriptor(index));
        }
    }

    /** Takes the number over. */
    private Descriptor(int number) {
        this.number = number;
        this.closing = DescriptorCleaner.closeWhenUnreachable(this, number);
    }

    /**
     * {@return a descriptor of a channel's file}
     *
     * @param channel an open channel; it may be closed afterwards
     * @throws IllegalArgumentException if the channel is closed, or of a file system other than the machine's own
     * @throws dev.kindred.SystemCallException if this process may have no more descriptors
     */
    public static Descriptor of(FileChannel channel) {
        return ofNumber(JdkChannels.descriptorOf(channel));
    }

    /**
     * {@return a descriptor of a connection}
     *
     * @param channel an open channel; it may be closed afterwards
     * @throws IllegalArgumentException if the channel is closed
     * @throws dev.kindred.SystemCallException if this process may have no more descriptors
     */
    public static Descriptor of(SocketChannel channel) {
        return ofNumber(JdkChannels.descriptorOf(channel));
    }

    /**
     * {@return a descriptor of a socket that listens}
     *
     * @param channel an open channel; it may be closed afterwards
     * @throws IllegalArgumentException if the channel is closed
     * @throws dev.kindred.SystemCallException if this process may have no more descriptors
     */
    public static Descriptor of(ServerSocketChannel channel) {
        return ofNumber(JdkChannels.descriptorOf(channel));
    }

    /**
     * {@return a descriptor of a stream's file} What the stream, or one around it, has buffered is not known to the
     * file.
     *
     * @param stream an open stream; it may be closed afterwards
     * @throws IOException if the stream is closed
     * @throws dev.kindred.SystemCallException if this process may have no more descriptors
     */
    public static Descriptor of(FileOutputStream stream) throws IOException {
        return ofOpen(stream.getFD(), stream);
    }

    /**
     * {@return a descriptor of a stream's file} What a stream around it has read ahead is gone from the file's
     * position.
     *
     * @param stream an open stream; it may be closed afterwards
     * @throws IOException if the stream is closed
     * @throws dev.kindred.SystemCallException if this process may have no more descriptors
     */
    public static Descriptor of(FileInputStream stream) throws IOException {
        return ofOpen(stream.getFD(), stream);
    }

    /**
     * {@return a descriptor of a file}
     *
     * @param file an open file; it may be closed afterwards
     * @throws IOException if the file is closed
     * @throws dev.kindred.SystemCallException if this process may have no more descriptors
     */
    public static Descriptor of(RandomAccessFile file) throws IOException {
        return ofOpen(file.getFD(), file);
    }

    /**
     * {@return a descriptor of what a number stands for} For numbers that come from C; the caller sees to it that it is
     * open.
     *
     * @param number the number; it may be closed afterwards
     * @throws dev.kindred.SystemCallException if it is not open, or this process may have no more descriptors
     */
    public static Descriptor of(int number) {
        return ofNumber(number);
    }

    private static Descriptor ofOpen(FileDescriptor descriptor, Object owner) throws IOException {
        try {
            if (!descriptor.valid()) {
                throw new IOException(owner + " is closed");
            }
            return ofNumber(Descriptors.of(descriptor));
        } finally {
            Reference.reachabilityFence(owner);
        }
    }

    private static Descriptor ofNumber(int number) {
        return new Descriptor(Descriptors.duplicate(number));
    }

    /**
     * {@return the number by which the system calls it in this process} It belongs to this object: do not close it.
     *
     * @throws IllegalStateException if this object is closed
     */
    public int number() {
        if (closed) {
            throw new IllegalStateException("the descriptor is closed (it was number " + number + ")");
        }
        return number;
    }

    /**
     * {@return a stream that writes to it, without a buffer} The stream has a number of its own and is closed by
     * itself.
     *
     * @throws IllegalStateException if this object is closed
     * @throws dev.kindred.SystemCallException if this process may have no more descriptors
     */
    public FileOutputStream toOutputStream() {
        return new FileOutputStream(Descriptors.wrap(copy()));
    }

    /**
     * {@return a stream that reads from it, without a buffer} The stream has a number of its own and is closed by
     * itself.
     *
     * @throws IllegalStateException if this object is closed
     * @throws dev.kindred.SystemCallException if this process may have no more descriptors
     */
    public FileInputStream toInputStream() {
        return new FileInputStream(Descriptors.wrap(copy()));
    }

    /**
     * {@return a channel of it, for reading, writing or both, as the file was opened} The channel has a number of its
     * own and is closed by itself.
     *
     * @throws IllegalStateException if this object is closed
     * @throws dev.kindred.SystemCallException if this process may have no more descriptors
     */
    public FileChannel toFileChannel() {
        int flags = Descriptors.statusFlags(number());
        return JdkChannels.fileChannel(Descriptors.wrap(copy()), flags);
    }

    /**
     * {@return a channel of the connection} The channel has a number of its own and is closed by itself.
     *
     * @throws IllegalStateException if this object is closed
     * @throws IllegalArgumentException if it is no socket of a stream
     * @throws dev.kindred.SystemCallException if this process may have no more descriptors
     */
    public SocketChannel toSocketChannel() {
        return JdkChannels.socketChannel(Descriptors.wrap(copy()));
    }

    /**
     * {@return a channel of the socket that listens} The channel has a number of its own and is closed by itself.
     *
     * @throws IllegalStateException if this object is closed
     * @throws IllegalArgumentException if it is no socket of a stream
     * @throws dev.kindred.SystemCallException if this process may have no more descriptors
     */
    public ServerSocketChannel toServerSocketChannel() {
        return JdkChannels.serverSocketChannel(Descriptors.wrap(copy()));
    }

    private int copy() {
        try {
            return Descriptors.duplicate(number());
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** Closes this process's number. Streams and channels made of this object stay open. Closing again does nothing. */
    @Override
    public void close() {
        closed = true;
        closing.clean();
    }

    /**
     * Leaves its place to a ticket.
     *
     * @return the ticket
     * @throws ObjectStreamException if neither a child is being started on this thread nor a message sent that takes descriptors
     */
    @Serial
    private Object writeReplace() throws ObjectStreamException {
        return new Ticket(Inheritance.travel(this, number()));
    }

    /**
     * Refuses: only tickets travel.
     *
     * @param in where it would come from
     * @throws InvalidObjectException always
     */
    @Serial
    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a descriptor arrived without its ticket");
    }

    @Override
    public String toString() {
        return closed ? "Descriptor[closed]" : "Descriptor[" + number + "]";
    }
}
