// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.memory;

/**
 * Where things lie in the memory of a {@link ShareableList}, as CPython's {@code multiprocessing.shared_memory} lays
 * them out. All numbers are in the machine's byte order; N is the number of items.
 *
 * <pre>
 *  0               +--------------------------------------------------+
 *                  | N                                    8 bytes     |
 *  8               +--------------------------------------------------+
 *                  | offsets of the slots    8 bytes each, N + 1      |   from the start of the data; the first is 0,
 *                  |                                                  |   the last is the length of the data
 *  8 * (N + 2)     +--------------------------------------------------+
 *                  | data: a slot for each item,                      |
 *                  |       each a multiple of 8 bytes, at least 8     |
 *   + data length  +--------------------------------------------------+
 *                  | formats                 8 bytes each, N          |   of Python's struct module, filled up with NUL
 *   + 8 * N        +--------------------------------------------------+
 *                  | codes                   1 byte each, N           |   how Python makes an object of the bytes
 *   + N            +--------------------------------------------------+
 * </pre>
 */
final class ShareableListLayout {

    /** Where the number of items is. */
    static final long COUNT_OFFSET = 0;

    /** Slots are multiples of this many bytes. */
    static final long SLOT_UNIT = 8;

    /** How many bytes a format takes. */
    static final int FORMAT_LENGTH = 8;

    /** The largest slot whose format, digits and an 's', fits {@link #FORMAT_LENGTH}. */
    static final long SLOT_LIMIT = 9_999_992;

    /** Where in its slot a boolean is. */
    static final long BOOLEAN_OFFSET = 7;

    /** The code of integers, floats and booleans, whose format says it all. */
    static final byte CODE_PLAIN = 0;

    /** The code of a text in UTF-8. */
    static final byte CODE_TEXT = 1;

    /** The code of bytes. */
    static final byte CODE_BYTES = 2;

    /** The code of None. */
    static final byte CODE_NONE = 3;

    private static final long OFFSETS_OFFSET = 8;
    private static final long OFFSET_LENGTH = 8;
    private static final long CODE_LENGTH = 1;

    private ShareableListLayout() {}

    /** {@return how many bytes a list takes} */
    static long size(long count, long dataLength) {
        return codeOffset(count, dataLength, count);
    }

    /** {@return the size of the smallest memory that can hold so many items} */
    static long minimumSize(long count) {
        return size(count, count * SLOT_UNIT);
    }

    /** {@return how many items a memory of so many bytes can hold at most} */
    static long countLimit(long size) {
        long perItem = minimumSize(1) - minimumSize(0);
        return (size - minimumSize(0)) / perItem;
    }

    /** {@return where the offset of slot {@code index} is; {@code index} may be the count, for the end of the data} */
    static long offsetOffset(long index) {
        return OFFSETS_OFFSET + index * OFFSET_LENGTH;
    }

    /** {@return where the data begin} */
    static long dataOffset(long count) {
        return offsetOffset(count + 1);
    }

    /** {@return where the format of item {@code index} is} */
    static long formatOffset(long count, long dataLength, long index) {
        return dataOffset(count) + dataLength + index * FORMAT_LENGTH;
    }

    /** {@return where the code of item {@code index} is} */
    static long codeOffset(long count, long dataLength, long index) {
        return formatOffset(count, dataLength, count) + index * CODE_LENGTH;
    }

    /** {@return the slot that CPython gives bytes of this length: always room for one more} */
    static long slotFor(long length) {
        return SLOT_UNIT * (length / SLOT_UNIT + 1);
    }
}
