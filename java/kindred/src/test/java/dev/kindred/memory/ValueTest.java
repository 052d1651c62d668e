// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

import dev.kindred.NotInheritableException;
import dev.kindred.sync.RLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What one number promises, of each type. */
final class ValueTest {

    static Stream<CType> integers() {
        return Stream.of(CType.values()).filter(CType::isInteger);
    }

    @ParameterizedTest
    @EnumSource(CType.class)
    void typesAreFoundByTheirLetters(CType type) {
        assertSame(type, CType.of(type.code()));
        assertEquals(type.size(), type.layout().byteSize());
        assertEquals(type.size(), type.layout().byteAlignment());
    }

    /** The table of CPython on 64-bit Linux. */
    @Test
    void typesHaveTheSizesOfC() {
        StringBuilder table = new StringBuilder();
        for (CType type : CType.values()) {
            table.append(type.code()).append(type.size()).append(type.isUnsigned() ? "u " : " ");
        }
        assertEquals("c1u b1 B1u u4u h2 H2u i4 I4u l8 L8u q8 Q8u f4 d8 ", table.toString());
    }

    @Test
    void unknownLettersAreRefused() {
        for (char code : new char[] {'x', 'C', '?', '\0', 'n'}) {
            assertMessage("'" + code + "'", assertThrows(IllegalArgumentException.class, () -> CType.of(code)));
        }
    }

    @ParameterizedTest
    @EnumSource(CType.class)
    void beginWithZero(CType type) {
        RawValue value = RawValue.of(type);
        assertEquals(0, type.isInteger() ? value.getLong() : value.getDouble());
    }

    @ParameterizedTest
    @MethodSource("integers")
    void holdTheWholeRangeAndNothingElse(CType type) {
        RawValue value = RawValue.of(type, type.minimum());
        assertEquals(type.minimum(), value.getLong());
        value.setLong(type.maximum());
        assertEquals(type.maximum(), value.getLong());
        if (type.size() < Long.BYTES) {
            for (long beyond : new long[] {type.minimum() - 1, type.maximum() + 1, Long.MIN_VALUE, Long.MAX_VALUE}) {
                assertOutOfRange(type, beyond, () -> value.setLong(beyond));
                assertOutOfRange(type, beyond, () -> RawValue.of(type, beyond));
                assertOutOfRange(type, beyond, () -> value.setVolatile(beyond));
                assertOutOfRange(type, beyond, () -> value.getAndSet(beyond));
                assertOutOfRange(type, beyond, () -> value.compareAndSet(type.maximum(), beyond));
            }
        }
        assertEquals(type.maximum(), value.getLong());
    }

    @ParameterizedTest
    @MethodSource("integers")
    void areReadAsIntOnlyIfAnIntCanHoldThem(CType type) {
        for (BigInteger number : List.of(minimum(type), maximum(type), BigInteger.ZERO, BigInteger.TEN)) {
            RawValue value = RawValue.of(type, number.longValue());
            if (number.bitLength() < Integer.SIZE) {
                assertEquals(number.intValueExact(), value.getInt());
            } else {
                assertMessage(number.toString(), assertThrows(ArithmeticException.class, value::getInt));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("integers")
    void takeAnIntOnlyIfTheyCanHoldIt(CType type) {
        RawValue value = RawValue.of(type);
        int[] numbers = {0, 1, -1, 127, 128, 255, 256, 65535, 65536, -129, -32769, Integer.MAX_VALUE,
            Integer.MIN_VALUE};
        for (int number : numbers) {
            BigInteger exact = BigInteger.valueOf(number);
            if (exact.compareTo(minimum(type)) >= 0 && exact.compareTo(maximum(type)) <= 0) {
                value.setInt(number);
                assertEquals(number, value.getInt());
            } else {
                assertOutOfRange(type, number, () -> value.setInt(number));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("integers")
    void addInOneStepUpToTheEndsOfTheRange(CType type) {
        List<BigInteger> starts = List.of(minimum(type), minimum(type).add(BigInteger.ONE), maximum(type),
                maximum(type).subtract(BigInteger.ONE));
        long[] deltas = {0, 1, -1, 2, -2, 300, -300, Integer.MAX_VALUE, 1L << 32, -(1L << 32), Long.MAX_VALUE,
            Long.MIN_VALUE};
        for (BigInteger start : starts) {
            for (long delta : deltas) {
                RawValue value = RawValue.of(type, start.longValue());
                BigInteger sum = start.add(BigInteger.valueOf(delta));
                if (sum.compareTo(minimum(type)) < 0 || sum.compareTo(maximum(type)) > 0) {
                    String adding = "adding " + delta + " to " + start;
                    assertMessage(adding,
                            assertThrows(ArithmeticException.class, () -> value.getAndAdd(delta), adding));
                    assertEquals(start.longValue(), value.getLong());
                } else {
                    assertEquals(start.longValue(), value.getAndAdd(delta));
                    assertEquals(sum.longValue(), value.getLong());
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("integers")
    void addFromTheMiddleOfTheRangeToItsEnds(CType type) {
        RawValue value = RawValue.of(type, 5);
        assertEquals(5, value.getAndAdd(1));
        assertEquals(6, value.getAndAdd(1));
        for (BigInteger end : List.of(minimum(type), maximum(type))) {
            long outwards = end.signum() > 0 ? 1 : -1;
            value.setLong(7);
            assertEquals(7, value.getAndAdd(0));
            value.setLong(end.longValue() - outwards);
            assertEquals(end.longValue() - outwards, value.getAndAdd(outwards));
            assertThrows(ArithmeticException.class, () -> value.getAndAdd(outwards));
            value.setLong(7);
            assertEquals(7, value.getAndAdd(0));
            value.setLong(end.longValue());
            assertThrows(ArithmeticException.class, () -> value.getAndAdd(outwards));
            assertEquals(end.longValue(), value.getLong());
            assertEquals(end.longValue(), value.getAndAdd(-outwards));
        }
    }

    @ParameterizedTest
    @MethodSource("integers")
    void replaceInOneStep(CType type) {
        RawValue value = RawValue.of(type, 5);
        assertEquals(5, value.getAndSet(type.maximum()));
        assertFalse(value.compareAndSet(5, 6));
        assertTrue(value.compareAndSet(type.maximum(), 6));
        assertEquals(6, value.getVolatile());
        value.setVolatile(type.minimum());
        assertEquals(type.minimum(), value.getVolatile());
    }

    @Test
    void unsignedLongsAreTheirBits() {
        RawValue value = RawValue.of(CType.UNSIGNED_LONG_LONG, -1);
        assertEquals("18446744073709551615", Long.toUnsignedString(value.getLong()));
        assertMessage("18446744073709551615", assertThrows(ArithmeticException.class, value::getInt));
        assertMessage("18446744073709551615", assertThrows(ArithmeticException.class, () -> value.getAndAdd(1)));
        assertEquals(-1, value.getAndAdd(-1));
        assertMessage("18446744073709551614", value.toString());
    }

    @Test
    void floatsAreRoundedButNotBeyondTheirRange() {
        RawValue value = RawValue.ofFloat(1.5f);
        assertEquals(1.5f, value.getFloat());
        assertEquals(1.5, value.getDouble());
        value.setDouble(0.1);
        assertEquals(0.1f, value.getFloat());
        assertMessage("1.0E300", assertThrows(ArithmeticException.class, () -> value.setDouble(1e300)));
        value.setDouble(Double.NEGATIVE_INFINITY);
        assertEquals(Float.NEGATIVE_INFINITY, value.getFloat());
        value.setFloat(Float.NaN);
        assertTrue(Double.isNaN(value.getDouble()));
    }

    @Test
    void accessorsOfOtherTypesAreRefusedWithTheRightOnes() {
        RawValue integer = RawValue.ofInt(1);
        RawValue floating = RawValue.ofDouble(1);
        List<Runnable> wrong = List.of(
                integer::getDouble, integer::getFloat, () -> integer.setDouble(1), () -> integer.setFloat(1),
                floating::getInt, floating::getLong, floating::getFloat, floating::getVolatile,
                () -> floating.setInt(1), () -> floating.setLong(1), () -> floating.getAndAdd(1),
                () -> floating.getAndSet(1), () -> floating.compareAndSet(1, 2));
        for (Runnable access : wrong) {
            assertMessage("use ", assertThrows(UnsupportedOperationException.class, access::run));
        }
        assertEquals(1, integer.getInt());
        assertEquals(1.0, floating.getDouble());
    }

    /** Neighbours in one word are not disturbed, however the word is replaced. */
    @Test
    void smallOnesAreAddedToByManyWithoutHarmToTheirNeighbours() throws InterruptedException {
        RawArray bytes = RawArray.of(CType.UNSIGNED_CHAR, 4);
        List<Thread> threads = new ArrayList<>();
        for (int index = 0; index < 4; index++) {
            int own = index;
            threads.add(Thread.ofPlatform().start(() -> {
                for (int turn = 0; turn < 250 * 400; turn++) {
                    bytes.getAndAdd(own, turn % 500 < 250 ? 1 : -1);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals("[0, 0, 0, 0]", Arrays.toString(bytes.toIntArray()));
    }

    @Test
    void additionsOfManyThreadsAllCount() throws InterruptedException {
        for (CType type : List.of(CType.LONG, CType.INT, CType.UNSIGNED_INT, CType.UNSIGNED_SHORT)) {
            Value value = Value.of(type);
            Thread other = Thread.ofPlatform().start(() -> addOften(value));
            addOften(value);
            other.join();
            assertEquals(60_000, value.getLong());
        }
    }

    private static void addOften(Value value) {
        for (int turn = 0; turn < 10_000; turn++) {
            value.getAndAdd(1);
            value.getAndAdd(2);
        }
    }

    @Test
    void updatesAreMadeUnderTheLock() throws InterruptedException {
        Value value = Value.ofDouble(0);
        Thread other = Thread.ofPlatform().start(() -> updateOften(value));
        updateOften(value);
        other.join();
        assertEquals(20_000, value.getDouble());
        Value number = Value.ofInt(1);
        assertEquals(2, number.updateInt(before -> before + 1));
        assertEquals(4, number.updateLong(before -> before * 2));
        assertThrows(ArithmeticException.class, () -> number.updateLong(before -> 1L << 40));
        assertEquals(4, number.getInt());
        assertTrue(number.getLock().tryLock());
        number.unlock();
    }

    private static void updateOften(Value value) {
        for (int turn = 0; turn < 10_000; turn++) {
            value.updateDouble(before -> before + 1);
        }
    }

    @Test
    void locksAreReentrant() {
        Value value = Value.ofInt(1);
        value.lock();
        assertEquals(2, value.updateInt(before -> before + 1));
        assertEquals("two", value.withLock(() -> "two"));
        value.unlock();
        assertThrows(IllegalMonitorStateException.class, value::unlock);
    }

    @Test
    void anotherLockCanGuardThem() {
        RLock lock = new RLock();
        RawValue raw = RawValue.ofInt(1);
        Value first = raw.guardedBy(lock);
        Value second = Value.ofInt(2).guardedBy(lock);
        assertSame(lock, first.getLock());
        assertSame(lock, second.getLock());
        first.setInt(7);
        assertEquals(7, raw.getInt());
        assertEquals(7, first.raw().getInt());
        assertFalse(first.raw() instanceof Guarded);
    }

    @Test
    void locksOfOneProcessAreRefused() {
        RawValue value = RawValue.ofInt(1);
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> value.guardedBy(new ReentrantLock()));
        assertMessage("ReentrantLock", refused);
    }

    @Test
    void segmentsAreTheSameMemory() {
        RawValue value = RawValue.of(CType.SHORT, 5);
        assertEquals(2, value.segment().byteSize());
        assertEquals(5, value.segment().get(ValueLayout.JAVA_SHORT, 0));
        value.segment().set(ValueLayout.JAVA_SHORT, 0, (short) 9);
        assertEquals(9, value.getInt());
    }

    @Test
    void copiesHaveMemoryOfTheirOwn() {
        Value value = Value.of(CType.UNSIGNED_SHORT, 40_000);
        Value copy = assertInstanceOf(Value.class, value.copy());
        value.setInt(1);
        assertEquals(40_000, copy.getInt());
        assertNotEquals(value.getLock(), copy.getLock());
    }

    @Test
    void travelOnlyAtTheStartOfAChild() {
        for (Object inheritable : List.of(Value.ofInt(1), RawValue.ofInt(1), Array.ofInts(1), RawArray.ofInts(1))) {
            NotInheritableException refused = assertThrows(NotInheritableException.class, () -> serialize(inheritable));
            assertMessage("inheritance", refused);
        }
    }

    private static void serialize(Object object) throws IOException {
        try (ObjectOutputStream out = new ObjectOutputStream(new ByteArrayOutputStream())) {
            out.writeObject(object);
        }
    }

    private static BigInteger minimum(CType type) {
        return new BigInteger(type.describe(type.minimum()));
    }

    private static BigInteger maximum(CType type) {
        return new BigInteger(type.describe(type.maximum()));
    }

    private static void assertOutOfRange(CType type, long number, Runnable access) {
        ArithmeticException failure = assertThrows(ArithmeticException.class, access::run, type + " took " + number);
        assertMessage(number + " is out of the range of " + type, failure);
    }

    private static void assertMessage(String part, Throwable failure) {
        assertMessage(part, String.valueOf(failure.getMessage()));
    }

    private static void assertMessage(String part, String message) {
        assertTrue(message.contains(part), message);
    }
}
