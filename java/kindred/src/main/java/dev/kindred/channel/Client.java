// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

import dev.kindred.internal.os.Descriptors;
import dev.kindred.internal.os.Sockets;
import dev.kindred.internal.poll.OpenDescriptor;
import dev.kindred.internal.sync.Deadlines;
import dev.kindred.internal.words.Words;
import org.jspecify.annotations.Nullable;

/**
 * Connects to a {@link Listener}, or to a Python {@code multiprocessing.connection.Listener}.
 *
 * {@snippet :
 * try (Listener listener = Listener.open(new InetSocketAddress("localhost", 0))) {
 *     ChildProcess child = ChildProcess.start(address -> {
 *         try (Connection connection = Client.connect(address, Duration.ofSeconds(10))) {
 *             connection.send("how are you?");
 *         }
 *     }, listener.address());
 *     try (Connection connection = listener.accept()) {
 *         System.out.println(connection.receive());   // how are you?
 *     }
 *     child.join();
 * }
 * }
 *
 * <p>All methods may be called from any thread.
 */
public final class Client {

    /** How long a connecting waits that the kernel tells nothing about, at first and at most. */
    private static final long FIRST_PAUSE_NANOSECONDS = 100_000;
    private static final long LAST_PAUSE_NANOSECONDS = 10_000_000;

    private Client() {}

    /**
     * Connects, without a key.
     *
     * @param address an {@link InetSocketAddress}, a {@link java.net.UnixDomainSocketAddress} with a path, or an {@link AbstractSocketAddress}
     * @return the connection
     * @throws IllegalArgumentException            if the address is of another family, or its host unknown
     * @throws dev.kindred.SystemCallException     if nobody listens there, or there is no way there
     * @throws AuthenticationException             if who listens is of another user, or has not shown that it has the key
     * @throws ChannelTimeoutException             if the handshake has not been done in the time that the options give it
     * @throws InterruptedException                if the thread is or gets interrupted; its interrupt status is cleared
     */
    public static Connection connect(SocketAddress address) throws InterruptedException {
        return connect(address, ChannelOptions.defaults());
    }

    /**
     * Connects, without a key, within a time.
     *
     * @param address as {@link #connect(SocketAddress)} takes it
     * @param timeout for all of it; zero or less does not wait
     * @return the connection
     * @throws ChannelTimeoutException if the time was up before
     * @throws InterruptedException    as {@link #connect(SocketAddress)} does, and so all else
     */
    public static Connection connect(SocketAddress address, Duration timeout) throws InterruptedException {
        return connect(address, ChannelOptions.defaults(), timeout);
    }

    /**
     * Connects.
     *
     * @param address as {@link #connect(SocketAddress)} takes it
     * @param options what is demanded of who listens
     * @return the connection
     * @throws InterruptedException as {@link #connect(SocketAddress)} does, and so all else
     */
    public static Connection connect(SocketAddress address, ChannelOptions options) throws InterruptedException {
        return connect(address, options, null);
    }

    /**
     * Connects, within a time.
     *
     * @param address as {@link #connect(SocketAddress)} takes it
     * @param options what is demanded of who listens
     * @param timeout for all of it, the handshake included; zero or less does not wait
     * @return the connection
     * @throws ChannelTimeoutException if the time was up before
     * @throws InterruptedException    as {@link #connect(SocketAddress)} does, and so all else
     */
    public static Connection connect(SocketAddress address, ChannelOptions options, @Nullable Duration timeout) throws InterruptedException {
        Deadlines.throwIfInterrupted();
        Endpoint endpoint = Endpoint.of(address);
        long deadline = timeout == null ? Words.NO_DEADLINE : Deadlines.after(timeout);
        int socket = switch (endpoint) {
            case Endpoint.Inet inet -> connect(inet, deadline);
            case Endpoint.Unix unix -> connect(unix, deadline);
        };
        return finish(socket, endpoint, options, timeout == null ? Deadlines.after(options.handshakeTimeout()) : deadline);
    }

    private static Connection finish(int socket, Endpoint endpoint, ChannelOptions options, long deadline) throws InterruptedException {
        Connection connection = Connection.ofStranger(socket, endpoint.kind());
        try {
            endpoint.greet(socket, options);
            AuthenticationKey key = options.key();
            if (key != null) {
                new Handshake(connection, key, options.isMd5Accepted(), deadline).connect();
            }
            options.apply(connection);
            return connection;
        } catch (InterruptedException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private static int connect(Endpoint.Inet endpoint, long deadline) throws InterruptedException {
        int socket = Sockets.socket(endpoint.family(), Sockets.SOCK_STREAM | Sockets.SOCK_NONBLOCK);
        try {
            if (!Sockets.connect(socket, endpoint.address())) {
                awaitConnected(socket, endpoint.address(), deadline);
            }
            return socket;
        } catch (InterruptedException | RuntimeException e) {
            Descriptors.close(socket);
            throw e;
        }
    }

    private static void awaitConnected(int socket, InetSocketAddress address, long deadline) throws InterruptedException {
        OpenDescriptor waited = new OpenDescriptor(socket);
        while (!waited.isReady(Descriptors.POLLOUT)) {
            switch (waited.await(Descriptors.POLLOUT, deadline)) {
                case Words.INTERRUPTED -> throw new InterruptedException();
                case Words.TIMED_OUT -> throw timedOut(address);
                default -> {}
            }
        }
        Sockets.finishConnecting(socket, address);
    }

    /** When too many wait to be accepted at a Unix address, the kernel says so and does not tell when that changes: it is asked again and again. */
    private static int connect(Endpoint.Unix endpoint, long deadline) throws InterruptedException {
        int socket = Sockets.socket(Sockets.AF_UNIX, Sockets.SOCK_STREAM | Sockets.SOCK_NONBLOCK);
        try {
            long pause = FIRST_PAUSE_NANOSECONDS;
            while (!Sockets.connectIfPossible(socket, endpoint.name())) {
                if (deadline == Words.AT_ONCE || (deadline != Words.NO_DEADLINE && System.nanoTime() - deadline >= 0)) {
                    throw timedOut(endpoint.address());
                }
                LockSupport.parkNanos(pause);
                Deadlines.throwIfInterrupted();
                pause = Math.min(2 * pause, LAST_PAUSE_NANOSECONDS);
            }
            return socket;
        } catch (InterruptedException | RuntimeException e) {
            Descriptors.close(socket);
            throw e;
        }
    }

    private static ChannelTimeoutException timedOut(SocketAddress address) {
        return new ChannelTimeoutException("the time was up before the listener at " + address + " could be connected to");
    }
}
