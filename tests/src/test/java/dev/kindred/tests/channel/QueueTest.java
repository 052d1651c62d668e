// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.channel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import dev.kindred.NotInheritableException;
import dev.kindred.Waitable;
import dev.kindred.channel.Codec;
import dev.kindred.channel.JoinableQueue;
import dev.kindred.channel.LongQueue;
import dev.kindred.channel.Queue;
import dev.kindred.channel.QueueClosedException;
import dev.kindred.channel.QueueEmptyException;
import dev.kindred.channel.QueueFullException;
import dev.kindred.channel.QueueShutDownException;
import dev.kindred.channel.RecordQueue;
import dev.kindred.channel.SimpleQueue;
import dev.kindred.channel.UndecodableElementException;
import dev.kindred.channel.UnencodableElementException;
import dev.kindred.process.ChildProcess;
import dev.kindred.sync.Lock;
import dev.kindred.tests.support.Delays;
import dev.kindred.tests.support.Eventually;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each call on a queue returns and throws. */
class QueueTest {

    /** Something that arrives only where it is let through. */
    private record Job(int number, String name) {}

    /** Something that does not arrive: its constructor refuses what comes. */
    private record Fussy(int number) {
        Fussy {
            if (number > 1 && Thread.currentThread().getName().equals("taker")) {
                throw new IllegalArgumentException("too large");
            }
        }
    }

    private static void inThread(String name, Body body) throws InterruptedException {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread thread = Thread.ofPlatform().name(name).start(() -> {
            try {
                body.run();
            } catch (Throwable e) {
                failure.set(e);
            }
        });
        assertTrue(thread.join(Delays.LONG), name + " does not end");
        if (failure.get() != null) {
            throw new AssertionError(failure.get());
        }
    }

    private interface Body {
        void run() throws Exception;
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "BYTES")
    void itHoldsAsManyElementsAsItsBound(QueueKind kind) throws Exception {
        NumberQueue queue = kind.create(3);
        for (int i = 1; i <= 3; i++) {
            assertEquals(i - 1, queue.size());
            assertTrue(queue.offer(i));
        }
        assertFalse(queue.offer(4));
        assertFalse(queue.offer(4, -1, TimeUnit.SECONDS));
        assertFalse(queue.offer(4, Delays.SMALL.toMillis(), TimeUnit.MILLISECONDS));
        assertEquals(3, queue.size());
        assertEquals(1, queue.take());
        assertTrue(queue.offer(4));
        for (int i = 2; i <= 4; i++) {
            assertEquals(OptionalLong.of(i), queue.poll());
        }
        assertEquals(OptionalLong.empty(), queue.poll());
    }

    @ParameterizedTest
    @EnumSource
    void aWaitWithADeadlineEndsAtItAndNotBefore(QueueKind kind) throws Exception {
        NumberQueue queue = kind.create(1);
        long begin = System.nanoTime();
        assertEquals(OptionalLong.empty(), queue.poll(Delays.SMALL.toMillis(), TimeUnit.MILLISECONDS));
        assertTrue(System.nanoTime() - begin >= Delays.SMALL.toNanos());
        while (queue.offer(1)) {
            Thread.onSpinWait();
        }
        begin = System.nanoTime();
        assertFalse(queue.offer(2, Delays.SMALL.toMillis(), TimeUnit.MILLISECONDS));
        assertTrue(System.nanoTime() - begin >= Delays.SMALL.toNanos());
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptEndsAWaitWithNothingDone(QueueKind kind) throws Exception {
        NumberQueue queue = kind.create(1);
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, queue::take);
        assertFalse(Thread.interrupted());
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> queue.put(1));
        assertTrue(queue.isEmpty());
        Thread taker = Thread.ofPlatform().start(() -> {
            try {
                assertThrows(InterruptedException.class, queue::take);
            } finally {
                queue.offer(7);
            }
        });
        Eventually.holds("the taker waits", () -> Arrays.stream(taker.getStackTrace()).anyMatch(frame -> frame.getMethodName().equals("await")));
        taker.interrupt();
        assertTrue(taker.join(Delays.LONG));
        assertEquals(7, queue.take());
    }

    @ParameterizedTest
    @EnumSource
    void aShutDownQueueIsEmptiedAndThenSaysSo(QueueKind kind) throws Exception {
        NumberQueue queue = kind.create(4);
        queue.put(1);
        queue.put(2);
        assertFalse(queue.isShutdown());
        queue.shutdown(false);
        assertTrue(queue.isShutdown());
        assertThrows(QueueShutDownException.class, () -> queue.put(3));
        assertThrows(QueueShutDownException.class, () -> queue.offer(3));
        assertEquals(1, queue.take());
        assertEquals(OptionalLong.of(2), queue.poll());
        assertThrows(QueueShutDownException.class, queue::take);
        assertThrows(QueueShutDownException.class, queue::poll);
        assertThrows(QueueShutDownException.class, () -> queue.poll(1, TimeUnit.SECONDS));
        assertTrue(queue.toString().contains("shut down"), queue.toString());
    }

    @ParameterizedTest
    @EnumSource
    void anImmediateShutdownDropsWhatIsThere(QueueKind kind) throws Exception {
        NumberQueue queue = kind.create(4);
        queue.put(1);
        queue.shutdown(true);
        assertEquals(0, queue.size());
        assertThrows(QueueShutDownException.class, queue::poll);
        assertThrows(QueueShutDownException.class, () -> queue.put(3));
    }

    @ParameterizedTest
    @EnumSource
    void aClosedQueueRefusesAllButItsName(QueueKind kind) throws Exception {
        NumberQueue queue = kind.create(4);
        queue.put(1);
        queue.close();
        queue.close();
        assertThrows(QueueClosedException.class, () -> queue.put(1));
        assertThrows(QueueClosedException.class, () -> queue.offer(1));
        assertThrows(QueueClosedException.class, queue::take);
        assertThrows(QueueClosedException.class, queue::poll);
        assertThrows(QueueClosedException.class, queue::size);
        assertThrows(QueueClosedException.class, queue::isEmpty);
        assertThrows(QueueClosedException.class, () -> queue.shutdown(true));
        assertTrue(queue.toString().endsWith("[closed]"), queue.toString());
    }

    @ParameterizedTest
    @EnumSource
    void closingItInAChildClosesItForNobodyElse(QueueKind kind) throws Exception {
        NumberQueue queue = kind.create(4);
        ChildProcess child = ChildProcess.start(() -> {
            queue.put(1);
            queue.close();
        });
        child.join();
        assertEquals(0, child.exitCode().orElseThrow());
        assertEquals(1, queue.take());
    }

    @ParameterizedTest
    @EnumSource
    void itTravelsOnlyToAChildThatIsBeingStarted(QueueKind kind) throws Exception {
        NumberQueue queue = kind.create(4);
        try (ObjectOutputStream out = new ObjectOutputStream(new ByteArrayOutputStream())) {
            assertThrows(NotInheritableException.class, () -> out.writeObject(queue));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void oneWaitsForSeveralQueuesAndAChildAtOnce(boolean virtual) throws Exception {
        LongQueue longs = new LongQueue(4);
        Queue<String> words = new Queue<>(4);
        LongQueue go = new LongQueue(4);
        ChildProcess child = ChildProcess.start(() -> {
            long _ = go.take();
            words.put("a word");
            long _ = go.take();
            longs.put(1);
            long _ = go.take();
        });
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread waiter = (virtual ? Thread.ofVirtual() : Thread.ofPlatform()).start(() -> {
            try {
                List<Waitable> all = List.of(longs, words, child);
                assertEquals(List.of(), Waitable.awaitAny(all, Delays.SMALL));
                go.put(0);
                assertEquals(List.of(words), Waitable.awaitAny(all, Delays.LONG));
                assertEquals("a word", words.take());
                go.put(0);
                assertEquals(List.of(longs), Waitable.awaitAny(all, Delays.LONG));
                assertEquals(1, longs.take());
                go.put(0);
                assertEquals(List.of(child), Waitable.awaitAny(all, Delays.LONG));
                words.shutdown(false);
                assertEquals(List.of(words, child), Waitable.awaitAny(all));
            } catch (Throwable e) {
                failure.set(e);
            }
        });
        assertTrue(waiter.join(Delays.LONG.multipliedBy(2)), "the wait does not end");
        if (failure.get() != null) {
            throw new AssertionError(failure.get());
        }
        child.join();
    }

    @Test
    void recordsOfOneTypeArriveAsTheyAre() throws Exception {
        RecordQueue<Quote> queue = RecordQueue.of(Quote.class, 4);
        ChildProcess child = ChildProcess.start(() -> queue.putAll(List.of(new Quote(1, 1.5, (byte) 1), new Quote(2, 2.5, (byte) 2))));
        assertEquals(new Quote(1, 1.5, (byte) 1), queue.take());
        assertEquals(new Quote(2, 2.5, (byte) 2), queue.poll(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS));
        child.join();
        assertNull(queue.poll());
        for (int i = 0; i < 4; i++) {
            assertTrue(queue.offer(new Quote(i, i, (byte) 0)));
        }
        assertFalse(queue.offer(new Quote(9, 9, (byte) 0)));
        List<Quote> taken = new ArrayList<>();
        assertEquals(4, queue.drainTo(taken, 10));
        assertEquals(new Quote(3, 3, (byte) 0), taken.getLast());
    }

    /** A struct with a hole at its end. */
    public record Quote(long time, double price, byte kind) {}

    @Test
    void sizesThatCannotBeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Queue<String>(0));
        assertThrows(IllegalArgumentException.class, () -> new Queue<String>(-1));
        assertThrows(IllegalArgumentException.class, () -> new LongQueue((1 << 24) + 1));
        assertThrows(IllegalArgumentException.class, () -> Queue.ofBytes(10, Codec.<String>objects()));
        assertThrows(IllegalArgumentException.class, () -> new JoinableQueue<String>(0));
    }

    private static Queue<String> queueOf(String... words) throws InterruptedException {
        Queue<String> queue = new Queue<>(8);
        queue.putAll(List.of(words));
        return queue;
    }

    @Test
    void itIsABlockingQueueAsAnyOther() throws Exception {
        Queue<String> queue = queueOf("a", "b");
        assertTrue(queue.add("c"));
        assertEquals("a", queue.peek());
        assertEquals("a", queue.element());
        assertEquals(3, queue.size());
        assertEquals(5, queue.remainingCapacity());
        assertTrue(queue.contains("b"));
        assertFalse(queue.contains("x"));
        assertEquals(List.of("a", "b", "c"), new ArrayList<>(queue));
        assertArrayEquals(new String[] {"a", "b", "c"}, queue.toArray(new String[0]));
        assertEquals("a", queue.remove());
        assertTrue(queue.addAll(List.of("d", "e")));
        List<String> drained = new ArrayList<>();
        assertEquals(2, queue.drainTo(drained, 2));
        assertEquals(List.of("b", "c"), drained);
        assertEquals(2, queue.drainTo(drained));
        assertEquals(List.of("b", "c", "d", "e"), drained);
        assertEquals(0, queue.drainTo(drained));
        assertNull(queue.peek());
        assertNull(queue.poll());
        assertThrows(QueueEmptyException.class, queue::remove);
        assertThrows(QueueEmptyException.class, queue::element);
        for (int i = 0; i < 8; i++) {
            assertFalse(queue.isFull());
            queue.add("x");
        }
        assertTrue(queue.isFull());
        assertThrows(QueueFullException.class, () -> queue.add("y"));
        queue.clear();
        assertTrue(queue.isEmpty());
        assertThrows(IllegalArgumentException.class, () -> queue.drainTo(queue));
    }

    @Test
    void aDrainEndsThoughOthersPutWithoutEnd() throws Exception {
        Queue<Integer> queue = new Queue<>(8);
        ChildProcess producer = ChildProcess.start(() -> {
            for (int i = 0; !queue.isShutdown(); i++) {
                boolean _ = queue.offer(i, 1, TimeUnit.MILLISECONDS);
            }
        });
        for (int round = 0; round < 200; round++) {
            int drained = queue.drainTo(new ArrayList<>());
            assertTrue(drained <= 8, "of at most 8 elements " + drained + " were taken");
        }
        queue.shutdown(true);
        producer.join();
    }

    @Test
    void anIteratorShowsAMoment() throws Exception {
        Queue<String> queue = queueOf("a", "b");
        var iterator = queue.iterator();
        queue.put("c");
        assertEquals("a", queue.take());
        assertEquals("a", iterator.next());
        assertThrows(UnsupportedOperationException.class, iterator::remove);
        assertEquals("b", iterator.next());
        assertFalse(iterator.hasNext());
    }

    @Test
    void whatAQueueCannotDoItSays() throws Exception {
        Queue<String> queue = queueOf("a");
        assertThrows(UnsupportedOperationException.class, () -> queue.remove("a"));
        assertThrows(UnsupportedOperationException.class, () -> queue.removeAll(List.of("a")));
        assertThrows(UnsupportedOperationException.class, () -> queue.retainAll(List.of()));
        assertThrows(UnsupportedOperationException.class, () -> queue.removeIf(word -> true));
        assertEquals(1, queue.size());
    }

    @Test
    void takeUpToTakesWhatIsThereAndWaitsForOne() throws Exception {
        Queue<String> queue = queueOf("a", "b", "c");
        assertEquals(List.of("a", "b"), queue.takeUpTo(2));
        assertEquals(List.of("c"), queue.takeUpTo(2));
        assertThrows(IllegalArgumentException.class, () -> queue.takeUpTo(0));
        inThread("putter", () -> queue.put("d"));
        assertEquals(List.of("d"), queue.takeUpTo(100));
    }

    @Test
    void nullIsNoElement() {
        Queue<String> queue = new Queue<>(1);
        assertThrows(NullPointerException.class, () -> queue.put(null));
        assertThrows(NullPointerException.class, () -> queue.offer(null));
        assertTrue(queue.isEmpty());
    }

    @Test
    void whatCannotBeEncodedIsRefusedWhereItIsPut() throws Exception {
        Queue<Object> queue = new Queue<>(2);
        assertThrows(UnencodableElementException.class, () -> queue.put(new Object()));
        UnencodableElementException lock = assertThrows(UnencodableElementException.class, () -> queue.put(List.of(new Lock())));
        assertTrue(lock.getMessage().contains("Lock"), lock.getMessage());
        UnencodableElementException itself = assertThrows(UnencodableElementException.class, () -> queue.put(queue));
        assertTrue(itself.getMessage().contains("Queue"), itself.getMessage());
        assertTrue(queue.isEmpty());
        queue.put("still good");
        assertEquals("still good", queue.take());
    }

    @Test
    void whatCannotBeDecodedFailsThatOneTake() throws Exception {
        Queue<Fussy> queue = new Queue<>(8);
        for (int i = 1; i <= 3; i++) {
            queue.put(new Fussy(i));
        }
        queue.put(new Fussy(1));
        inThread("taker", () -> {
            assertEquals(new Fussy(1), queue.take());
            UndecodableElementException one = assertThrows(UndecodableElementException.class, queue::take);
            assertTrue(one.getMessage().contains("Fussy"), one.getMessage());
            UndecodableElementException several = assertThrows(UndecodableElementException.class, () -> queue.takeUpTo(10));
            assertEquals(List.of(new Fussy(1)), several.others());
        });
        assertTrue(queue.isEmpty());
    }

    @Test
    void whatIsChangedAfterThePutNobodySees() throws Exception {
        Queue<List<String>> queue = new Queue<>(2);
        List<String> words = new ArrayList<>(List.of("a"));
        queue.put(words);
        words.add("b");
        assertEquals(List.of("a"), queue.take());
    }

    private static List<Object> objectsOfAllKinds() {
        return List.of(1, 2L, 3.0, 'c', true, "text", new Job(1, "job"), List.of(1, "a"), Map.of("k", List.of(1.5)), TimeUnit.DAYS);
    }

    @Test
    void objectsOfAllKindsArrive() throws Exception {
        Queue<Object> queue = new Queue<>(100);
        ChildProcess child = ChildProcess.start(() -> {
            for (Object each : objectsOfAllKinds()) {
                queue.put(each);
            }
            queue.put(new int[] {1, 2, 3});
        });
        for (Object each : objectsOfAllKinds()) {
            assertEquals(each, queue.take());
        }
        assertArrayEquals(new int[] {1, 2, 3}, (int[]) queue.take());
        child.join();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 1000, 16_383, 70_000, 3_000_000})
    void elementsOfAnySizeArrive(int length) throws Exception {
        byte[] element = new byte[length];
        for (int i = 0; i < length; i++) {
            element[i] = (byte) (i * 31);
        }
        List<Queue<byte[]>> queues = List.of(new Queue<>(3), Queue.ofBytes(4096, Codec.objects()), Queue.of(3, 4096, Codec.objects()), new Queue<>());
        for (Queue<byte[]> queue : queues) {
            inThread("both", () -> {
                for (int round = 0; round < 10; round++) {
                    queue.put(element);
                    assertArrayEquals(element, queue.peek());
                    assertArrayEquals(element, queue.take());
                }
            });
        }
    }

    /** Whatever their size: what does not fit the queue's own memory beside the rest has a block of its own. */
    @Test
    void aQueueThatIsBoundedByNumberTakesThatNumber() throws Exception {
        Queue<byte[]> queue = new Queue<>(50);
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i < 50; i++) {
                assertTrue(queue.offer(new byte[(i * 37 + round) % 900]), "element " + i + " of round " + round);
            }
            assertFalse(queue.offer(new byte[0]));
            for (int i = 0; i < 50; i++) {
                assertEquals((i * 37 + round) % 900, queue.take().length);
            }
        }
    }

    @Test
    void aQueueThatIsBoundedByBytesTakesNoMore() throws Exception {
        Queue<byte[]> queue = Queue.ofBytes(4096, Codec.objects());
        int taken = 0;
        while (queue.offer(new byte[100])) {
            taken++;
        }
        assertTrue(taken >= 4096 / 130 && taken <= 4096 / 108, "of 100 bytes " + taken + " fit into 4096");
        byte[] _ = queue.take();
        byte[] _ = queue.take();
        assertTrue(queue.offer(new byte[100]));
        assertFalse(queue.offer(new byte[100_000]));
    }

    @Test
    void theSmallestCaseNeedsNoMoreThanPuttingAndTaking() throws Exception {
        try (SimpleQueue<Serializable> queue = new SimpleQueue<>()) {
            ChildProcess child = ChildProcess.start(() -> queue.put("hello"));
            assertEquals("hello", queue.take());
            child.join();
            assertTrue(queue.isEmpty());
            assertEquals("SimpleQueue[0 elements]", queue.toString());
        }
    }

    @Test
    void aCodecOfTheUsersOwnTravelsWithTheQueue() throws Exception {
        Queue<String> queue = new Queue<>(4, new Reversing());
        ChildProcess child = ChildProcess.start(() -> queue.put("abc"));
        assertEquals("abc", queue.take());
        child.join();
    }

    /** Writes texts backwards. */
    private static final class Reversing implements Codec<String> {

        private static final long serialVersionUID = 1;

        @Override
        public void encode(String element, java.io.OutputStream out) throws java.io.IOException {
            out.write(new StringBuilder(element).reverse().toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }

        @Override
        public String decode(java.io.InputStream in) throws java.io.IOException {
            return new StringBuilder(new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)).reverse().toString();
        }
    }
}
