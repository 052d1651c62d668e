// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamException;
import java.io.Serial;
import java.io.Serializable;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

import dev.kindred.Waitable;
import dev.kindred.internal.inheritance.Inheritance;
import dev.kindred.internal.os.DescriptorCleaner;
import dev.kindred.internal.os.Descriptors;
import dev.kindred.internal.os.Errno;
import dev.kindred.internal.os.Sockets;
import dev.kindred.internal.poll.WaitCollector;
import dev.kindred.internal.sync.Deadlines;
import dev.kindred.internal.words.Words;
import org.jspecify.annotations.Nullable;

/**
 * Accepts connections at an address: of a {@link Client}, or of a Python {@code multiprocessing.connection.Client}.
 *
 * {@snippet :
 * Path path = Files.createTempDirectory("orders").resolve("socket");
 * try (Listener listener = Listener.open(UnixDomainSocketAddress.of(path))) {
 *     ChildProcess child = ChildProcess.start(() -> {
 *         try (Connection connection = Client.connect(UnixDomainSocketAddress.of(Path.of(listener.address().toString())))) {
 *             connection.sendBytes("hello".getBytes());
 *         }
 *     });
 *     try (Connection connection = listener.accept(Duration.ofSeconds(10))) {
 *         System.out.println(new String(connection.receiveBytes()));   // hello
 *     }
 *     child.join();
 * }
 * }
 *
 * <p><b>Addresses</b> are TCP's, of IPv4 and IPv6 (port 0 lets the system choose), paths of Unix sockets, whose file only this user may connect to (mode 0600), and
 * {@linkplain AbstractSocketAddress abstract names}. Over Unix sockets the peer must be of this process's user, unless the
 * {@linkplain ChannelOptions#withAnyUser() options} say otherwise. Over TCP anybody who reaches the port is accepted who has the key, if there is one.
 *
 * <p>Children inherit it: parent and child accept from the same queue then. Closing it closes this process's share; the process that opened it also removes the file,
 * if it is still the one. A process that is killed leaves the file behind; remove it before you open the next.
 *
 * <p>All methods may be called from any thread, platform or virtual. One that is forgotten is closed when it becomes unreachable.
 */
public final class Listener implements Waitable, AutoCloseable, Serializable {

    @Serial
    private static final long serialVersionUID = 1;

    private static final int OWNER_ONLY = 0600;

    private final transient ListeningSocket socket;
    private final transient Cleaner.Cleanable closing;
    private final transient SocketAddress address;
    private final transient ChannelOptions options;
    private transient volatile @Nullable SocketAddress lastAccepted;

    /** What goes to the child in place of a listener. */
    private record Ticket(int index, SocketAddress address, ChannelOptions options) implements Serializable {
        @Serial
        private Object readResolve() throws InvalidObjectException {
            return new Listener(new ListeningSocket(Inheritance.descriptor(index), null), address, options);
        }
    }

    private Listener(ListeningSocket socket, SocketAddress address, ChannelOptions options) {
        this.socket = socket;
        this.closing = DescriptorCleaner.cleanWhenUnreachable(this, socket::close);
        this.address = address;
        this.options = options;
    }

    /**
     * Begins to listen, without a key.
     *
     * @param address an {@link InetSocketAddress}, a {@link UnixDomainSocketAddress} with a path, or an {@link AbstractSocketAddress}
     * @return the listener
     * @throws IllegalArgumentException        if the address is of another family, or its host unknown
     * @throws dev.kindred.SystemCallException if the address is taken (EADDRINUSE; of a path: its file is there), or not this machine's
     */
    public static Listener open(SocketAddress address) {
        return open(address, ChannelOptions.defaults());
    }

    /**
     * Begins to listen.
     *
     * @param address an {@link InetSocketAddress}, a {@link UnixDomainSocketAddress} with a path, or an {@link AbstractSocketAddress}
     * @param options what is demanded of those who connect
     * @return the listener
     * @throws IllegalArgumentException        if the address is of another family, or its host unknown
     * @throws dev.kindred.SystemCallException if the address is taken (EADDRINUSE; of a path: its file is there), or not this machine's
     */
    public static Listener open(SocketAddress address, ChannelOptions options) {
        return switch (Endpoint.of(address)) {
            case Endpoint.Inet inet -> open(inet, options);
            case Endpoint.Unix unix -> open(unix, options);
        };
    }

    private static Listener open(Endpoint.Inet endpoint, ChannelOptions options) {
        // Non-blocking, in all processes that share it: another may accept first whom poll has shown to this one.
        int number = Sockets.socket(endpoint.family(), Sockets.SOCK_STREAM | Sockets.SOCK_NONBLOCK);
        try {
            Sockets.setOption(number, Sockets.SOL_SOCKET, Sockets.SO_REUSEADDR, 1);
            Sockets.bind(number, endpoint.address());
            Sockets.listen(number, options.backlog());
            SocketAddress bound = Objects.requireNonNull(Sockets.inetAddress(number, false));
            return new Listener(new ListeningSocket(number, null), bound, options);
        } catch (RuntimeException e) {
            Descriptors.close(number);
            throw e;
        }
    }

    private static Listener open(Endpoint.Unix endpoint, ChannelOptions options) {
        int number = Sockets.socket(Sockets.AF_UNIX, Sockets.SOCK_STREAM | Sockets.SOCK_NONBLOCK);
        try {
            // Before it is bound: the file is never there with other permissions.
            Sockets.setMode(number, OWNER_ONLY);
            Sockets.bind(number, endpoint.name());
            Path file = endpoint.isFile() ? Path.of(endpoint.name()) : null;
            Listener listener = new Listener(new ListeningSocket(number, file), endpoint.address(), options);
            Sockets.listen(number, options.backlog());
            return listener;
        } catch (RuntimeException e) {
            Descriptors.close(number);
            throw e;
        }
    }

    /**
     * Waits until somebody connects, and for the handshake if there is a key.
     *
     * @return the connection
     * @throws AuthenticationException         if who connects is of another user, or has not shown that it has the key; the next can be accepted
     * @throws ChannelTimeoutException         if the handshake has not been done in the time that the options give it
     * @throws ChannelClosedException          if this listener is closed, before or meanwhile
     * @throws dev.kindred.SystemCallException if this process may have no more descriptors (EMFILE); who waits to be accepted waits on
     * @throws InterruptedException            if the thread is or gets interrupted; its interrupt status is cleared
     */
    public Connection accept() throws InterruptedException {
        return accept(Words.NO_DEADLINE);
    }

    /**
     * Waits for a time at most until somebody connects and, if there is a key, has done the handshake.
     *
     * @param timeout for all of it; zero or less does not wait
     * @return the connection
     * @throws ChannelTimeoutException if the time was up before
     * @throws InterruptedException    as {@link #accept()} does, and so all else
     */
    public Connection accept(Duration timeout) throws InterruptedException {
        return accept(Deadlines.after(timeout));
    }

    private Connection accept(long deadline) throws InterruptedException {
        Deadlines.throwIfInterrupted();
        try {
            int accepted = acceptSocket(deadline);
            return greet(accepted, deadline == Words.NO_DEADLINE ? Deadlines.after(options.handshakeTimeout()) : deadline);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    private int acceptSocket(long deadline) throws InterruptedException {
        begin();
        try {
            while (true) {
                int accepted = Sockets.acceptIfThere(socket.descriptor().number());
                if (accepted != -Errno.EAGAIN) {
                    return accepted;
                }
                int outcome = socket.descriptor().await(Descriptors.POLLIN, deadline);
                if (outcome == Words.INTERRUPTED) {
                    throw new InterruptedException();
                }
                if (socket.descriptor().isClosed()) {
                    throw closed();
                }
                if (outcome == Words.TIMED_OUT) {
                    throw new ChannelTimeoutException("the time was up before anybody connected to " + address);
                }
            }
        } finally {
            socket.descriptor().end();
        }
    }

    private Connection greet(int accepted, long deadline) throws InterruptedException {
        Endpoint endpoint = Endpoint.of(address);
        Connection connection = Connection.ofStranger(accepted, endpoint.kind());
        try {
            SocketAddress peer = endpoint instanceof Endpoint.Inet ? Sockets.inetAddress(accepted, true) : null;
            endpoint.greet(accepted, options);
            AuthenticationKey key = options.key();
            if (key != null) {
                new Handshake(connection, key, options.isMd5Accepted(), deadline).accept();
            }
            options.apply(connection);
            lastAccepted = peer;
            return connection;
        } catch (InterruptedException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** {@return where it listens: what it was opened with, but of TCP with the port that the system chose} */
    public SocketAddress address() {
        return address;
    }

    /** {@return the address of the peer that was accepted last by this object; empty if there is none, or it has no address, as the clients of Unix sockets} */
    public Optional<SocketAddress> lastAccepted() {
        return Optional.ofNullable(lastAccepted);
    }

    /** {@return whether somebody waits to be accepted} */
    @Override
    public boolean isReady() {
        begin();
        try {
            return socket.descriptor().isReady(Descriptors.POLLIN);
        } finally {
            socket.descriptor().end();
            Reference.reachabilityFence(this);
        }
    }

    @SuppressWarnings("exports")
    @Override
    public void collect(WaitCollector collector) {
        collector.addDescriptor(socket.descriptor(), Descriptors.POLLIN);
    }

    private void begin() {
        if (!socket.descriptor().begin()) {
            throw closed();
        }
    }

    private ChannelClosedException closed() {
        return new ChannelClosedException("the listener at " + address + " has been closed in this process");
    }

    /** {@return whether this process has closed it} */
    public boolean isClosed() {
        return socket.descriptor().isClosed();
    }

    /**
     * Stops listening in this process, ends the waits of those who accept, and removes the file of the socket if this process made it. Closing again does
     * nothing.
     *
     * @throws java.io.UncheckedIOException if the file cannot be removed; the listener is closed all the same
     */
    @Override
    public void close() {
        closing.clean();
    }

    /**
     * Leaves its place to a ticket.
     *
     * @return the ticket
     * @throws ObjectStreamException if neither a child is being started on this thread nor a message sent that takes descriptors; or if it has a key and no
     *                               child is being started
     */
    @Serial
    private Object writeReplace() throws ObjectStreamException {
        begin();
        try {
            return new Ticket(Inheritance.travel(this, socket.descriptor().number()), address, options);
        } finally {
            socket.descriptor().end();
            Reference.reachabilityFence(this);
        }
    }

    @Serial
    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a listener arrives as a ticket");
    }

    /** {@return where it listens} */
    @Override
    public String toString() {
        return "Listener[" + address + (isClosed() ? ", closed]" : "]");
    }
}
