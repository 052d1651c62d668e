// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.channel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import dev.kindred.Waitable;
import dev.kindred.channel.AbstractSocketAddress;
import dev.kindred.channel.AuthenticationException;
import dev.kindred.channel.AuthenticationKey;
import dev.kindred.channel.BrokenPipeException;
import dev.kindred.channel.ChannelException;
import dev.kindred.channel.ChannelOptions;
import dev.kindred.channel.ChannelTimeoutException;
import dev.kindred.channel.Client;
import dev.kindred.channel.Connection;
import dev.kindred.channel.EndOfChannelException;
import dev.kindred.channel.Listener;
import dev.kindred.channel.Pipe;
import dev.kindred.process.ChildProcess;
import dev.kindred.process.ChildTask;
import dev.kindred.tests.support.Delays;
import dev.kindred.tests.support.Eventually;
import dev.kindred.tests.support.Posix;
import dev.kindred.tests.support.Processes;
import jnr.constants.platform.Signal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What connections promise when the process at the other end is killed or stopped, at whatever step it is. */
class ConnectionDeathTest {

    private static final int ROUNDS = 8;

    /** Over what the two talk. */
    enum Way { ONE_WAY, TWO_WAY, TCP }

    private static ChildProcess start(ChildTask task) {
        return ChildProcess.builder().maxHeap(32 << 20).start(task);
    }

    private static void kill(ChildProcess child) throws InterruptedException {
        child.kill();
        assertTrue(child.join(Delays.LONG));
        child.close();
    }

    private static byte[] numbered(int number, int length) {
        byte[] message = new byte[length];
        Arrays.fill(message, (byte) number);
        return message;
    }

    private static void sendForEver(Connection connection) throws InterruptedException {
        for (int i = 0;; i++) {
            connection.sendBytes(numbered(i, 1 + i * 7919 % 200_000));
        }
    }

    private static SocketAddress tcp() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    /** All that the dead had sent arrives, whole and in order; then comes the end. */
    @ParameterizedTest
    @EnumSource
    void aKilledSenderLeavesWholeMessagesAndAnEnd(Way way) throws Exception {
        Random random = new Random(4);
        for (int round = 0; round < ROUNDS; round++) {
            try (Pipe pipe = way == Way.ONE_WAY ? Pipe.oneWay() : Pipe.twoWay(); Listener listener = Listener.open(tcp())) {
                ChildProcess child = way == Way.TCP
                        ? start(() -> sendForEver(Client.connect(listener.address(), Delays.LONG)))
                        : start(() -> sendForEver(pipe.second()));
                Connection receiver = way == Way.TCP ? listener.accept(Delays.LONG) : pipe.first();
                pipe.second().close();
                int received = 0;
                int last = random.nextInt(100);
                try {
                    while (true) {
                        byte[] message = receiver.receiveBytes(Delays.LONG);
                        assertArrayEquals(numbered(received, 1 + received * 7919 % 200_000), message);
                        if (received++ == last) {
                            child.kill();
                        }
                    }
                } catch (EndOfChannelException end) {
                    assertTrue(received > last, end::getMessage);
                }
                assertThrows(EndOfChannelException.class, () -> receiver.receiveBytes(Delays.LONG));
                receiver.close();
                kill(child);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSenderLearnsThatTheReceiverWasKilled(Way way) throws Exception {
        try (Pipe pipe = way == Way.ONE_WAY ? Pipe.oneWay() : Pipe.twoWay(); Listener listener = Listener.open(tcp())) {
            ChildTask stuck = () -> {
                try (Connection connection = way == Way.TCP ? Client.connect(listener.address(), Delays.LONG) : pipe.first()) {
                    LockSupport.park(connection);
                }
            };
            ChildProcess child = start(stuck);
            Connection sender = way == Way.TCP ? listener.accept(Delays.LONG) : pipe.second();
            pipe.first().close();
            FutureTask<ChannelException> sending = new FutureTask<>(() -> assertThrows(BrokenPipeException.class, () -> sendForEver(sender)));
            Thread thread = Thread.ofPlatform().start(sending);
            Peers.awaitAsleep(thread);
            kill(child);
            sending.get(Delays.LONG.toNanos(), TimeUnit.NANOSECONDS);
            assertThrows(ChannelException.class, () -> sender.sendBytes(new byte[1]));
            sender.close();
        }
    }

    /** One that is stopped in the middle of a message is not taken for dead, and holds up nobody who has a deadline. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aStoppedSenderIsWaitedForOnlyUntilTheDeadline(boolean virtual) throws Exception {
        byte[] message = Peers.bytes(8 << 20);
        try (Pipe pipe = Pipe.twoWay(); ChildProcess child = start(() -> pipe.second().sendBytes(Peers.bytes(8 << 20)))) {
            pipe.second().close();
            assertTrue(pipe.first().poll(Delays.LONG));
            Posix.kill(child.pid(), Signal.SIGSTOP);
            Eventually.holds("the child is stopped", () -> {
                Processes.Entry entry = Processes.entry(child.pid());
                return entry != null && entry.isStopped();
            });
            FutureTask<Object> receiving = new FutureTask<>(
                    () -> assertThrows(ChannelTimeoutException.class, () -> pipe.first().receiveBytes(Delays.SMALL)));
            Thread _ = virtual ? Thread.startVirtualThread(receiving) : Thread.ofPlatform().start(receiving);
            receiving.get(Delays.LONG.toNanos(), TimeUnit.NANOSECONDS);
            assertFalse(Waitable.awaitAny(List.of(child), Delays.SHORT).contains(child));
            Posix.kill(child.pid(), Signal.SIGCONT);
            assertArrayEquals(message, pipe.first().receiveBytes(Delays.LONG));
            assertTrue(child.join(Delays.LONG));
        }
    }

    @Test
    void oneThatIsKilledInTheMiddleOfAMessageHasCutIt() throws Exception {
        try (Pipe pipe = Pipe.twoWay()) {
            ChildProcess child = start(() -> pipe.second().sendBytes(new byte[8 << 20]));
            pipe.second().close();
            assertTrue(pipe.first().poll(Delays.LONG));
            // What has gone fills the kernel's buffer, so the rest has not.
            kill(child);
            assertTrue(assertThrows(EndOfChannelException.class, () -> pipe.first().receiveBytes(Delays.LONG)).isCut());
        }
    }

    /** At any moment of its connecting and its handshake. */
    @Test
    void aListenerOutlivesClientsThatAreKilled() throws Exception {
        ChannelOptions options = ChannelOptions.defaults().withKey(AuthenticationKey.random());
        Random random = new Random(5);
        try (Listener listener = Listener.open(new AbstractSocketAddress("kindred-death-" + ProcessHandle.current().pid()), options)) {
            ChildProcess child = start(() -> {
                while (true) {
                    try (Connection connection = Client.connect(listener.address(), options, Delays.LONG)) {
                        connection.sendBytes(new byte[1]);
                    }
                }
            });
            int accepted = 0;
            int last = 200 + random.nextInt(100);
            boolean ended = false;
            while (!ended) {
                try (Connection connection = listener.accept(Delays.MEDIUM)) {
                    accepted++;
                    assertEquals(1, connection.receiveBytes(Delays.LONG).length);
                } catch (AuthenticationException | EndOfChannelException | BrokenPipeException dead) {
                    assertTrue(accepted >= last, dead.toString());
                } catch (ChannelTimeoutException nobody) {
                    ended = true;
                }
                if (accepted == last) {
                    child.kill();
                }
            }
            kill(child);
            FutureTask<Connection> client = new FutureTask<>(() -> Client.connect(listener.address(), options, Delays.LONG));
            Thread _ = Thread.ofPlatform().start(client);
            listener.accept(Delays.LONG).close();
            client.get(Delays.LONG.toNanos(), TimeUnit.NANOSECONDS).close();
        }
    }

    /** The deaths of many children, in one wait. */
    @Test
    void allDeathsAreFoundByAWait() throws Exception {
        List<ChildProcess> children = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            children.add(start(() -> LockSupport.park(Thread.currentThread())));
        }
        List<ChildProcess> waiting = new ArrayList<>(children);
        for (ChildProcess child : children) {
            assertEquals(List.of(), Waitable.awaitAny(waiting, java.time.Duration.ZERO));
            child.kill();
            assertEquals(List.of(child), Waitable.<ChildProcess>awaitAny(waiting, Delays.LONG));
            waiting.remove(child);
            child.close();
        }
    }
}
