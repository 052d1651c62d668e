// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.channel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import dev.kindred.SystemCallException;
import dev.kindred.channel.BrokenPipeException;
import dev.kindred.channel.ChannelClosedException;
import dev.kindred.channel.ChannelException;
import dev.kindred.channel.ChannelTimeoutException;
import dev.kindred.channel.Connection;
import dev.kindred.channel.Descriptor;
import dev.kindred.channel.EndOfChannelException;
import dev.kindred.channel.MessageLengthException;
import dev.kindred.channel.Pipe;
import dev.kindred.tests.support.Delays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What connections promise within one process. */
class ConnectionTest {

    private final Pipe pipe = Pipe.twoWay();
    private final Connection first = pipe.first();
    private final Connection second = pipe.second();

    @AfterEach
    void close() {
        pipe.close();
    }

    /** A thread with what comes of it. */
    private record Waiter<T>(Thread thread, FutureTask<T> outcome) {
        T await() throws Exception {
            return outcome.get(Delays.LONG.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private static <T> Waiter<T> start(boolean virtual, Callable<T> task) {
        FutureTask<T> outcome = new FutureTask<>(task);
        return new Waiter<>(virtual ? Thread.startVirtualThread(outcome) : Thread.ofPlatform().start(outcome), outcome);
    }

    private static <T> Waiter<T> startWaiting(boolean virtual, Callable<T> task) {
        Waiter<T> waiter = start(virtual, task);
        Peers.awaitAsleep(waiter.thread);
        return waiter;
    }

    private static Waiter<Throwable> startFailing(boolean virtual, org.junit.jupiter.api.function.Executable task) {
        return startWaiting(virtual, () -> {
            try {
                task.execute();
                throw new AssertionError("it did not fail");
            } catch (RuntimeException | InterruptedException e) {
                return e;
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        });
    }

    /** Sends bytes past the framing. */
    private static void raw(Connection connection, byte... bytes) throws Exception {
        try (Descriptor descriptor = Descriptor.of(connection.number()); var out = descriptor.toOutputStream()) {
            out.write(bytes);
        }
    }

    @Test
    void partsOfArraysAreSent() throws Exception {
        byte[] bytes = Peers.bytes(100);
        first.sendBytes(bytes, 90, 10);
        assertArrayEquals(java.util.Arrays.copyOfRange(bytes, 90, 100), second.receiveBytes());
        first.sendBytes(bytes, 100, 0, Delays.LONG);
        assertEquals(0, second.receiveBytes().length);
        for (int[] wrong : new int[][] {{-1, 1}, {101, 0}, {0, -1}, {50, 51}}) {
            assertThrows(IndexOutOfBoundsException.class, () -> first.sendBytes(bytes, wrong[0], wrong[1]));
        }
        assertThrows(IndexOutOfBoundsException.class, () -> second.receiveBytesInto(bytes, -1));
        assertThrows(IndexOutOfBoundsException.class, () -> second.receiveBytesInto(bytes, 101));
        assertFalse(second.poll());
    }

    @Test
    void buffersAndSegmentsAreSentAndReceived() throws Exception {
        byte[] bytes = Peers.bytes(1000);
        for (ByteBuffer buffer : List.of(ByteBuffer.wrap(bytes), ByteBuffer.wrap(bytes).asReadOnlyBuffer(), ByteBuffer.allocateDirect(1000).put(bytes).flip())) {
            buffer.position(10);
            first.sendBytes(buffer);
            assertEquals(buffer.limit(), buffer.position());
            ByteBuffer target = buffer.isDirect() ? ByteBuffer.allocateDirect(1010) : ByteBuffer.allocate(1010);
            target.position(5);
            assertEquals(990, second.receiveBytesInto(target));
            assertEquals(995, target.position());
            byte[] received = new byte[990];
            target.get(5, received);
            assertArrayEquals(java.util.Arrays.copyOfRange(bytes, 10, 1000), received);
        }
        assertThrows(java.nio.ReadOnlyBufferException.class, () -> second.receiveBytesInto(ByteBuffer.wrap(bytes).asReadOnlyBuffer()));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment large = arena.allocate(1 << 20);
            large.asByteBuffer().put(Peers.bytes(1 << 20));
            Waiter<MemorySegment> receiver = start(false, () -> {
                MemorySegment target = Arena.ofAuto().allocate((1 << 20) + 8);
                assertEquals(1 << 20, second.receiveBytesInto(target));
                return target;
            });
            first.sendBytes(large);
            assertArrayEquals(Peers.bytes(1 << 20), receiver.await().asSlice(0, 1 << 20).toArray(ValueLayout.JAVA_BYTE));
        }
    }

    @Test
    void theFramingIsThatOfPython() throws Exception {
        first.sendBytes(new byte[] {7, 8});
        try (Descriptor descriptor = Descriptor.of(second.number()); var in = descriptor.toInputStream()) {
            assertArrayEquals(new byte[] {0, 0, 0, 2, 7, 8}, in.readNBytes(6));
        }
        // The head for long ones is right for short ones, too.
        raw(first, new byte[] {-1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 1, 42});
        assertArrayEquals(new byte[] {42}, second.receiveBytes());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLengthThatIsNoneEndsTheReceiving(boolean isLong) throws Exception {
        raw(first, isLong ? new byte[] {-1, -1, -1, -1, -128, 0, 0, 0, 0, 0, 0, 0} : new byte[] {-1, -1, -1, -2});
        MessageLengthException wrong = assertThrows(MessageLengthException.class, second::receiveBytes);
        assertEquals(isLong ? Long.MIN_VALUE : -2, wrong.length());
        ChannelException broken = assertThrows(ChannelException.class, second::receiveBytes);
        assertTrue(broken.getMessage().contains("nothing can be received"), broken.getMessage());
        second.sendBytes(new byte[1]);
        assertEquals(1, first.receiveBytes().length);
    }

    @Test
    void aMessageThatIsTooLongIsRefusedAndStays() throws Exception {
        raw(first, new byte[] {-1, -1, -1, -1, 0, 0, 0, 1, 0, 0, 0, 0});
        MessageLengthException refused = assertThrows(MessageLengthException.class, second::receiveBytes);
        assertEquals(1L << 32, refused.length());
        second.sendBytes(new byte[1], Duration.ZERO);
        assertEquals(1, first.receiveBytes().length);
    }

    @Test
    void aMaximumLeavesTheMessageToAnother() throws Exception {
        first.sendBytes(Peers.bytes(11));
        assertEquals(11, assertThrows(MessageLengthException.class, () -> second.receiveBytes(10)).length());
        second.setMaximumLength(5);
        assertThrows(MessageLengthException.class, () -> second.receiveBytes(20));
        assertThrows(MessageLengthException.class, () -> second.receiveBytesInto(new byte[20], 0));
        second.setMaximumLength(11);
        assertArrayEquals(Peers.bytes(11), second.receiveBytes(11));
        assertThrows(IllegalArgumentException.class, () -> second.receiveBytes(-1));
        assertThrows(IllegalArgumentException.class, () -> second.setMaximumLength(-1));
    }

    /** What a head promises is allocated as it comes. */
    @Test
    void aPromiseOfALongMessageTakesNoMemory() throws Exception {
        raw(first, new byte[] {127, -1, -1, -1 - 8, 1, 2, 3});
        assertThrows(ChannelTimeoutException.class, () -> second.receiveBytes(Delays.SHORT));
        first.close();
        assertTrue(assertThrows(EndOfChannelException.class, second::receiveBytes).isCut());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aReceiveThatGivesUpLosesNothing(boolean into) throws Exception {
        byte[] target = new byte[100_000];
        raw(first, (byte) 0);
        assertThrows(ChannelTimeoutException.class, () -> second.receiveBytes(Delays.SHORT));
        raw(first, (byte) 1);
        assertThrows(ChannelTimeoutException.class, () -> second.receiveBytesInto(target, 0, Duration.ZERO));
        raw(first, new byte[] {0, 0, 1, 2, 3});
        if (into) {
            assertThrows(ChannelTimeoutException.class, () -> second.receiveBytesInto(target, 7, Delays.SHORT));
        } else {
            assertThrows(ChannelTimeoutException.class, () -> second.receiveBytes(Delays.SHORT));
        }
        raw(first, new byte[65_530]);
        raw(first, new byte[] {4, 5, 6});
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, second::receiveBytes);
        byte[] message;
        if (into) {
            assertEquals(65_536, second.receiveBytesInto(target, 0));
            message = java.util.Arrays.copyOf(target, 65_536);
        } else {
            message = second.receiveBytes();
        }
        assertArrayEquals(new byte[] {1, 2, 3, 0}, java.util.Arrays.copyOf(message, 4));
        assertArrayEquals(new byte[] {0, 4, 5, 6}, java.util.Arrays.copyOfRange(message, 65_532, 65_536));
        assertFalse(second.poll());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSendThatGivesUpHalfWaySaysSoFromThenOn(boolean oneWay) throws Exception {
        try (Pipe other = oneWay ? Pipe.oneWay() : Pipe.twoWay()) {
            Connection sender = other.second();
            assertThrows(ChannelTimeoutException.class, () -> sender.sendBytes(new byte[4 << 20], Delays.SHORT));
            ChannelException broken = assertThrows(ChannelException.class, () -> sender.sendBytes(new byte[1]));
            assertTrue(broken.getMessage().contains("nothing can be sent over") && broken.getMessage().contains("4194304 bytes"), broken.getMessage());
            sender.close();
            assertTrue(assertThrows(EndOfChannelException.class, () -> other.first().receiveBytes()).isCut());
        }
    }

    @Test
    void aSendThatGivesUpBeforeItBeganSpoilsNothing() throws Exception {
        int sent = 0;
        try {
            while (true) {
                // Of one byte, so that the last that fits leaves no room for a part of the next.
                first.sendBytes(new byte[0], Duration.ZERO);
                sent++;
            }
        } catch (ChannelTimeoutException full) {
            assertTrue(sent > 0);
        }
        for (int i = 0; i < sent; i++) {
            assertEquals(0, second.receiveBytes().length);
        }
        first.sendBytes(new byte[] {1});
        assertArrayEquals(new byte[] {1}, second.receiveBytes());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void waitsEndAtTheirDeadlineAndNotBefore(boolean virtual) throws Exception {
        Waiter<Long> waiter = start(virtual, () -> {
            long start = System.nanoTime();
            assertThrows(ChannelTimeoutException.class, () -> first.receiveBytes(Delays.SHORT));
            assertFalse(first.poll(Delays.SHORT));
            return System.nanoTime() - start;
        });
        long waited = waiter.await();
        assertTrue(waited >= 2 * Delays.SHORT.toNanos(), "waited only " + waited + " ns");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anInterruptEndsAWait(boolean virtual) throws Exception {
        Waiter<Throwable> receiver = startFailing(virtual, first::receiveBytes);
        Waiter<Throwable> behind = startFailing(virtual, first::receiveBytes);
        Waiter<Throwable> poller = startFailing(virtual, () -> first.poll(Delays.LONG));
        Waiter<Throwable> sender = startFailing(virtual, () -> first.sendBytes(new byte[8 << 20]));
        for (Waiter<Throwable> waiter : List.of(behind, receiver, poller, sender)) {
            waiter.thread.interrupt();
            assertEquals(InterruptedException.class, waiter.await().getClass());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closingEndsAllWaits(boolean virtual) throws Exception {
        List<Waiter<Throwable>> waiters = List.of(
                startFailing(virtual, first::receiveBytes),
                startFailing(virtual, first::receiveBytes),
                startFailing(!virtual, () -> first.poll(Delays.LONG)),
                startFailing(virtual, () -> first.sendBytes(new byte[8 << 20])));
        first.close();
        for (Waiter<Throwable> waiter : waiters) {
            assertEquals(ChannelClosedException.class, waiter.await().getClass());
        }
        assertTrue(first.isClosed());
        first.close();
        assertThrows(ChannelClosedException.class, first::receiveBytes);
        assertThrows(ChannelClosedException.class, () -> first.sendBytes(new byte[1]));
        assertThrows(ChannelClosedException.class, first::poll);
        assertThrows(ChannelClosedException.class, first::number);
        assertTrue(assertThrows(EndOfChannelException.class, () -> {
            while (true) {
                second.receiveBytes();
            }
        }).isCut());
        assertThrows(BrokenPipeException.class, () -> second.sendBytes(new byte[1]));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void messagesOfManyThreadsStayWhole(boolean virtual) throws Exception {
        int threads = 4;
        int rounds = 200;
        List<Waiter<Void>> senders = new ArrayList<>();
        List<Waiter<Integer>> receivers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            byte filling = (byte) (i + 1);
            senders.add(start(virtual, () -> {
                for (int round = 0; round < rounds; round++) {
                    byte[] message = new byte[1 + round * 517 % 70_000];
                    java.util.Arrays.fill(message, filling);
                    first.sendBytes(message);
                }
                return null;
            }));
            receivers.add(start(virtual, () -> {
                int sum = 0;
                for (int round = 0; round < rounds; round++) {
                    byte[] message = second.receiveBytes();
                    for (byte each : message) {
                        assertEquals(message[0], each, "a message of several");
                    }
                    sum += message[0];
                }
                return sum;
            }));
        }
        for (Waiter<Void> sender : senders) {
            sender.await();
        }
        int sum = 0;
        for (Waiter<Integer> receiver : receivers) {
            sum += receiver.await();
        }
        assertEquals(rounds * (1 + 2 + 3 + 4), sum);
    }

    /** TestInvalidHandle, and a socket that was made elsewhere. */
    @Test
    void aConnectionIsMadeOfASocketAndOfNothingElse() throws Exception {
        assertThrows(SystemCallException.class, () -> Descriptor.of(-1));
        assertThrows(SystemCallException.class, () -> Descriptor.of(44_977_608));
        try (Descriptor descriptor = Descriptor.of(0)) {
            assertThrows(IllegalArgumentException.class, () -> Connection.of(descriptor));
        }
        try (Descriptor descriptor = Descriptor.of(second.number()); Connection other = Connection.of(descriptor)) {
            other.sendBytes(new byte[] {1, 2});
            assertArrayEquals(new byte[] {1, 2}, first.receiveBytes());
        }
    }

    /** Who starts a child or sends the connection on does not wait for who receives from it. */
    @Test
    void aConnectionTravelsWhileAnotherReceives() throws Exception {
        try (Pipe other = Pipe.twoWay()) {
            Waiter<Throwable> receiver = startFailing(false, other.first()::receiveBytes);
            first.send(other.first(), Delays.LONG);
            ((Connection) second.receive(Delays.LONG)).close();
            receiver.thread.interrupt();
            assertEquals(InterruptedException.class, receiver.await().getClass());
        }
    }

    @Test
    void oneThatIsForgottenIsClosed() throws Exception {
        Connection kept = forgetTheOther();
        dev.kindred.tests.support.Eventually.holds("the other end is closed", () -> {
            System.gc();
            return kept.poll();
        });
        assertThrows(EndOfChannelException.class, kept::receiveBytes);
        kept.close();
    }

    private static Connection forgetTheOther() {
        return Pipe.twoWay().first();
    }
}
