// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import dev.kindred.OutOfSharedMemoryException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What arrays promise, of each type. */
final class ArrayTest {

    private static final long SEED = 20_260_102;

    @ParameterizedTest
    @EnumSource(CType.class)
    void beginWithZerosAndHoldWhatTheyGet(CType type) {
        RawArray array = RawArray.of(type, 100);
        assertEquals(100, array.length());
        assertEquals(100L * type.size(), array.segment().byteSize());
        for (long index = 0; index < 100; index++) {
            assertEquals(0, number(array, index));
            set(array, index, index);
        }
        for (long index = 0; index < 100; index++) {
            assertEquals(index, number(array, index));
        }
    }

    @ParameterizedTest
    @EnumSource(CType.class)
    void refuseIndexesThatDoNotExist(CType type) {
        RawArray array = RawArray.of(type, 10);
        for (long index : new long[] {-1, 10, 11, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE}) {
            List<Runnable> accesses = List.of(
                    () -> array.getInt(index), () -> array.setInt(index, 1),
                    () -> array.getLong(index), () -> array.setLong(index, 1),
                    () -> array.getFloat(index), () -> array.setFloat(index, 1),
                    () -> array.getDouble(index), () -> array.setDouble(index, 1),
                    () -> array.getVolatile(index), () -> array.setVolatile(index, 1), () -> array.getAndAdd(index, 1),
                    () -> array.getAndSet(index, 1), () -> array.compareAndSet(index, 0, 1));
            for (Runnable access : accesses) {
                IndexOutOfBoundsException refused = assertThrows(IndexOutOfBoundsException.class, access::run);
                assertMessage(Long.toString(index), refused);
                assertMessage("10", refused);
            }
        }
    }

    @Test
    void refuseLengthsThatCannotBe() {
        assertMessage("-1", assertThrows(IllegalArgumentException.class, () -> Array.of(CType.INT, -1)));
        assertThrows(IllegalArgumentException.class, () -> Array.of(CType.DOUBLE, Long.MAX_VALUE / 4));
        assertThrows(OutOfSharedMemoryException.class, () -> Array.of(CType.SIGNED_CHAR, 1L << 50));
        assertEquals(0, Array.of(CType.INT, 0).length());
        assertThrows(IndexOutOfBoundsException.class, () -> Array.of(CType.INT, 0).getInt(0));
    }

    @Test
    void refuseNumbersOutOfRange() {
        RawArray array = RawArray.of(CType.SIGNED_CHAR, 2);
        assertMessage("128", assertThrows(ArithmeticException.class, () -> array.setInt(0, 128)));
        assertThrows(ArithmeticException.class, () -> array.put(0, new int[] {1, 200}, 0, 2));
        assertThrows(ArithmeticException.class, () -> array.put(0, new long[] {1, 200}, 0, 2));
        assertArrayEquals(new int[2], array.toIntArray(), "nothing was copied");
        assertThrows(ArithmeticException.class, () -> RawArray.copyOf(CType.UNSIGNED_INT, new long[] {1, -1}));
        assertThrows(ArithmeticException.class,
                () -> RawArray.copyOf(CType.UNSIGNED_INT, new long[] {1L << 31}).toIntArray());
    }

    @Test
    void beginWithWhatTheyAreGiven() {
        assertArrayEquals(new int[] {1, -2, 3}, Array.ofInts(1, -2, 3).toIntArray());
        assertArrayEquals(new long[] {1, -2, 1L << 40}, Array.ofLongs(1, -2, 1L << 40).toLongArray());
        assertArrayEquals(new float[] {1.5f, -2}, Array.ofFloats(1.5f, -2).toFloatArray());
        assertArrayEquals(new double[] {1.5, -2}, Array.ofDoubles(1.5, -2).toDoubleArray());
        assertArrayEquals(new long[] {0, 65535},
                Array.copyOf(CType.UNSIGNED_SHORT, new long[] {0, 65535}).toLongArray());
    }

    /** Java's arrays of every kind into and out of every type that can hold their numbers, whole and in steps. */
    @ParameterizedTest
    @EnumSource(CType.class)
    void copyToAndFromArraysOfJava(CType type) {
        RawArray wide = RawArray.of(type, 64);
        for (RawArray array : List.of(wide, wide.slice(1, 60, 3))) {
            if (type.isInteger()) {
                array.put(2, new int[] {9, 1, 2, 3, 9}, 1, 3);
                array.put(5, new long[] {4, 5}, 0, 2);
                assertArrayEquals(new int[] {0, 0, 1, 2, 3, 4, 5, 0}, Arrays.copyOf(array.toIntArray(), 8));
                assertArrayEquals(new long[] {0, 0, 1, 2, 3, 4, 5, 0}, Arrays.copyOf(array.toLongArray(), 8));
            } else {
                array.put(2, new float[] {9, 1, 2, 3, 9}, 1, 3);
                array.put(5, new double[] {4, 5}, 0, 2);
                assertArrayEquals(new double[] {0, 0, 1, 2, 3, 4, 5, 0},
                        Arrays.copyOf(array.toDoubleArray(), 8));
            }
            if (type.size() == 1) {
                array.put(0, new byte[] {-1, 127}, 0, 2);
                byte[] bytes = new byte[2];
                array.get(0, bytes, 0, 2);
                assertArrayEquals(new byte[] {-1, 127}, bytes);
                assertEquals(type.isUnsigned() ? 255 : -1, array.getInt(0));
            } else {
                assertThrows(UnsupportedOperationException.class, () -> array.get(0, new byte[2], 0, 2));
            }
            wide.segment().fill((byte) 0);
        }
    }

    @Test
    void refuseCopiesBeyondEitherArray() {
        RawArray array = RawArray.of(CType.INT, 4);
        int[] numbers = new int[4];
        int[][] places = {{-1, 0, 1}, {4, 0, 1}, {0, 0, 5}, {0, 1, 4}, {2, 0, 3}, {0, 0, -1}, {0, -1, 1}};
        for (int[] place : places) {
            assertThrows(IndexOutOfBoundsException.class, () -> array.get(place[0], numbers, place[1], place[2]));
            assertThrows(IndexOutOfBoundsException.class, () -> array.put(place[0], numbers, place[1], place[2]));
        }
    }

    /** Every copy between parts of one memory ends as one of separate memories would. */
    @Test
    void copyBetweenPartsThatOverlap() {
        Random random = new Random(SEED);
        for (int round = 0; round < 2000; round++) {
            int[] content = IntStream.range(0, 40).toArray();
            RawArray array = RawArray.ofInts(content);
            int count = random.nextInt(8);
            int sourceStep = 1 + random.nextInt(3);
            int targetStep = 1 + random.nextInt(3);
            int from = random.nextInt(40 - count * sourceStep);
            int to = random.nextInt(40 - count * targetStep);
            array.slice(from, 40, sourceStep).copyTo(0, array.slice(to, 40, targetStep), 0, count);
            int[] before = content.clone();
            for (int step = 0; step < count; step++) {
                content[to + step * targetStep] = before[from + step * sourceStep];
            }
            assertArrayEquals(content, array.toIntArray(), "seed " + SEED + ", round " + round);
        }
    }

    @Test
    void copyOnlyToArraysOfTheSameType() {
        RawArray array = RawArray.ofInts(1, 2);
        assertThrows(IllegalArgumentException.class, () -> array.copyTo(0, RawArray.of(CType.UNSIGNED_INT, 2), 0, 2));
        assertThrows(IndexOutOfBoundsException.class, () -> array.copyTo(1, RawArray.of(CType.INT, 2), 0, 2));
        assertThrows(IndexOutOfBoundsException.class, () -> array.copyTo(0, RawArray.of(CType.INT, 2), 1, 2));
    }

    @Test
    void slicesAreTheSameMemory() {
        Array array = Array.ofInts(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        Array slice = array.slice(2, 8);
        assertArrayEquals(new int[] {2, 3, 4, 5, 6, 7}, slice.toIntArray());
        slice.setInt(0, 20);
        assertEquals(20, array.getInt(2));
        assertSame(array.getLock(), slice.getLock());
        assertThrows(IndexOutOfBoundsException.class, () -> slice.getInt(6));
        assertArrayEquals(new int[] {5, 7}, slice.slice(3, 6, 2).toIntArray());
        assertEquals(0, slice.slice(6, 6).length());
        assertThrows(UnsupportedOperationException.class, () -> array.slice(0, 10, 2).segment());
        assertEquals(4, array.slice(3, 10, Long.MAX_VALUE).segment().byteSize());
        for (long[] part : new long[][] {{-1, 5}, {0, 11}, {6, 5}}) {
            assertThrows(IndexOutOfBoundsException.class, () -> array.slice(part[0], part[1]));
        }
        assertThrows(IllegalArgumentException.class, () -> array.slice(0, 10, 0));
    }

    @Test
    void streamTheirNumbers() {
        assertEquals(6, Array.ofInts(1, 2, 3).ints().sum());
        assertEquals(1L << 41, Array.ofLongs(1L << 40, 1L << 40).longs().sum());
        assertEquals(4.0, Array.ofDoubles(1.5, 2.5).doubles().sum());
        assertEquals(4950, RawArray.ofInts(IntStream.range(0, 100).toArray()).ints().parallel().sum());
    }

    @Test
    void textsEndBeforeTheFirstZero() {
        Array text = Array.of(CType.CHAR, 10);
        assertEquals("", text.getString());
        text.setString("grüße");
        assertEquals("grüße", text.getString());
        assertArrayEquals("grüße".getBytes(StandardCharsets.UTF_8), text.getValue());
        text.setString("hi");
        assertEquals("hi", text.getString());
        assertArrayEquals(new byte[] {'h', 'i', 0, (byte) 0xBC, (byte) 0xC3, (byte) 0x9F, 'e', 0, 0, 0}, text.getRaw(),
                "what lies after stays");
        text.setValue("0123456789".getBytes(StandardCharsets.US_ASCII));
        assertEquals("0123456789", text.getString());
        text.setRaw(new byte[] {'a', 0});
        assertEquals("a", text.getString());
        assertEquals('2', text.getInt(2));
        assertEquals("text", Array.ofString("text").getString());
    }

    @Test
    void textsMustFit() {
        Array text = Array.ofString("four");
        assertMessage("5 characters", assertThrows(IllegalArgumentException.class, () -> text.setString("fives")));
        assertThrows(IllegalArgumentException.class, () -> text.setString("zwöl"));
        assertThrows(IllegalArgumentException.class, () -> text.setRaw(new byte[5]));
        assertThrows(IllegalArgumentException.class, () -> text.setValue(new byte[] {1, 0}));
        assertThrows(IllegalArgumentException.class, () -> text.setString("a\0b"));
        assertEquals("four", text.getString());
        text.setRaw(new byte[] {(byte) 0xFF, 0, 0, 0});
        assertThrows(IllegalStateException.class, text::getString);
        assertThrows(UnsupportedOperationException.class, () -> Array.ofInts(1).getString());
        assertThrows(UnsupportedOperationException.class, () -> Array.ofInts(1).getRaw());
    }

    @Test
    void wideTextsHaveCodePoints() {
        Array text = Array.of(CType.WIDE_CHAR, 4);
        text.setString("a😀ü");
        assertEquals("a😀ü", text.getString());
        assertEquals(0x1F600, text.getInt(1));
        assertThrows(ArithmeticException.class, () -> text.setInt(0, 0x110000));
        text.segment().set(ValueLayout.JAVA_INT, 0, -1);
        assertThrows(IllegalStateException.class, text::getString);
        assertThrows(UnsupportedOperationException.class, text::getRaw);
    }

    @Test
    void copiesHaveMemoryOfTheirOwn() {
        Array array = Array.ofInts(1, 2, 3, 4);
        Array copy = assertInstanceOf(Array.class, array.slice(0, 4, 2).copy());
        array.setInt(0, 9);
        assertArrayEquals(new int[] {1, 3}, copy.toIntArray());
        copy.segment();
    }

    @Test
    void showTypeLengthAndFirstNumbers() {
        assertEquals("Array[i (int), length 2: 1, -1]", Array.ofInts(1, -1).toString());
        assertEquals("RawArray[B (unsigned char), length 9: 0, 0, 0, 0, 0, 0, 0, 0, ...]",
                RawArray.of(CType.UNSIGNED_CHAR, 9).toString());
        assertEquals("Value[d (double): 10.5]", Value.ofDouble(10.5).toString());
    }

    private static double number(RawArray array, long index) {
        return array.type().isInteger() ? array.getInt(index) : array.getDouble(index);
    }

    private static void set(RawArray array, long index, long number) {
        if (array.type().isInteger()) {
            array.setLong(index, number);
        } else {
            array.setDouble(index, number);
        }
    }

    private static void assertMessage(String part, Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        assertTrue(message.contains(part), message);
    }
}
