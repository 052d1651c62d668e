// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.ring;

/**
 * A ring: its two ends, each with the lock of those who work there, and its data.
 *
 * <pre>
 *       +-------------------------------------+
 *     0 | parcels (ParcelLayout)              |
 *    16 | capacity, in units                  |
 *    20 | bytes a unit                        |
 *    24 | most elements                       |
 *    28 | most units                          |
 *    32 | state: open or shut down            |
 *       +-------------------------------------+
 *   128 | lock of those who put               |
 *   136 | the head, as they saw it last       |
 *       +-------------------------------------+
 *   256 | tail                                |
 *       +-------------------------------------+
 *   384 | lock of those who take              |
 *   392 | the tail, as they saw it last; not  |
 *       | used where records are published by |
 *       | their headers                       |
 *       +-------------------------------------+
 *   512 | head                                |
 *       +-------------------------------------+
 *   640 | event count of those who take       |
 *       +-------------------------------------+
 *   768 | event count of those who put        |
 *       +-------------------------------------+
 *   896 | data: capacity units                |
 * </pre>
 *
 * <p>Head and tail are 64 bits, so that each moves by one store:
 *
 * <pre>
 *   63                              32 31                             0
 *  +----------------------------------+--------------------------------+
 *  | how many elements, ever          | how many units, ever           |
 *  +----------------------------------+--------------------------------+
 * </pre>
 *
 * <p>Both halves wrap around. The capacity is a power of two, so that the place of a unit is its number modulo the capacity.
 */
final class RingLayout {

    /** The most units of a ring. */
    static final int CAPACITY_LIMIT = 1 << 28;

    static final int CAPACITY = 16;
    static final int UNIT = 20;
    static final int MOST_ELEMENTS = 24;
    static final int MOST_UNITS = 28;
    static final int STATE = 32;

    /** The state of a ring into which one can put. */
    static final int OPEN = 0;

    /** Nothing can be put any more, what is there can be taken. */
    static final int SHUT_DOWN = 1;

    /** Nothing can be put or taken any more. */
    static final int ENDED = 2;

    static final int PUT_LOCK = 128;
    static final int HEAD_SEEN = 136;
    static final int TAIL = 256;
    static final int TAKE_LOCK = 384;
    static final int TAIL_SEEN = 392;
    static final int HEAD = 512;
    static final int NOT_EMPTY = 640;
    static final int NOT_FULL = 768;
    static final int DATA = 896;

    private RingLayout() {}

    /** {@return how many bytes a ring takes} */
    static long size(int capacity, int unit) {
        return DATA + (long) capacity * unit;
    }

    /** {@return how many elements an index counts, modulo 2^32} */
    static int elements(long index) {
        return (int) (index >>> Integer.SIZE);
    }

    /** {@return how many units an index counts, modulo 2^32} */
    static int units(long index) {
        return (int) index;
    }

    /** {@return an index moved on} */
    static long advanced(long index, int elements, int units) {
        return ((long) (elements(index) + elements) << Integer.SIZE) | Integer.toUnsignedLong(units(index) + units);
    }
}
