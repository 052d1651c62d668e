// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.channel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;

import dev.kindred.channel.ByteQueue;
import dev.kindred.channel.DoubleQueue;
import dev.kindred.channel.IntQueue;
import dev.kindred.channel.LongQueue;
import dev.kindred.process.ChildProcess;
import dev.kindred.tests.support.Delays;
import org.junit.jupiter.api.Test;

/** What is special of the queues of bytes and numbers: many at once, without copies, in place. */
class TypedQueueTest {

    private static byte[] message(int length, int seed) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (seed + i);
        }
        return bytes;
    }

    /** Whatever sizes come, around the end of the ring and with blocks of their own, as a queue of the JDK's would have it. */
    @Test
    void messagesOfRandomSizesArriveAsTheyWerePut() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        ByteQueue queue = new ByteQueue(4096);
        Deque<byte[]> model = new ArrayDeque<>();
        for (int step = 0; step < 20_000; step++) {
            if (random.nextBoolean()) {
                byte[] bytes = message(random.nextInt(random.nextInt(10) == 0 ? 5_000 : 300), step);
                if (queue.offer(bytes)) {
                    model.addLast(bytes);
                } else {
                    assertFalse(model.isEmpty(), () -> "an empty queue has no room for " + bytes.length + " bytes; seed " + seed);
                }
            } else {
                byte[] expected = model.pollFirst();
                byte[] taken = queue.poll();
                assertArrayEquals(expected, taken, () -> "seed " + seed);
            }
            assertEquals(model.size(), queue.size());
        }
    }

    @Test
    void aClaimedMessageIsThereWhenItIsCommittedAndNotWhenItIsAborted() throws Exception {
        ByteQueue queue = new ByteQueue(1024);
        long at = queue.claim(11);
        assertThrows(IllegalStateException.class, () -> queue.claim(1));
        assertEquals(0, queue.size());
        MemorySegment.copy(message(11, 5), 0, queue.memory(), ValueLayout.JAVA_BYTE, at, 11);
        queue.commit();
        assertThrows(IllegalStateException.class, queue::commit);
        long _ = queue.tryClaim(100);
        queue.abort();
        assertThrows(IllegalStateException.class, queue::abort);
        assertEquals(1, queue.size());
        assertArrayEquals(message(11, 5), queue.take());
        assertThrows(IllegalArgumentException.class, () -> queue.claim(1024));
        while (queue.offer(new byte[100])) {
            Thread.onSpinWait();
        }
        assertEquals(-1, queue.tryClaim(100));
        assertTrue(queue.size() > 0);
    }

    @Test
    void whatOneClaimsAnotherCannotCommit() throws Exception {
        ByteQueue queue = new ByteQueue(1024);
        long _ = queue.claim(8);
        Thread other = Thread.ofPlatform().start(() -> assertThrows(IllegalStateException.class, queue::commit));
        assertTrue(other.join(Delays.LONG));
        queue.commit();
        assertEquals(8, queue.take().length);
    }

    @Test
    void aHandlerSeesMessagesWhereTheyAre() throws Exception {
        ByteQueue queue = new ByteQueue(4096);
        for (int i = 0; i < 5; i++) {
            queue.put(message(i, i));
        }
        queue.put(message(3000, 5));
        queue.put(message(6, 6));
        List<byte[]> seen = new ArrayList<>();
        ByteQueue.MessageHandler handler = (memory, offset, length) -> seen.add(memory.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE));
        assertEquals(0, queue.read(handler, 0));
        assertEquals(2, queue.read(handler, 2));
        assertEquals(5, queue.size());
        assertEquals(3, queue.read(handler, 100), "up to the one with a block of its own");
        assertEquals(1, queue.read(handler, 100));
        assertEquals(1, queue.read(handler, 100));
        assertEquals(0, queue.read(handler, 100));
        int[] lengths = {0, 1, 2, 3, 4, 3000, 6};
        for (int i = 0; i < lengths.length; i++) {
            assertArrayEquals(message(lengths[i], i), seen.get(i));
        }
    }

    @Test
    void aHandlerThatThrowsHasTakenTheMessageAndThoseBefore() throws Exception {
        ByteQueue queue = new ByteQueue(1024);
        for (int i = 1; i <= 4; i++) {
            queue.put(new byte[i]);
        }
        assertThrows(ArithmeticException.class, () -> queue.read((_, _, length) -> {
            if (length == 2) {
                throw new ArithmeticException();
            }
        }, 10));
        assertEquals(3, queue.take().length);
        assertEquals(4, queue.take().length);
    }

    @Test
    void manyMessagesArePutAtOnce() throws Exception {
        ByteQueue queue = new ByteQueue(1024);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment messages = arena.allocate(200 * 24L);
            for (int i = 0; i < messages.byteSize(); i++) {
                messages.set(ValueLayout.JAVA_BYTE, i, (byte) i);
            }
            assertThrows(IllegalArgumentException.class, () -> queue.putAll(messages, 7));
            assertThrows(IllegalArgumentException.class, () -> queue.putAll(messages, 0));
            ChildProcess child = ChildProcess.start(() -> {
                for (int i = 0; i < 200; i++) {
                    byte[] taken = queue.take();
                    if (taken.length != 24 || taken[3] != (byte) (i * 24 + 3)) {
                        throw new AssertionError("message " + i + " is another");
                    }
                }
            });
            queue.putAll(messages, 24);
            child.join();
            assertEquals(0, child.exitCode().orElseThrow());
        }
    }

    @Test
    void aMessageInMemoryIsPutAsOneInAnArray() throws Exception {
        ByteQueue queue = new ByteQueue(1024);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(100_000);
            memory.set(ValueLayout.JAVA_BYTE, 99_999, (byte) 7);
            queue.put(memory);
            queue.put(memory.asSlice(99_990));
            Thread other = Thread.ofPlatform().start(() -> assertThrows(WrongThreadException.class, () -> queue.put(memory.asSlice(0, 8))));
            assertTrue(other.join(Delays.LONG));
        }
        byte[] large = queue.take();
        assertEquals(100_000, large.length);
        assertEquals(7, large[99_999]);
        byte[] small = new byte[20];
        assertEquals(10, queue.take(small, 5));
        assertEquals(7, small[14]);
        assertTrue(queue.isEmpty());
    }

    @Test
    void aMessageThatDoesNotFitStaysWhereItIs() throws Exception {
        ByteQueue queue = new ByteQueue(1024);
        queue.put(message(10, 1));
        byte[] small = new byte[10];
        assertThrows(IndexOutOfBoundsException.class, () -> queue.poll(small, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> queue.poll(small, 11));
        assertEquals(10, queue.poll(small, 0));
        assertArrayEquals(message(10, 1), small);
        assertEquals(-1, queue.poll(small, 0));
        assertNull(queue.poll());
        assertThrows(IndexOutOfBoundsException.class, () -> queue.put(small, 5, 6));
    }

    /** Around the end of the ring, in pieces of all sizes. */
    @Test
    void manyNumbersGoAtOnce() throws Exception {
        LongQueue longs = new LongQueue(7);
        IntQueue ints = new IntQueue(7);
        DoubleQueue doubles = new DoubleQueue(7);
        long next = 0;
        for (int size = 0; size <= 7; size++) {
            for (int round = 0; round < 9; round++) {
                long[] some = new long[size + 2];
                int[] fewInts = new int[size + 2];
                double[] someDoubles = new double[size + 2];
                for (int i = 0; i < size; i++) {
                    some[i + 1] = next + i;
                    fewInts[i + 1] = (int) next + i;
                    someDoubles[i + 1] = next + i;
                }
                longs.putAll(some, 1, size);
                ints.putAll(fewInts, 1, size);
                doubles.putAll(someDoubles, 1, size);
                long[] taken = new long[9];
                int[] takenInts = new int[9];
                double[] takenDoubles = new double[9];
                int first = size / 2;
                assertEquals(first, longs.drainTo(taken, 1, first));
                assertEquals(size - first, longs.drainTo(taken, 1 + first, 8 - first));
                assertEquals(size, ints.drainTo(takenInts, 1, 8));
                assertEquals(size, doubles.drainTo(takenDoubles, 1, 8));
                for (int i = 0; i < size; i++) {
                    assertEquals(next + i, taken[i + 1]);
                    assertEquals(next + i, takenInts[i + 1]);
                    assertEquals(next + i, takenDoubles[i + 1]);
                }
                next += size;
            }
        }
        assertThrows(IndexOutOfBoundsException.class, () -> longs.putAll(new long[3], 2, 2));
        assertThrows(IndexOutOfBoundsException.class, () -> longs.drainTo(new long[3], 2, 2));
        assertEquals(0, longs.takeUpTo(new long[3], 1, 0));
    }

    @Test
    void moreNumbersThanThereIsRoomForGoInPieces() throws Exception {
        LongQueue queue = new LongQueue(5);
        ChildProcess child = ChildProcess.start(() -> {
            long[] all = new long[1000];
            for (int i = 0; i < all.length; i++) {
                all[i] = i;
            }
            queue.putAll(all, 0, all.length);
        });
        long[] taken = new long[8];
        long next = 0;
        while (next < 1000) {
            int count = queue.takeUpTo(taken, 0, taken.length);
            assertTrue(count >= 1 && count <= 5);
            for (int i = 0; i < count; i++) {
                assertEquals(next++, taken[i]);
            }
        }
        child.join();
        assertTrue(queue.isEmpty());
    }

    @Test
    void everyBitOfANumberArrives() throws Exception {
        DoubleQueue doubles = new DoubleQueue(4);
        doubles.put(Double.NaN);
        doubles.put(-0.0);
        doubles.put(Double.MIN_VALUE);
        assertTrue(Double.isNaN(doubles.take()));
        assertEquals(Double.doubleToRawLongBits(-0.0), Double.doubleToRawLongBits(doubles.take()));
        assertEquals(Double.MIN_VALUE, doubles.poll().orElseThrow());
        LongQueue longs = new LongQueue(1);
        longs.put(Long.MIN_VALUE);
        assertEquals(Long.MIN_VALUE, longs.take());
        IntQueue ints = new IntQueue(1);
        ints.put(-1);
        assertEquals(-1, ints.take());
    }
}
