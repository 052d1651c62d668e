// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.space;

import dev.kindred.internal.words.Words;

/** Rows of bits in shared words, bit 0 first. Only the holder of the space's mutex touches them, so plain accesses suffice. */
final class Bits {

    private Bits() {}

    static boolean isSet(Words words, long row, int index) {
        return (words.getLongPlain(longOffset(row, index)) & 1L << index) != 0;
    }

    static void set(Words words, long row, int index) {
        long offset = longOffset(row, index);
        words.setLongPlain(offset, words.getLongPlain(offset) | 1L << index);
    }

    static void clear(Words words, long row, int index) {
        long offset = longOffset(row, index);
        words.setLongPlain(offset, words.getLongPlain(offset) & ~(1L << index));
    }

    static void setRange(Words words, long row, int from, int to) {
        for (int index = from; index < to; index = nextLong(index)) {
            long offset = longOffset(row, index);
            words.setLongPlain(offset, words.getLongPlain(offset) | mask(index, to));
        }
    }

    static void clearRange(Words words, long row, int from, int to) {
        for (int index = from; index < to; index = nextLong(index)) {
            long offset = longOffset(row, index);
            words.setLongPlain(offset, words.getLongPlain(offset) & ~mask(index, to));
        }
    }

    /** {@return the first set bit in the range, or {@code to} if there is none} */
    static int nextSet(Words words, long row, int from, int to) {
        return next(words, row, from, to, 0);
    }

    /** {@return the first clear bit in the range, or {@code to} if there is none} */
    static int nextClear(Words words, long row, int from, int to) {
        return next(words, row, from, to, -1);
    }

    private static int next(Words words, long row, int from, int to, long flip) {
        for (int index = from; index < to; index = nextLong(index)) {
            long found = (words.getLongPlain(longOffset(row, index)) ^ flip) & mask(index, to);
            if (found != 0) {
                return (index & -Long.SIZE) + Long.numberOfTrailingZeros(found);
            }
        }
        return to;
    }

    /** {@return one more than the last set bit below {@code to}, or 0 if there is none} */
    static int endOfSetBelow(Words words, long row, int to) {
        for (int end = to; end > 0; end = (end - 1) & -Long.SIZE) {
            int from = (end - 1) & -Long.SIZE;
            long found = words.getLongPlain(longOffset(row, from)) & mask(from, end);
            if (found != 0) {
                return from + Long.SIZE - Long.numberOfLeadingZeros(found);
            }
        }
        return 0;
    }

    static int count(Words words, long row, int size) {
        int count = 0;
        for (int index = 0; index < size; index += Long.SIZE) {
            count += Long.bitCount(words.getLongPlain(longOffset(row, index)));
        }
        return count;
    }

    private static long longOffset(long row, int index) {
        return row + (long) (index / Long.SIZE) * Long.BYTES;
    }

    private static int nextLong(int index) {
        return (index & -Long.SIZE) + Long.SIZE;
    }

    /** {@return the bits from {@code index} on that lie in its long and below {@code to}} */
    private static long mask(int index, int to) {
        long mask = -1L << index;
        int end = nextLong(index);
        return to < end ? mask & (-1L >>> (end - to)) : mask;
    }
}
