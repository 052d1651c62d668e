// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.channel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import dev.kindred.NotInheritableException;
import dev.kindred.SystemCallException;
import dev.kindred.channel.AbstractSocketAddress;
import dev.kindred.channel.AuthenticationException;
import dev.kindred.channel.AuthenticationKey;
import dev.kindred.channel.ChannelClosedException;
import dev.kindred.channel.ChannelOptions;
import dev.kindred.channel.ChannelTimeoutException;
import dev.kindred.channel.Client;
import dev.kindred.channel.Connection;
import dev.kindred.channel.EndOfChannelException;
import dev.kindred.channel.Listener;
import dev.kindred.channel.UndecodableElementException;
import dev.kindred.tests.channel.Peers.Peer;
import dev.kindred.tests.support.Delays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CPython's _TestListener, _TestListenerClient, TestInvalidFamily and OtherTest, and what goes beyond them. */
class ListenerTest {

    @TempDir
    Path folder;

    /** The families of addresses. */
    enum Family {
        TCP {
            @Override
            SocketAddress address(Path folder) {
                return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            }
        },
        TCP6 {
            @Override
            SocketAddress address(Path folder) throws IOException {
                assumeTrue(NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses).anyMatch(each -> each.getHostAddress().startsWith("0:0:0:0:0:0:0:1")),
                        "there is no IPv6 here");
                return new InetSocketAddress(InetAddress.getByName("::1"), 0);
            }
        },
        PATH {
            @Override
            SocketAddress address(Path folder) {
                return UnixDomainSocketAddress.of(folder.resolve("socket"));
            }
        },
        ABSTRACT {
            @Override
            SocketAddress address(Path folder) {
                return new AbstractSocketAddress("kindred-test-" + ProcessHandle.current().pid());
            }
        };

        abstract SocketAddress address(Path folder) throws IOException;
    }

    private static <T> FutureTask<T> start(java.util.concurrent.Callable<T> task) {
        FutureTask<T> outcome = new FutureTask<>(task);
        Thread.ofPlatform().start(outcome);
        return outcome;
    }

    private static <T> T get(FutureTask<T> outcome) throws Exception {
        return outcome.get(Delays.LONG.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** test_listener_client. */
    @ParameterizedTest
    @EnumSource
    void aChildConnectsAndSaysHello(Family family) throws Exception {
        try (Listener listener = Listener.open(family.address(folder))) {
            String path = family == Family.PATH ? listener.address().toString() : "";
            SocketAddress address = family == Family.PATH ? new InetSocketAddress(0) : listener.address();
            try (Peer _ = Peers.PROCESS.start(() -> {
                        SocketAddress there = path.isEmpty() ? address : UnixDomainSocketAddress.of(path);
                        try (Connection connection = Client.connect(there, Delays.LONG)) {
                            connection.send("hello");
                            assertEquals("and goodbye", connection.receive(Delays.LONG));
                        }
                    })) {
                try (Connection connection = listener.accept(Delays.LONG)) {
                    assertEquals("hello", connection.receive(Delays.LONG));
                    connection.send("and goodbye");
                    assertThrows(EndOfChannelException.class, () -> connection.receive(Delays.LONG));
                }
            }
            assertEquals(family == Family.TCP || family == Family.TCP6, listener.lastAccepted().isPresent());
        }
        assertFalse(Files.exists(folder.resolve("socket")));
    }

    /** test_multiple_bind. */
    @ParameterizedTest
    @EnumSource
    void anAddressIsTakenOnce(Family family) throws Exception {
        try (Listener listener = Listener.open(family.address(folder))) {
            SystemCallException taken = assertThrows(SystemCallException.class, () -> Listener.open(listener.address()));
            assertEquals("EADDRINUSE", taken.errnoName());
        }
        Listener.open(family.address(folder)).close();
    }

    /** test_issue14725: the client has sent and gone before it was accepted. */
    @ParameterizedTest
    @EnumSource
    void aClientMayBeGoneBeforeItIsAccepted(Family family) throws Exception {
        try (Listener listener = Listener.open(family.address(folder))) {
            try (Connection client = Client.connect(listener.address(), Delays.LONG)) {
                client.send("hello");
            }
            try (Connection connection = listener.accept(Delays.LONG)) {
                assertEquals("hello", connection.receive(Delays.LONG));
                assertThrows(EndOfChannelException.class, () -> connection.receive(Delays.LONG));
            }
        }
    }

    /** test_issue16955: it polls as ready, and then as at its end. */
    @SuppressWarnings("try") // That it is closed early is what matters.
    @ParameterizedTest
    @EnumSource
    void anAcceptedConnectionIsPolled(Family family) throws Exception {
        try (Listener listener = Listener.open(family.address(folder));
                Connection client = Client.connect(listener.address(), Delays.LONG);
                Connection connection = listener.accept(Delays.LONG)) {
            assertFalse(connection.poll(Delays.SHORT));
            client.sendBytes("hello".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            client.close();
            assertTrue(connection.poll(Delays.LONG));
            assertEquals(5, connection.receiveBytes().length);
            assertTrue(connection.poll(Delays.LONG));
            assertThrows(EndOfChannelException.class, connection::receive);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void acceptEndsByItsTimeByAnInterruptAndByClosing(boolean virtual) throws Exception {
        Listener listener = Listener.open(Family.ABSTRACT.address(folder));
        assertThrows(ChannelTimeoutException.class, () -> listener.accept(Duration.ZERO));
        assertThrows(ChannelTimeoutException.class, () -> listener.accept(Delays.SHORT));
        List<Thread> threads = new ArrayList<>();
        List<FutureTask<Class<?>>> outcomes = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            FutureTask<Class<?>> outcome = new FutureTask<>(() -> {
                try {
                    return listener.accept().getClass();
                } catch (InterruptedException | RuntimeException e) {
                    return e.getClass();
                }
            });
            Thread thread = virtual ? Thread.startVirtualThread(outcome) : Thread.ofPlatform().start(outcome);
            Peers.awaitAsleep(thread);
            threads.add(thread);
            outcomes.add(outcome);
        }
        threads.get(0).interrupt();
        assertEquals(InterruptedException.class, get(outcomes.get(0)));
        listener.close();
        assertEquals(ChannelClosedException.class, get(outcomes.get(1)));
        listener.close();
        assertTrue(listener.isClosed());
        assertThrows(ChannelClosedException.class, listener::accept);
        assertThrows(ChannelClosedException.class, listener::isReady);
    }

    @Test
    void aSocketsFileIsForItsUserAloneAndRemovedIfItIsStillTheOne() throws Exception {
        Path path = folder.resolve("socket");
        Listener listener = Listener.open(UnixDomainSocketAddress.of(path));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        Files.delete(path);
        Files.writeString(path, "another's");
        listener.close();
        assertEquals("another's", Files.readString(path));
        Files.delete(path);
        Listener gone = Listener.open(UnixDomainSocketAddress.of(path));
        Files.delete(path);
        gone.close();
    }

    @Test
    void whatIsTooLongIsRefused() throws Exception {
        SystemCallException tooLong = assertThrows(SystemCallException.class,
                () -> Listener.open(UnixDomainSocketAddress.of(folder.resolve("x".repeat(108)))));
        assertEquals("ENAMETOOLONG", tooLong.errnoName());
        assertThrows(IllegalArgumentException.class, () -> new AbstractSocketAddress("x".repeat(108)));
        assertThrows(IllegalArgumentException.class, () -> new AbstractSocketAddress(""));
    }

    /** TestInvalidFamily. */
    @Test
    void addressesOfOtherFamiliesAreRefused() {
        SocketAddress other = new SocketAddress() {
            private static final long serialVersionUID = 1;
        };
        assertThrows(IllegalArgumentException.class, () -> Listener.open(other));
        assertThrows(IllegalArgumentException.class, () -> Client.connect(other));
        assertThrows(IllegalArgumentException.class, () -> Client.connect(InetSocketAddress.createUnresolved("host.invalid", 1)));
        assertThrows(IllegalArgumentException.class, () -> Listener.open(UnixDomainSocketAddress.of("")));
    }

    @ParameterizedTest
    @EnumSource
    void nobodyListens(Family family) throws Exception {
        Listener listener = Listener.open(family.address(folder));
        SocketAddress address = listener.address();
        listener.close();
        SystemCallException refused = assertThrows(SystemCallException.class, () -> Client.connect(address, Delays.LONG));
        assertEquals(family == Family.PATH ? "ENOENT" : "ECONNREFUSED", refused.errnoName());
    }

    /** The kernel does not say when there is room again in the queue of those who wait to be accepted. */
    @Test
    void aFullQueueIsWaitedForWithinTheTime() throws Exception {
        try (Listener listener = Listener.open(Family.ABSTRACT.address(folder), ChannelOptions.defaults().withBacklog(1))) {
            List<Connection> clients = new ArrayList<>();
            try {
                while (true) {
                    clients.add(Client.connect(listener.address(), Delays.SHORT));
                }
            } catch (ChannelTimeoutException full) {
                assertFalse(clients.isEmpty());
            }
            FutureTask<Connection> late = start(() -> Client.connect(listener.address(), Delays.LONG));
            for (int i = 0; i <= clients.size(); i++) {
                listener.accept(Delays.LONG).close();
            }
            get(late).close();
            clients.forEach(Connection::close);
        }
    }

    // Keys

    private static Object[] both(SocketAddress address, ChannelOptions listening, ChannelOptions connecting) throws Exception {
        Object[] ends = new Object[2];
        try (Listener listener = Listener.open(address, listening)) {
            FutureTask<Object> client = start(() -> outcome(() -> Client.connect(listener.address(), connecting, Delays.MEDIUM)));
            ends[0] = outcome(() -> listener.accept(Delays.MEDIUM));
            ends[1] = get(client);
        }
        return ends;
    }

    private static Object outcome(java.util.concurrent.Callable<Connection> task) throws Exception {
        try {
            return task.call();
        } catch (RuntimeException e) {
            return e;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "secret"})
    void bothHaveTheKey(String secret) throws Exception {
        ChannelOptions options = ChannelOptions.defaults().withKey(AuthenticationKey.of(secret.getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
        Object[] ends = both(Family.TCP.address(folder), options, options);
        try (Connection accepted = (Connection) ends[0]; Connection connected = (Connection) ends[1]) {
            accepted.sendBytes(new byte[] {1});
            assertArrayEquals(new byte[] {1}, connected.receiveBytes());
        }
    }

    @Test
    void twoKeysAreToldFromEachOther() throws Exception {
        Object[] ends = both(Family.ABSTRACT.address(folder), ChannelOptions.defaults().withKey(AuthenticationKey.random()),
                ChannelOptions.defaults().withKey(AuthenticationKey.random()));
        assertEquals(AuthenticationException.class, ends[0].getClass());
        assertEquals(AuthenticationException.class, ends[1].getClass());
        assertTrue(ends[1].toString().contains("has another key"), ends[1].toString());
    }

    /** CPython hangs here. */
    @Test
    void whoHasNoKeyIsNotWaitedForForEver() throws Exception {
        Object[] ends = both(Family.ABSTRACT.address(folder), ChannelOptions.defaults().withKey(AuthenticationKey.random()), ChannelOptions.defaults());
        assertEquals(ChannelTimeoutException.class, ends[0].getClass());
        ((Connection) ends[1]).close();
        ends = both(Family.ABSTRACT.address(folder), ChannelOptions.defaults(), ChannelOptions.defaults().withKey(AuthenticationKey.random()));
        assertEquals(ChannelTimeoutException.class, ends[1].getClass());
        ((Connection) ends[0]).close();
    }

    @Test
    void withoutATimeTheHandshakeHasItsOwn() throws Exception {
        ChannelOptions options = ChannelOptions.defaults().withKey(AuthenticationKey.random()).withHandshakeTimeout(Delays.SHORT);
        try (Listener listener = Listener.open(Family.ABSTRACT.address(folder), options); Connection _ = Client.connect(listener.address())) {
            assertThrows(ChannelTimeoutException.class, listener::accept);
        }
    }

    @Test
    void aKeyShowsItselfToNobodyAndTravelsOnlyToChildren() throws Exception {
        AuthenticationKey key = AuthenticationKey.of("visible".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        assertFalse((key.toString() + ChannelOptions.defaults().withKey(key)).contains("visible"));
        assertThrows(NotInheritableException.class, () -> new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(key));
        assertNotEquals(key, AuthenticationKey.random());
        byte[] expected = "visible".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        try (Peer _ = Peers.PROCESS.start(() -> assertEquals(AuthenticationKey.of(expected), key))) {
            assertEquals(key, AuthenticationKey.of(expected));
        }
    }

    @SuppressWarnings("try") // The child closes its own.
    @Test
    void aListenerIsInheritedWithItsKey() throws Exception {
        ChannelOptions options = ChannelOptions.defaults().withKey(AuthenticationKey.random());
        try (Listener listener = Listener.open(UnixDomainSocketAddress.of(folder.resolve("socket")), options)) {
            try (Peer _ = Peers.PROCESS.start(() -> {
                        try (Connection connection = listener.accept(Delays.LONG)) {
                            connection.send(List.of("from", ProcessHandle.current().pid()));
                        }
                        listener.close();
                    });
                    Connection connection = Client.connect(listener.address(), options, Delays.LONG)) {
                List<?> message = (List<?>) connection.receive(Delays.LONG);
                assertNotEquals(ProcessHandle.current().pid(), message.get(1));
            }
            assertTrue(Files.exists(folder.resolve("socket")), "the file is the opener's");
            assertEquals(Optional.empty(), listener.lastAccepted());
        }
    }

    // What strangers may send

    /** A class of the program's own. */
    private record Own(int number) implements java.io.Serializable {}

    @Test
    void strangersSendValuesOnlyUnlessAFilterLetsThem() throws Exception {
        try (Listener listener = Listener.open(Family.TCP.address(folder));
                Connection client = Client.connect(listener.address(), Delays.LONG);
                Connection connection = listener.accept(Delays.LONG)) {
            client.send(List.of(1, "two", java.time.Duration.ofDays(3), new java.util.TreeMap<>(java.util.Map.of("a", new long[] {4}))));
            assertEquals(4, ((List<?>) connection.receive(Delays.LONG)).size());
            client.send(new Own(7));
            UndecodableElementException refused = assertThrows(UndecodableElementException.class, () -> connection.receive(Delays.LONG));
            assertTrue(refused.getMessage().contains("the filter refuses"), refused.getMessage());
            connection.setObjectFilter(java.io.ObjectInputFilter.Config.createFilter(Own.class.getName() + ";!*"));
            client.send(new Own(7));
            assertEquals(new Own(7), connection.receive(Delays.LONG));
            client.sendBytes(new byte[] {1, 2, 3});
            assertThrows(UndecodableElementException.class, () -> connection.receive(Delays.LONG));
            client.send(new Own(8));
            assertEquals(new Own(8), connection.receive(Delays.LONG));
        }
    }

    @Test
    void theJdksOwnSocketsAreNoDifferent() throws Exception {
        Path path = folder.resolve("jdk");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path));
                Connection client = Client.connect(UnixDomainSocketAddress.of(path), Delays.LONG)) {
            client.sendBytes(new byte[] {9});
            try (var accepted = server.accept()) {
                java.nio.ByteBuffer bytes = java.nio.ByteBuffer.allocate(5);
                while (bytes.hasRemaining()) {
                    assertTrue(accepted.read(bytes) >= 0);
                }
                assertArrayEquals(new byte[] {0, 0, 0, 1, 9}, bytes.array());
            }
        }
    }
}
