// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.channel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import dev.kindred.channel.AbstractSocketAddress;
import dev.kindred.channel.AuthenticationException;
import dev.kindred.channel.AuthenticationKey;
import dev.kindred.channel.ChannelOptions;
import dev.kindred.channel.Client;
import dev.kindred.channel.Connection;
import dev.kindred.channel.EndOfChannelException;
import dev.kindred.channel.Listener;
import dev.kindred.tests.support.Cpython;
import dev.kindred.tests.support.Delays;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A live CPython at the other end, in either role. */
class CpythonConnectionTest {

    private static final int[] LENGTHS = {1, 16380, 16384, 16385, 1 << 20, 0};

    private static final String ADDRESS = """
            import sys
            from multiprocessing.connection import Client, Listener
            from multiprocessing import AuthenticationError
            def address(text):
                if text.startswith('@'):
                    return '\\0' + text[1:]
                if ':' in text:
                    host, port = text.rsplit(':', 1)
                    return (host, int(port))
                return text
            key = bytes.fromhex(sys.argv[2]) if len(sys.argv) > 2 else None
            """;

    private static final String ECHO = """
            while True:
                message = connection.recv_bytes()
                connection.send_bytes(message)
                if not message:
                    break
            connection.close()
            """;

    private static final String CLIENT = ADDRESS + """
            connection = Client(address(sys.argv[1]), authkey=key)
            """ + ECHO;

    private static final String LISTENER = ADDRESS + """
            with Listener(address(sys.argv[1]), authkey=key) as listener:
                where = listener.address
                print(where if isinstance(where, str) and not where.startswith('\\0') else ':'.join(map(str, where)) if isinstance(where, tuple) else sys.argv[1])
                connection = listener.accept()
            """ + ECHO;

    @TempDir
    Path folder;

    /** The families that CPython knows. */
    enum Family { TCP, PATH, ABSTRACT }

    private SocketAddress address(Family family) {
        return switch (family) {
            case TCP -> new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            case PATH -> UnixDomainSocketAddress.of(folder.resolve("socket"));
            case ABSTRACT -> new AbstractSocketAddress("kindred-python-" + ProcessHandle.current().pid());
        };
    }

    private static String text(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? "127.0.0.1:" + inet.getPort() : address.toString();
    }

    private static SocketAddress parse(Family family, String text) {
        return switch (family) {
            case TCP -> new InetSocketAddress("127.0.0.1", Integer.parseInt(text.substring(text.lastIndexOf(':') + 1)));
            case PATH -> UnixDomainSocketAddress.of(text);
            case ABSTRACT -> new AbstractSocketAddress(text.substring(1));
        };
    }

    private static void talk(Connection connection) throws InterruptedException {
        for (int length : LENGTHS) {
            byte[] message = Peers.bytes(length);
            connection.sendBytes(message, Delays.LONG);
            assertArrayEquals(message, connection.receiveBytes(Delays.LONG));
        }
        assertThrows(EndOfChannelException.class, () -> connection.receiveBytes(Delays.LONG));
    }

    @ParameterizedTest
    @EnumSource
    void pythonConnectsToUs(Family family) throws Exception {
        try (Listener listener = Listener.open(address(family));
                Cpython _ = new Cpython(CLIENT, text(listener.address()));
                Connection connection = listener.accept(Delays.LONG)) {
            talk(connection);
        }
    }

    @ParameterizedTest
    @EnumSource
    void weConnectToPython(Family family) throws Exception {
        try (Cpython python = new Cpython(LISTENER, text(address(family)));
                Connection connection = Client.connect(parse(family, python.line()), Delays.LONG)) {
            talk(connection);
        }
    }

    /** The longest of the keys is longer than a block of the digests. */
    @ParameterizedTest
    @CsvSource({"TCP, 736563726574", "PATH, 00", "ABSTRACT, 736563726574736563726574736563726574736563726574736563726574736563726574736563726574736563726574736563726574"})
    void pythonAndWeHaveTheSameKey(Family family, String key) throws Exception {
        ChannelOptions options = ChannelOptions.defaults().withKey(AuthenticationKey.of(java.util.HexFormat.of().parseHex(key)));
        try (Listener listener = Listener.open(address(family), options);
                Cpython _ = new Cpython(CLIENT, text(listener.address()), key);
                Connection connection = listener.accept(Delays.LONG)) {
            talk(connection);
        }
        try (Cpython python = new Cpython(LISTENER, text(address(family)), key);
                Connection connection = Client.connect(parse(family, python.line()), options, Delays.LONG)) {
            talk(connection);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void pythonAndWeTellOtherKeysFromOurs(boolean weListen) throws Exception {
        ChannelOptions options = ChannelOptions.defaults().withKey(AuthenticationKey.random());
        String failing = """
                try:
                    CALL
                    print('accepted')
                except AuthenticationError as e:
                    print(e)
                """;
        if (weListen) {
            String program = ADDRESS + failing.replace("CALL", "Client(address(sys.argv[1]), authkey=key)");
            try (Listener listener = Listener.open(address(Family.TCP), options);
                    Cpython python = new Cpython(program, text(listener.address()), "01")) {
                assertThrows(AuthenticationException.class, () -> listener.accept(Delays.LONG));
                assertEquals("digest sent was rejected", python.line());
            }
        } else {
            String program = ADDRESS + "listener = Listener(address(sys.argv[1]), authkey=key)\nprint(listener.address[1])\n"
                    + failing.replace("CALL", "listener.accept()");
            try (Cpython python = new Cpython(program, "127.0.0.1:0", "01")) {
                SocketAddress there = parse(Family.TCP, ":" + python.line());
                assertThrows(AuthenticationException.class, () -> Client.connect(there, options, Delays.LONG));
                assertTrue(python.line().startsWith("digest received was wrong"));
            }
        }
    }

    /** CPython up to 3.11. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anOldPythonIsRefusedWithoutMd5(boolean weListen) throws Exception {
        try (Cpython python = new Cpython("import sys\nprint(sys.version_info >= (3, 12))")) {
            assumeFalse(Boolean.parseBoolean(python.line()), "this python3 is not an old one, and uses better digests");
        }
        ChannelOptions options = ChannelOptions.defaults().withKey(AuthenticationKey.of(new byte[] {1})).withoutMd5();
        if (weListen) {
            String program = ADDRESS + "try:\n    Client(address(sys.argv[1]), authkey=key)\nexcept AuthenticationError as e:\n    print(e)\n";
            try (Listener listener = Listener.open(address(Family.TCP), options); Cpython python = new Cpython(program, text(listener.address()), "01")) {
                AuthenticationException refused = assertThrows(AuthenticationException.class, () -> listener.accept(Delays.LONG));
                assertTrue(refused.getMessage().contains("MD5"), refused.getMessage());
                assertEquals("digest sent was rejected", python.line());
            }
        } else {
            String program = ADDRESS + "listener = Listener(address(sys.argv[1]), authkey=key)\nprint(listener.address[1])\n"
                    + "try:\n    listener.accept()\nexcept EOFError:\n    print('gone')\n";
            try (Cpython python = new Cpython(program, "127.0.0.1:0", "01")) {
                SocketAddress there = parse(Family.TCP, ":" + python.line());
                AuthenticationException refused = assertThrows(AuthenticationException.class, () -> Client.connect(there, options, Delays.LONG));
                assertTrue(refused.getMessage().contains("MD5"), refused.getMessage());
                assertEquals("gone", python.line());
            }
        }
    }

    /** A message of which Python says that it is longer than 2 GiB. */
    @ParameterizedTest
    @EnumSource
    void aHeadOfALongMessageIsThatOfPython(Family family) throws Exception {
        String program = ADDRESS + """
                import struct
                connection = Client(address(sys.argv[1]))
                connection._send(struct.pack('!i', -1) + struct.pack('!Q', 1 << 31))
                connection.recv_bytes()
                """;
        try (Listener listener = Listener.open(address(family));
                Cpython _ = new Cpython(program, text(listener.address()));
                Connection connection = listener.accept(Delays.LONG)) {
            long length = assertThrows(dev.kindred.channel.MessageLengthException.class, () -> connection.receiveBytes(Delays.LONG)).length();
            assertEquals(1L << 31, length);
            connection.sendBytes("enough".getBytes(StandardCharsets.US_ASCII));
        }
    }
}
