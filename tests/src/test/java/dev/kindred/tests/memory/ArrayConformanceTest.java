// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import dev.kindred.memory.Array;
import dev.kindred.memory.CType;
import dev.kindred.memory.RawArray;
import dev.kindred.tests.support.Soak;
import org.junit.jupiter.api.Test;

/** CPython's groups Array and Heap. */
final class ArrayConformanceTest {

    private static final long SEED = 20_260_103;

    @Test
    void aChildSumsUpWhatItsParentWrote() throws InterruptedException {
        checkPrefixSums(Array.ofInts(680, 626, 934, 821, 150, 233, 548, 982, 714, 831));
        checkPrefixSums(RawArray.ofInts(680, 626, 934, 821, 150, 233, 548, 982, 714, 831));
    }

    private static void checkPrefixSums(RawArray array) throws InterruptedException {
        assertEquals(10, array.length());
        array.put(4, new int[] {1, 2, 3, 4}, 0, 4);
        int[] expected = array.toIntArray();
        for (int index = 1; index < expected.length; index++) {
            expected[index] += expected[index - 1];
        }
        Children.run(() -> {
            for (long index = 1; index < array.length(); index++) {
                array.setInt(index, array.getInt(index) + array.getInt(index - 1));
            }
        });
        assertArrayEquals(expected, array.toIntArray());
    }

    @Test
    void slicesArriveAsSlicesOfTheSameMemory() throws InterruptedException {
        Array array = Array.ofInts(IntStream.range(0, 20).toArray());
        Array even = array.slice(0, 20, 2);
        Array firstFive = array.slice(0, 5);
        Children.run(() -> {
            assertArrayEquals(new int[] {0, 1, 2, 3, 4}, firstFive.toIntArray());
            even.put(5, new int[] {-5, -6}, 0, 2);
            firstFive.setInt(1, 100);
            assertEquals(100, array.getInt(1));
            assertEquals(true, even.getLock() == array.getLock());
        });
        assertEquals(-5, array.getInt(10));
        assertEquals(-6, array.getInt(12));
        assertEquals(100, array.getInt(1));
    }

    @Test
    void theLockOfAnArrayExcludesOtherProcesses() throws InterruptedException {
        Array array = Array.of(CType.LONG, 2);
        Children.run(3, () -> {
            for (int turn = 0; turn < 3_000; turn++) {
                array.withLock(() -> {
                    array.setLong(0, array.getLong(0) + 1);
                    array.setLong(1, array.getLong(1) - 1);
                });
            }
        });
        assertArrayEquals(new long[] {9_000, -9_000}, array.toLongArray());
        array.lock();
        Children.run(() -> assertFalse(array.getLock().tryLock()));
        array.unlock();
    }

    /** Memory that was another array's is zero again. */
    @Test
    void newArraysAreZeroWhateverLayThereBefore() {
        for (int round = 0; round < 50; round++) {
            Array array = Array.of(CType.INT, 10_000);
            assertEquals(0, array.ints().filter(number -> number != 0).count());
            array.segment().fill((byte) -1);
            if (round % 10 == 9) {
                System.gc();
            }
        }
    }

    /** A segment keeps the bytes it was given for, though the array itself is gone and others want its place. */
    @Test
    void segmentsOutliveTheirArrays() {
        List<MemorySegment> kept = new ArrayList<>();
        for (int round = 0; round < 300; round++) {
            Array array = Array.of(CType.SIGNED_CHAR, 1_000);
            MemorySegment segment = array.segment();
            segment.fill((byte) round);
            if (round % 3 == 0) {
                kept.add(segment);
            }
            if (round % 50 == 0) {
                System.gc();
            }
        }
        for (int index = 0; index < kept.size(); index++) {
            byte[] expected = new byte[1_000];
            Arrays.fill(expected, (byte) (3 * index));
            assertArrayEquals(expected, kept.get(index).toArray(ValueLayout.JAVA_BYTE));
        }
    }

    /** As CPython's Heap group does: thousands of blocks of all sizes come and go, and none shows another's bytes. */
    @Test
    void arraysThatComeAndGoDoNotTouchEachOther() {
        Random random = new Random(SEED);
        List<Array> living = new ArrayList<>();
        for (int round = 0; round < Soak.Rounds.of(5_000, 200_000); round++) {
            long length = (long) Math.exp(random.nextDouble() * Math.log(5_000));
            Array array = Array.of(CType.UNSIGNED_SHORT, length);
            assertEquals(0, array.ints().sum(), "not zero in round " + round + ", seed " + SEED);
            int mark = round % 65_536;
            for (long index = 0; index < length; index++) {
                array.setInt(index, mark);
            }
            living.add(array);
            if (living.size() > 100) {
                Array ended = living.remove(random.nextInt(living.size()));
                int expected = ended.length() == 0 ? 0 : ended.getInt(0);
                assertEquals(expected * ended.length(), ended.longs().sum(), "overwritten, seed " + SEED);
            }
        }
    }
}
