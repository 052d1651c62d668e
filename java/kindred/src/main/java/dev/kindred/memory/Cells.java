// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.memory;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;

import dev.kindred.internal.os.SegmentHandles;
import dev.kindred.internal.space.Block;
import dev.kindred.internal.space.Space;

/**
 * One C number in the space: reading, writing, and what the integers can do in one step. Integers are {@code long}
 * here, always the number they are; see {@link CType} for the two types of which a long has only the bits.
 *
 * <p>Loads have acquire order and stores have release order, which costs nothing on x86-64, and without which a
 * compiler may read a cell once and never again.
 *
 * <p>Offsets are those of the whole space, whose mapping is a constant to the compiler: an atomic addition is a single
 * instruction, and each field that has to be loaded before it can begin is felt. So the caller has checked that the
 * cell lies in its block, and gives the block only to keep it allocated until the access is over. Blocks are multiples
 * of eight bytes, so that there is a word around each small cell.
 */
final class Cells {

    private static final VarHandle INT = SegmentHandles.of(int.class);
    private static final VarHandle LONG = SegmentHandles.of(long.class);

    /** The space. Whoever has a block has it already, so that nothing can fail here. */
    private static final MemorySegment MEMORY = Space.current().memory();

    private static final long SMALL_STEP = 1 << 20;

    /** Apart, as are those below, so that a process that has none of these need not have the handles. */
    private static final class Small {
        static final VarHandle BYTE = SegmentHandles.of(byte.class);
        static final VarHandle SHORT = SegmentHandles.of(short.class);
    }

    private static final class Floating {
        static final VarHandle FLOAT = SegmentHandles.of(float.class);
        static final VarHandle DOUBLE = SegmentHandles.of(double.class);
    }

    private Cells() {}

    /** {@return an integer} */
    static long getLong(CType type, Block block, long offset) {
        try {
            return switch (type) {
                case LONG, LONG_LONG, UNSIGNED_LONG, UNSIGNED_LONG_LONG -> (long) LONG.getAcquire(MEMORY, offset);
                case INT -> (int) INT.getAcquire(MEMORY, offset);
                case UNSIGNED_INT, WIDE_CHAR -> Integer.toUnsignedLong((int) INT.getAcquire(MEMORY, offset));
                case SHORT -> (short) Small.SHORT.getAcquire(MEMORY, offset);
                case UNSIGNED_SHORT -> Short.toUnsignedLong((short) Small.SHORT.getAcquire(MEMORY, offset));
                case SIGNED_CHAR -> (byte) Small.BYTE.getAcquire(MEMORY, offset);
                case CHAR, UNSIGNED_CHAR -> Byte.toUnsignedLong((byte) Small.BYTE.getAcquire(MEMORY, offset));
                case FLOAT, DOUBLE -> throw type.noInteger();
            };
        } finally {
            Reference.reachabilityFence(block);
        }
    }

    /** Stores an integer. */
    static void setLong(CType type, Block block, long offset, long number) {
        type.check(number);
        try {
            switch (type) {
                case LONG, LONG_LONG, UNSIGNED_LONG, UNSIGNED_LONG_LONG -> LONG.setRelease(MEMORY, offset, number);
                case INT, WIDE_CHAR, UNSIGNED_INT -> INT.setRelease(MEMORY, offset, (int) number);
                case SHORT, UNSIGNED_SHORT -> Small.SHORT.setRelease(MEMORY, offset, (short) number);
                case SIGNED_CHAR, CHAR, UNSIGNED_CHAR -> Small.BYTE.setRelease(MEMORY, offset, (byte) number);
                case FLOAT, DOUBLE -> throw type.noInteger();
            }
        } finally {
            Reference.reachabilityFence(block);
        }
    }

    /** {@return an integer that an int can hold} */
    static int getInt(CType type, Block block, long offset) {
        long number = getLong(type, block, offset);
        if (number != (int) number || (number < 0 && type.isUnsigned())) {
            throw new ArithmeticException("the " + type + " is " + type.describe(number)
                    + ", which an int cannot hold: use getLong");
        }
        return (int) number;
    }

    /** Stores an integer. */
    static void setInt(CType type, Block block, long offset, int number) {
        if (number < 0 && type.isUnsigned()) {
            throw type.outOfRange(Integer.toString(number));
        }
        setLong(type, block, offset, number);
    }

    /** {@return a float} */
    static float getFloat(CType type, Block block, long offset) {
        if (type != CType.FLOAT) {
            throw type == CType.DOUBLE
                    ? new UnsupportedOperationException(type + " does not fit a float: use getDouble")
                    : type.noFloat();
        }
        try {
            return (float) Floating.FLOAT.getAcquire(MEMORY, offset);
        } finally {
            Reference.reachabilityFence(block);
        }
    }

    /** Stores a float. */
    static void setFloat(CType type, Block block, long offset, float number) {
        setDouble(type, block, offset, number);
    }

    /** {@return a float or double} */
    static double getDouble(CType type, Block block, long offset) {
        try {
            return switch (type) {
                case DOUBLE -> (double) Floating.DOUBLE.getAcquire(MEMORY, offset);
                case FLOAT -> (float) Floating.FLOAT.getAcquire(MEMORY, offset);
                default -> throw type.noFloat();
            };
        } finally {
            Reference.reachabilityFence(block);
        }
    }

    /** Stores a float or double. */
    static void setDouble(CType type, Block block, long offset, double number) {
        try {
            switch (type) {
                case DOUBLE -> Floating.DOUBLE.setRelease(MEMORY, offset, number);
                case FLOAT -> Floating.FLOAT.setRelease(MEMORY, offset, toFloat(number));
                default -> throw type.noFloat();
            }
        } finally {
            Reference.reachabilityFence(block);
        }
    }

    /** {@return an integer, read with volatile order} */
    static long getVolatile(CType type, Block block, long offset) {
        // The fence that makes two volatile accesses keep their order comes after each volatile store.
        return getLong(type, block, offset);
    }

    /** Stores an integer with volatile order. */
    static void setVolatile(CType type, Block block, long offset, long number) {
        setLong(type, block, offset, number);
        VarHandle.fullFence();
    }

    /** {@return the integer that was replaced} */
    static long getAndSet(CType type, Block block, long offset, long number) {
        type.check(number);
        try {
            return switch (type.size()) {
                case Long.BYTES -> (long) LONG.getAndSet(MEMORY, offset, number);
                case Integer.BYTES -> type.number((int) INT.getAndSet(MEMORY, offset, (int) number));
                default -> getAndSetSmall(type, block, offset, number);
            };
        } finally {
            Reference.reachabilityFence(block);
        }
    }

    /** {@return whether the integer was {@code expected} and is now {@code number}} */
    static boolean compareAndSet(CType type, Block block, long offset, long expected, long number) {
        type.check(expected);
        type.check(number);
        return compareAndExchange(type, block, offset, expected, number) == expected;
    }

    /**
     * {@return the integer before {@code delta} was added}
     *
     * <p>Not by an atomic addition, which finds out only afterwards that it left the range: others would see the number wrapped, for ever if
     * this process were killed before it took it back.
     *
     * @throws ArithmeticException if the sum is out of range; the integer is as it was
     */
    static long getAndAdd(CType type, Block block, long offset, long delta) {
        long seen = getLong(type, block, offset);
        while (true) {
            if (type.sumIsOutOfRange(seen, delta)) {
                throw overflow(type, seen, delta);
            }
            long found = compareAndExchange(type, block, offset, seen, seen + delta);
            if (found == seen) {
                return seen;
            }
            seen = found;
        }
    }

    /** {@return the signed integer of 64 bits before {@code delta} was added} The sum wraps. */
    static long getAndAddWrapping(Block block, long offset, long delta) {
        try {
            return (long) LONG.getAndAdd(MEMORY, offset, delta);
        } finally {
            Reference.reachabilityFence(block);
        }
    }

    /** {@return whether an integer is a signed one of 64 bits, in the middle half of its range} */
    static boolean isFarFromItsEnds(CType type, long number) {
        return type.size() == Long.BYTES && !type.isUnsigned() && isFarFromItsEnds(number);
    }

    /** {@return whether a signed integer of 64 bits lies in the middle half of its range, from where 2^42 small steps lead to an end} */
    static boolean isFarFromItsEnds(long number) {
        return (number ^ (number << 1)) >= 0;
    }

    /** {@return whether a number is one of at most 20 bits and a sign} */
    static boolean isSmallStep(long delta) {
        return ((delta + SMALL_STEP) & -(2 * SMALL_STEP)) == 0;
    }

    /** {@return the number as text} */
    static String describe(CType type, Block block, long offset) {
        return switch (type) {
            case FLOAT -> Float.toString(getFloat(type, block, offset));
            case DOUBLE -> Double.toString(getDouble(type, block, offset));
            default -> type.describe(getLong(type, block, offset));
        };
    }

    /** {@return whether the sum of two longs is none} */
    static boolean isOverflow(long number, long delta) {
        long sum = number + delta;
        return ((number ^ sum) & (delta ^ sum)) < 0;
    }

    private static long getAndSetSmall(CType type, Block block, long offset, long number) {
        long seen = getLong(type, block, offset);
        while (true) {
            long found = compareAndExchange(type, block, offset, seen, number);
            if (found == seen) {
                return seen;
            }
            seen = found;
        }
    }

    /** {@return the integer that was found: {@code expected} if it is {@code number} now} */
    private static long compareAndExchange(CType type, Block block, long offset, long expected, long number) {
        try {
            return switch (type) {
                case LONG, LONG_LONG, UNSIGNED_LONG, UNSIGNED_LONG_LONG ->
                        (long) LONG.compareAndExchange(MEMORY, offset, expected, number);
                case INT, WIDE_CHAR, UNSIGNED_INT ->
                        type.number((int) INT.compareAndExchange(MEMORY, offset, (int) expected, (int) number));
                case SHORT, UNSIGNED_SHORT, SIGNED_CHAR, CHAR, UNSIGNED_CHAR ->
                        exchangeSmall(type, offset, expected, number);
                case FLOAT, DOUBLE -> throw type.noInteger();
            };
        } finally {
            Reference.reachabilityFence(block);
        }
    }

    /**
     * Exchanges a cell of one or two bytes by exchanging the word around it, as often as its neighbours change
     * meanwhile.
     */
    private static long exchangeSmall(CType type, long offset, long expected, long number) {
        long word = offset & -Integer.BYTES;
        int shift = (int) (offset - word) * Byte.SIZE;
        int unused = Integer.SIZE - (type.size() * Byte.SIZE);
        int mask = (-1 >>> unused) << shift;
        while (true) {
            int seen = (int) INT.getAcquire(MEMORY, word);
            // To the upper end and back, so that the sign of a signed type is extended.
            int upper = seen << (unused - shift);
            long found = type.isUnsigned() ? upper >>> unused : upper >> unused;
            if (found != expected) {
                return found;
            }
            int next = (seen & ~mask) | (((int) number << shift) & mask);
            if (INT.compareAndSet(MEMORY, word, seen, next)) {
                return expected;
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

    static ArithmeticException overflow(CType type, long before, long delta) {
        return new ArithmeticException("adding " + delta + " to " + type.describe(before) + " leaves the range of "
                + type + ", " + type.range());
    }
}
