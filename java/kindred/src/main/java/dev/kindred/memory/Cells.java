// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * One C number at an offset of a segment: reading, writing, and what the integers can do in one step. Integers are {@code long} here, always the
 * number they are; see {@link CType} for the two types of which a long has only the bits.
 *
 * <p>Loads have acquire order and stores have release order, which costs nothing on x86-64, and without which a compiler may read a cell once
 * and never again. The memory is at least four bytes long and ends at a multiple of four, so that there is a word around each small cell.
 */
final class Cells {

    private static final VarHandle BYTE = ValueLayout.JAVA_BYTE.varHandle().withInvokeExactBehavior();
    private static final VarHandle SHORT = ValueLayout.JAVA_SHORT.varHandle().withInvokeExactBehavior();
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle().withInvokeExactBehavior();
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle().withInvokeExactBehavior();
    private static final VarHandle FLOAT = ValueLayout.JAVA_FLOAT.varHandle().withInvokeExactBehavior();
    private static final VarHandle DOUBLE = ValueLayout.JAVA_DOUBLE.varHandle().withInvokeExactBehavior();

    private Cells() {}

    /** {@return an integer} */
    static long getLong(CType type, MemorySegment memory, long offset) {
        return switch (type) {
            case LONG, LONG_LONG, UNSIGNED_LONG, UNSIGNED_LONG_LONG -> (long) LONG.getAcquire(memory, offset);
            case INT -> (int) INT.getAcquire(memory, offset);
            case UNSIGNED_INT, WIDE_CHAR -> Integer.toUnsignedLong((int) INT.getAcquire(memory, offset));
            case SHORT -> (short) SHORT.getAcquire(memory, offset);
            case UNSIGNED_SHORT -> Short.toUnsignedLong((short) SHORT.getAcquire(memory, offset));
            case SIGNED_CHAR -> (byte) BYTE.getAcquire(memory, offset);
            case CHAR, UNSIGNED_CHAR -> Byte.toUnsignedLong((byte) BYTE.getAcquire(memory, offset));
            case FLOAT, DOUBLE -> throw type.noInteger();
        };
    }

    /** Stores an integer. */
    static void setLong(CType type, MemorySegment memory, long offset, long number) {
        type.check(number);
        switch (type) {
            case LONG, LONG_LONG, UNSIGNED_LONG, UNSIGNED_LONG_LONG -> LONG.setRelease(memory, offset, number);
            case INT, WIDE_CHAR, UNSIGNED_INT -> INT.setRelease(memory, offset, (int) number);
            case SHORT, UNSIGNED_SHORT -> SHORT.setRelease(memory, offset, (short) number);
            case SIGNED_CHAR, CHAR, UNSIGNED_CHAR -> BYTE.setRelease(memory, offset, (byte) number);
            case FLOAT, DOUBLE -> throw type.noInteger();
        }
    }

    /** {@return an integer that an int can hold} */
    static int getInt(CType type, MemorySegment memory, long offset) {
        long number = getLong(type, memory, offset);
        if (number != (int) number || (number < 0 && type.isUnsigned())) {
            throw new ArithmeticException("the " + type + " is " + type.describe(number) + ", which an int cannot hold: use getLong");
        }
        return (int) number;
    }

    /** Stores an integer. */
    static void setInt(CType type, MemorySegment memory, long offset, int number) {
        if (number < 0 && type.isUnsigned()) {
            throw type.outOfRange(Integer.toString(number));
        }
        setLong(type, memory, offset, number);
    }

    /** {@return a float} */
    static float getFloat(CType type, MemorySegment memory, long offset) {
        if (type != CType.FLOAT) {
            throw type == CType.DOUBLE ? new UnsupportedOperationException(type + " does not fit a float: use getDouble") : type.noFloat();
        }
        return (float) FLOAT.getAcquire(memory, offset);
    }

    /** Stores a float. */
    static void setFloat(CType type, MemorySegment memory, long offset, float number) {
        setDouble(type, memory, offset, number);
    }

    /** {@return a float or double} */
    static double getDouble(CType type, MemorySegment memory, long offset) {
        return switch (type) {
            case DOUBLE -> (double) DOUBLE.getAcquire(memory, offset);
            case FLOAT -> (float) FLOAT.getAcquire(memory, offset);
            default -> throw type.noFloat();
        };
    }

    /** Stores a float or double. */
    static void setDouble(CType type, MemorySegment memory, long offset, double number) {
        switch (type) {
            case DOUBLE -> DOUBLE.setRelease(memory, offset, number);
            case FLOAT -> FLOAT.setRelease(memory, offset, toFloat(number));
            default -> throw type.noFloat();
        }
    }

    /** {@return an integer, read with volatile order} */
    static long getVolatile(CType type, MemorySegment memory, long offset) {
        // The fence that makes two volatile accesses keep their order comes after each volatile store.
        return getLong(type, memory, offset);
    }

    /** Stores an integer with volatile order. */
    static void setVolatile(CType type, MemorySegment memory, long offset, long number) {
        setLong(type, memory, offset, number);
        VarHandle.fullFence();
    }

    /** {@return the integer that was replaced} */
    static long getAndSet(CType type, MemorySegment memory, long offset, long number) {
        type.check(number);
        return switch (type.size()) {
            case Long.BYTES -> (long) LONG.getAndSet(memory, offset, number);
            case Integer.BYTES -> type.number((int) INT.getAndSet(memory, offset, (int) number));
            default -> {
                long seen;
                do {
                    seen = getLong(type, memory, offset);
                } while (!replaceSmall(type, memory, offset, seen, number));
                yield seen;
            }
        };
    }

    /** {@return whether the integer was {@code expected} and is now {@code number}} */
    static boolean compareAndSet(CType type, MemorySegment memory, long offset, long expected, long number) {
        type.check(expected);
        type.check(number);
        return replace(type, memory, offset, expected, number);
    }

    /**
     * {@return the integer before {@code delta} was added}
     *
     * <p>Of the larger types the addition is one instruction, which finds out only afterwards that it left the range, and takes itself back.
     *
     * @throws ArithmeticException if the sum is out of range; the integer is as it was
     */
    static long getAndAdd(CType type, MemorySegment memory, long offset, long delta) {
        if (type.isLong()) {
            long before = (long) LONG.getAndAdd(memory, offset, delta);
            if (type.sumIsOutOfRange(before, delta)) {
                takeBack(type, memory, offset, before, delta);
            }
            return before;
        }
        if (type == CType.INT && delta == (int) delta) {
            int before = (int) INT.getAndAdd(memory, offset, (int) delta);
            if (type.sumIsOutOfRange(before, delta)) {
                takeBack(type, memory, offset, before, delta);
            }
            return before;
        }
        return getAndAddInSteps(type, memory, offset, delta);
    }

    /** {@return the number as text} */
    static String describe(CType type, MemorySegment memory, long offset) {
        return switch (type) {
            case FLOAT -> Float.toString(getFloat(type, memory, offset));
            case DOUBLE -> Double.toString(getDouble(type, memory, offset));
            default -> type.describe(getLong(type, memory, offset));
        };
    }

    private static long getAndAddInSteps(CType type, MemorySegment memory, long offset, long delta) {
        while (true) {
            long seen = getLong(type, memory, offset);
            if (type.sumIsOutOfRange(seen, delta)) {
                throw overflow(type, seen, delta);
            }
            if (replace(type, memory, offset, seen, seen + delta)) {
                return seen;
            }
        }
    }

    private static void takeBack(CType type, MemorySegment memory, long offset, long before, long delta) {
        if (type.size() == Long.BYTES) {
            var _ = (long) LONG.getAndAdd(memory, offset, -delta);
        } else {
            var _ = (int) INT.getAndAdd(memory, offset, (int) -delta);
        }
        throw overflow(type, before, delta);
    }

    private static boolean replace(CType type, MemorySegment memory, long offset, long expected, long number) {
        return switch (type.size()) {
            case Long.BYTES -> LONG.compareAndSet(memory, offset, expected, number);
            case Integer.BYTES -> INT.compareAndSet(memory, offset, (int) expected, (int) number);
            default -> replaceSmall(type, memory, offset, expected, number);
        };
    }

    /** Replaces a cell of one or two bytes by replacing the word around it, as often as its neighbours change meanwhile. */
    private static boolean replaceSmall(CType type, MemorySegment memory, long offset, long expected, long number) {
        long word = offset & -Integer.BYTES;
        int shift = (int) (offset - word) * Byte.SIZE;
        int ones = type.size() == Byte.BYTES ? 0xFF : 0xFFFF;
        int mask = ones << shift;
        while (true) {
            int seen = (int) INT.getAcquire(memory, word);
            if (((seen & mask) >>> shift) != ((int) expected & ones)) {
                return false;
            }
            int next = (seen & ~mask) | (((int) number & ones) << shift);
            if (INT.compareAndSet(memory, word, seen, next)) {
                return true;
            }
        }
    }

    private static float toFloat(double number) {
        float rounded = (float) number;
        if (Float.isInfinite(rounded) && !Double.isInfinite(number)) {
            throw CType.FLOAT.outOfRange(Double.toString(number));
        }
        return rounded;
    }

    private static ArithmeticException overflow(CType type, long before, long delta) {
        return new ArithmeticException("adding " + delta + " to " + type.describe(before) + " leaves the range of " + type + ", "
                + type.range());
    }
}
