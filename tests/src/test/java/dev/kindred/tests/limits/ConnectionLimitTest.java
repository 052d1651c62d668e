// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.limits;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import dev.kindred.SystemCallException;
import dev.kindred.Waitable;
import dev.kindred.channel.ChannelException;
import dev.kindred.channel.ChannelTimeoutException;
import dev.kindred.channel.Client;
import dev.kindred.channel.Connection;
import dev.kindred.channel.Descriptor;
import dev.kindred.channel.Listener;
import dev.kindred.channel.Pipe;
import dev.kindred.channel.UnencodableElementException;
import dev.kindred.internal.os.Descriptors;
import dev.kindred.tests.support.Delays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections and listeners in a process that may have no more descriptors. */
final class ConnectionLimitTest {

    @TempDir
    Path folder;

    @Test
    void everyStepThatFindsNoDescriptorLeftFailsCleanly() throws Exception {
        LimitedJvm.run(folder, AtTheLimit.class);
    }

    /** The process. */
    static final class AtTheLimit {

        private static final Deque<Integer> HOARD = new ArrayDeque<>();

        private AtTheLimit() {}

        private static void takeAll() {
            try {
                while (true) {
                    HOARD.push(Descriptors.duplicate(0));
                }
            } catch (SystemCallException none) {
                assertEquals("EMFILE", none.errnoName());
            }
        }

        private static void giveBack() {
            HOARD.forEach(Descriptors::close);
            HOARD.clear();
        }

        private static void assertExhausted(org.junit.jupiter.api.function.Executable action) {
            assertEquals("EMFILE", assertThrows(SystemCallException.class, action).errnoName());
        }

        public static void main(String[] arguments) throws Exception {
            LimitedJvm.openClassPath();
            try (Pipe pipe = Pipe.twoWay();
                    Listener listener = Listener.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                    Descriptor descriptor = Descriptor.of(0)) {
                // Once, with all that it loads and opens.
                use(pipe, listener, descriptor);
                takeAll();
                assertExhausted(Pipe::twoWay);
                assertExhausted(Pipe::oneWay);
                assertExhausted(() -> Listener.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
                assertExhausted(() -> Client.connect(listener.address(), Delays.LONG));
                Descriptors.close(HOARD.pop());
                Connection client = Client.connect(listener.address(), Delays.LONG);
                assertExhausted(() -> listener.accept(Delays.LONG));
                Throwable cause = assertThrows(UnencodableElementException.class, () -> pipe.first().send(descriptor)).getCause();
                assertEquals("EMFILE", assertInstanceOf(SystemCallException.class, cause).errnoName());
                waitWithoutDescriptors(pipe);
                giveBack();
                listener.accept(Delays.LONG).close();
                client.close();

                loseDescriptors(pipe, descriptor);
                use(pipe, listener, descriptor);
            }
            System.out.println(LimitedJvm.ALL_RIGHT);
        }

        private static void use(Pipe pipe, Listener listener, Descriptor descriptor) throws Exception {
            pipe.first().send(descriptor);
            ((Descriptor) pipe.second().receive(Delays.LONG)).close();
            try (Connection client = Client.connect(listener.address(), Delays.LONG); Connection accepted = listener.accept(Delays.LONG)) {
                client.sendBytes(new byte[1]);
                assertEquals(1, accepted.receiveBytes(Delays.LONG).length);
            }
            FutureTask<byte[]> receiving = new FutureTask<>(() -> pipe.second().receiveBytes(Delays.LONG));
            Thread.startVirtualThread(receiving);
            pipe.first().sendBytes(new byte[1]);
            receiving.get(Delays.LONG.toNanos(), TimeUnit.NANOSECONDS);
            assertThrows(ChannelTimeoutException.class, () -> pipe.second().receiveBytes(Delays.SHORT));
            assertEquals(List.of(), Waitable.awaitAny(List.of(pipe.first(), listener), Delays.SHORT));
            System.out.println("used");
        }

        /** Those who wait need none: they look again and again if they must. */
        private static void waitWithoutDescriptors(Pipe pipe) throws Exception {
            assertThrows(ChannelTimeoutException.class, () -> pipe.second().receiveBytes(Delays.SHORT));
            List<FutureTask<byte[]>> all = List.of(new FutureTask<>(() -> pipe.second().receiveBytes(Delays.LONG)),
                    new FutureTask<>(() -> pipe.first().receiveBytes(Delays.LONG)));
            Thread.ofPlatform().start(all.get(0));
            Thread.ofVirtual().start(all.get(1));
            assertThrows(ChannelTimeoutException.class, () -> pipe.second().receiveBytes(Delays.SHORT));
            pipe.first().sendBytes(new byte[] {1});
            pipe.second().sendBytes(new byte[] {2});
            assertArrayEquals(new byte[] {1}, all.get(0).get(Delays.LONG.toNanos(), TimeUnit.NANOSECONDS));
            assertArrayEquals(new byte[] {2}, all.get(1).get(Delays.LONG.toNanos(), TimeUnit.NANOSECONDS));
        }

        /** The message is lost, and the next is not. */
        private static void loseDescriptors(Pipe pipe, Descriptor descriptor) throws Exception {
            pipe.first().send(List.of(descriptor, 1));
            pipe.first().send("the next");
            takeAll();
            ChannelException lost = assertThrows(ChannelException.class, () -> pipe.second().receive(Delays.LONG));
            assertTrue(lost.getMessage().contains("ulimit"), lost.getMessage());
            assertEquals("the next", pipe.second().receive(Delays.LONG));
            giveBack();
        }
    }
}
