// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import dev.kindred.Waitable;
import dev.kindred.channel.AbstractSocketAddress;
import dev.kindred.channel.ChannelClosedException;
import dev.kindred.channel.Client;
import dev.kindred.channel.Connection;
import dev.kindred.channel.EndOfChannelException;
import dev.kindred.channel.Listener;
import dev.kindred.channel.Pipe;
import dev.kindred.process.ChildProcess;
import dev.kindred.sync.Event;
import dev.kindred.tests.support.Delays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** CPython's TestWait, and what goes beyond it: waits for connections, listeners, children and events at once. */
class WaitTest {

    /** More words than one call of the kernel's takes. */
    private static final int MANY = 200;

    private static <T> FutureTask<T> startWaiting(boolean virtual, java.util.concurrent.Callable<T> task) {
        FutureTask<T> outcome = new FutureTask<>(task);
        Thread thread = virtual ? Thread.startVirtualThread(outcome) : Thread.ofPlatform().start(outcome);
        Peers.awaitAsleep(thread);
        return outcome;
    }

    private static <T> T get(FutureTask<T> outcome) throws Exception {
        return outcome.get(Delays.LONG.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** test_wait: messages of several children, until the end of each. */
    @Test
    void messagesOfSeveralChildrenAreAllReceived() throws Exception {
        int children = 3;
        int messages = 10;
        List<Connection> open = new ArrayList<>();
        List<ChildProcess> started = new ArrayList<>();
        for (int i = 0; i < children; i++) {
            int number = i;
            Pipe pipe = Pipe.oneWay();
            Connection sender = pipe.second();
            started.add(ChildProcess.builder().maxHeap(32 << 20).start(() -> {
                for (int j = 0; j < messages; j++) {
                    sender.sendBytes(new byte[] {(byte) number, (byte) j});
                }
                sender.close();
            }));
            sender.close();
            open.add(pipe.first());
        }
        List<Integer> received = new ArrayList<>();
        while (!open.isEmpty()) {
            for (Connection ready : Waitable.<Connection>awaitAny(open, Delays.LONG)) {
                try {
                    byte[] message = ready.receiveBytes();
                    received.add(message[0] * messages + message[1]);
                } catch (EndOfChannelException end) {
                    open.remove(ready);
                    ready.close();
                }
            }
        }
        Collections.sort(received);
        assertEquals(children * messages, received.size());
        for (int i = 0; i < received.size(); i++) {
            assertEquals(i, received.get(i));
        }
        for (ChildProcess child : started) {
            assertTrue(child.join(Delays.LONG));
            child.close();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void eachOfAMixtureEndsTheWait(boolean virtual) throws Exception {
        Event event = new Event();
        try (Pipe pipe = Pipe.twoWay();
                Pipe task = Pipe.twoWay();
                Listener listener = Listener.open(new AbstractSocketAddress("kindred-wait-" + ProcessHandle.current().pid()));
                ChildProcess child = ChildProcess.builder().maxHeap(32 << 20).start(() -> task.second().receiveBytes())) {
            List<Waitable> all = List.of(pipe.first(), listener, child, event);
            FutureTask<List<Waitable>> wait = startWaiting(virtual, () -> Waitable.awaitAny(all));
            event.set();
            assertEquals(List.of(event), get(wait));
            event.clear();

            wait = startWaiting(virtual, () -> Waitable.awaitAny(all, Delays.LONG));
            pipe.second().sendBytes(new byte[1]);
            assertEquals(List.of(pipe.first()), get(wait));
            assertEquals(1, pipe.first().receiveBytes().length);

            wait = startWaiting(virtual, () -> Waitable.awaitAny(all, Delays.LONG));
            Connection client = Client.connect(listener.address(), Delays.LONG);
            assertEquals(List.of(listener), get(wait));
            listener.accept(Delays.LONG).close();
            client.close();

            wait = startWaiting(virtual, () -> Waitable.awaitAny(all, Delays.LONG));
            task.first().sendBytes(new byte[1]);
            assertEquals(List.of(child), get(wait));
            assertEquals(0, child.exitCode().orElseThrow());

            event.set();
            pipe.second().close();
            assertEquals(List.of(pipe.first(), child, event), Waitable.awaitAny(all, Duration.ZERO));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void connectionsAloneEndTheWait(boolean virtual) throws Exception {
        try (Pipe one = Pipe.twoWay(); Pipe other = Pipe.oneWay()) {
            List<Connection> all = List.of(one.first(), other.first(), one.second());
            FutureTask<List<Connection>> wait = startWaiting(virtual, () -> Waitable.awaitAny(all));
            other.second().close();
            assertEquals(List.of(other.first()), get(wait));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void manyEventsAreWaitedFor(boolean virtual) throws Exception {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            events.add(new Event());
        }
        try (Pipe pipe = Pipe.twoWay()) {
            List<Waitable> all = new ArrayList<>(events);
            all.add(pipe.first());
            for (int i : new int[] {0, 100, 150, MANY - 1}) {
                FutureTask<List<Waitable>> wait = startWaiting(virtual, () -> Waitable.awaitAny(all, Delays.LONG));
                events.get(i).set();
                assertEquals(List.of(events.get(i)), get(wait));
                events.get(i).clear();
            }
            FutureTask<List<Waitable>> wait = startWaiting(virtual, () -> Waitable.awaitAny(all, Delays.LONG));
            pipe.second().sendBytes(new byte[1]);
            assertEquals(List.of(pipe.first()), get(wait));
        }
    }

    /** An event that another process sets. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anEventIsSetByAChild(boolean virtual) throws Exception {
        Event event = new Event();
        Event go = new Event();
        try (Pipe pipe = Pipe.twoWay(); ChildProcess child = ChildProcess.builder().maxHeap(32 << 20).start(() -> {
                    go.await();
                    event.set();
                })) {
            FutureTask<List<Waitable>> wait = startWaiting(virtual, () -> Waitable.awaitAny(List.of(pipe.first(), event), Delays.LONG));
            go.set();
            assertEquals(List.of(event), get(wait));
            assertTrue(child.join(Delays.LONG));
        }
    }

    /** test_wait_timeout, test_wait_integer and test_neg_timeout. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theTimeIsKept(boolean virtual) throws Exception {
        Event event = new Event();
        try (Pipe pipe = Pipe.twoWay()) {
            for (List<Waitable> all : List.<List<Waitable>>of(List.of(), List.of(event), List.of(pipe.first()), List.of(pipe.first(), event, event))) {
                FutureTask<Long> wait = new FutureTask<>(() -> {
                    assertEquals(List.of(), Waitable.awaitAny(all, Duration.ZERO));
                    assertEquals(List.of(), Waitable.awaitAny(all, Duration.ofSeconds(-1)));
                    long start = System.nanoTime();
                    assertEquals(List.of(), Waitable.awaitAny(all, Delays.SHORT));
                    return System.nanoTime() - start;
                });
                Thread thread = virtual ? Thread.startVirtualThread(wait) : Thread.ofPlatform().start(wait);
                long waited = get(wait);
                assertTrue(waited >= Delays.SHORT.toNanos(), thread + " waited only " + waited + " ns for " + all);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anInterruptEndsTheWait(boolean virtual) throws Exception {
        Event event = new Event();
        try (Pipe pipe = Pipe.twoWay()) {
            for (List<Waitable> all : List.<List<Waitable>>of(List.of(), List.of(event), List.of(pipe.first()), List.of(pipe.first(), event))) {
                FutureTask<Boolean> wait = new FutureTask<>(() -> {
                    assertThrows(InterruptedException.class, () -> Waitable.awaitAny(all));
                    return Thread.currentThread().isInterrupted();
                });
                Thread thread = virtual ? Thread.startVirtualThread(wait) : Thread.ofPlatform().start(wait);
                Peers.awaitAsleep(thread);
                thread.interrupt();
                assertFalse(get(wait));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closingOneEndsTheWait(boolean virtual) throws Exception {
        Event event = new Event();
        for (boolean withEvent : new boolean[] {false, true}) {
            try (Pipe pipe = Pipe.twoWay()) {
                List<Waitable> all = withEvent ? List.of(pipe.first(), event) : List.of(pipe.first());
                FutureTask<?> wait = startWaiting(virtual, () -> assertThrows(ChannelClosedException.class, () -> Waitable.awaitAny(all)));
                pipe.first().close();
                get(wait);
                assertThrows(ChannelClosedException.class, () -> Waitable.awaitAny(all));
            }
        }
    }

    @Test
    void oneMayBeThereSeveralTimes() throws Exception {
        try (Pipe pipe = Pipe.twoWay()) {
            pipe.second().sendBytes(new byte[1]);
            Connection connection = pipe.first();
            assertEquals(List.of(connection, connection), Waitable.awaitAny(List.of(connection, pipe.second(), connection)));
        }
    }

    @Test
    void aSenderCannotBeWaitedFor() {
        try (Pipe pipe = Pipe.oneWay()) {
            assertThrows(UnsupportedOperationException.class, () -> Waitable.awaitAny(List.of(pipe.second())));
        }
    }
}
