// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.channel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

import dev.kindred.channel.BufferTooShortException;
import dev.kindred.channel.Connection;
import dev.kindred.channel.EndOfChannelException;
import dev.kindred.channel.Pipe;
import dev.kindred.tests.channel.Peers.Peer;
import dev.kindred.tests.support.Delays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** CPython's _TestConnection and _TestPoll, for each kind of peer. */
class PipeContractTest {

    private static void echo(Connection connection) throws InterruptedException {
        for (byte[] message = connection.receiveBytes(); message.length > 0; message = connection.receiveBytes()) {
            connection.sendBytes(message);
        }
    }

    /** test_connection: messages there and back, of the lengths at which something changes, and 16 MiB. */
    @ParameterizedTest
    @EnumSource
    void messagesOfAllLengthsComeBackAsTheyWere(Peers peers) throws Exception {
        try (Pipe pipe = Pipe.twoWay(); Peer _ = peers.start(() -> echo(pipe.second()))) {
            Connection connection = pipe.first();
            for (int length : new int[] {1, 3, 4, 5, 16380, 16384, 16385, 65536, 1 << 20, 16 << 20}) {
                byte[] sent = Peers.bytes(length);
                connection.sendBytes(sent);
                assertTrue(connection.poll(Delays.LONG));
                assertArrayEquals(sent, connection.receiveBytes(Delays.LONG));
            }
            connection.sendBytes(new byte[0]);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aMessageIsReceivedIntoABuffer(Peers peers) throws Exception {
        try (Pipe pipe = Pipe.twoWay(); Peer _ = peers.start(() -> echo(pipe.second()))) {
            Connection connection = pipe.first();
            byte[] message = "hello".getBytes(StandardCharsets.US_ASCII);
            byte[] buffer = new byte[10];
            connection.sendBytes(message);
            assertEquals(5, connection.receiveBytesInto(buffer, 0, Delays.LONG));
            assertArrayEquals("hello\0\0\0\0\0".getBytes(StandardCharsets.US_ASCII), buffer);
            connection.sendBytes(message);
            assertEquals(5, connection.receiveBytesInto(buffer, 5));
            assertArrayEquals("hellohello".getBytes(StandardCharsets.US_ASCII), buffer);
            byte[] longer = Peers.bytes(20_000);
            connection.sendBytes(longer);
            BufferTooShortException tooShort = assertThrows(BufferTooShortException.class, () -> connection.receiveBytesInto(buffer, 0, Delays.LONG));
            assertArrayEquals(longer, tooShort.bytes());
            connection.sendBytes(message);
            assertArrayEquals(message, connection.receiveBytes(Delays.LONG));
            connection.sendBytes(new byte[0]);
        }
    }

    /** test_duplex_false. */
    @ParameterizedTest
    @EnumSource
    void aOneWayPipeHasAnEndToReceiveAndOneToSend(Peers peers) throws Exception {
        try (Pipe pipe = Pipe.oneWay();
                Peer _ = peers.start(() -> {
                    pipe.second().sendBytes(Peers.bytes(1 << 20));
                    pipe.second().close();
                })) {
            assertTrue(pipe.first().isReadable());
            assertFalse(pipe.first().isWritable());
            assertFalse(pipe.second().isReadable());
            assertTrue(pipe.second().isWritable());
            assertThrows(UnsupportedOperationException.class, () -> pipe.first().sendBytes(new byte[1]));
            assertThrows(UnsupportedOperationException.class, () -> pipe.second().receiveBytes());
            assertThrows(UnsupportedOperationException.class, () -> pipe.second().poll());
            assertArrayEquals(Peers.bytes(1 << 20), pipe.first().receiveBytes(Delays.LONG));
            pipe.second().close();
            EndOfChannelException end = assertThrows(EndOfChannelException.class, () -> pipe.first().receiveBytes(Delays.LONG));
            assertFalse(end.isCut());
        }
    }

    /** test_spawn_close: the parent's copy is closed as soon as the child is started. */
    @ParameterizedTest
    @EnumSource(names = "PROCESS")
    void anEndThatIsGivenAwayMayBeClosed(Peers peers) throws Exception {
        try (Pipe pipe = Pipe.twoWay(); Peer _ = peers.start(() -> echo(pipe.second()))) {
            pipe.second().close();
            pipe.first().sendBytes(new byte[] {1});
            assertArrayEquals(new byte[] {1}, pipe.first().receiveBytes(Delays.LONG));
            pipe.first().sendBytes(new byte[0]);
            assertThrows(EndOfChannelException.class, () -> pipe.first().receiveBytes(Delays.LONG));
        }
    }

    /** test_empty_string, test_strings and test_boundaries of _TestPoll: nothing is merged, and an empty message is one. */
    @ParameterizedTest
    @EnumSource
    void messagesKeepTheirBoundaries(Peers peers) throws Exception {
        List<String> texts = List.of("hello", "", "a", "b", "", "bye", "");
        try (Pipe pipe = Pipe.oneWay();
                Peer _ = peers.start(() -> {
                    for (String text : texts) {
                        pipe.second().sendBytes(text.getBytes(StandardCharsets.US_ASCII));
                    }
                })) {
            for (String text : texts) {
                assertTrue(pipe.first().poll(Delays.LONG));
                assertEquals(text, new String(pipe.first().receiveBytes(), StandardCharsets.US_ASCII));
            }
            assertFalse(pipe.first().poll());
            assertFalse(pipe.first().poll(Delays.SHORT));
            assertFalse(pipe.first().poll(Duration.ofSeconds(-1)));
        }
    }

    /** test_dont_merge: looking takes nothing away. */
    @ParameterizedTest
    @EnumSource
    void pollingTakesNothingAway(Peers peers) throws Exception {
        try (Pipe pipe = Pipe.twoWay(); Peer _ = peers.start(() -> {
                    assertTrue(pipe.second().poll(Delays.LONG));
                    assertTrue(pipe.second().poll());
                    echo(pipe.second());
                })) {
            pipe.first().sendBytes(new byte[] {1, 2, 3});
            assertArrayEquals(new byte[] {1, 2, 3}, pipe.first().receiveBytes(Delays.LONG));
            pipe.first().sendBytes(new byte[0]);
        }
    }

    @ParameterizedTest
    @EnumSource
    void objectsTravel(Peers peers) throws Exception {
        try (Pipe pipe = Pipe.twoWay(); Peer _ = peers.start(() -> {
                    for (Object object = pipe.second().receive(); object != null; object = pipe.second().receive()) {
                        pipe.second().send(object);
                    }
                })) {
            for (Object object : List.of("text", 7, List.of(1, "two", 3.0), new int[] {1, 2})) {
                pipe.first().send(object);
                Object back = pipe.first().receive(Delays.LONG);
                if (object instanceof int[] ints) {
                    assertArrayEquals(ints, (int[]) back);
                } else {
                    assertEquals(object, back);
                }
            }
            pipe.first().send(null);
        }
    }
}
