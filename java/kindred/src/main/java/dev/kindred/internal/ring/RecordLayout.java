// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.ring;

/**
 * A record in a ring of records, in units of 8 bytes. It lies in one piece: where there is no room for that before the end of the ring, a record without
 * content fills it up.
 *
 * <pre>
 *   63              32 31             0
 *  +------------------+----------------+
 *  | kind             | bytes          |
 *  +------------------+----------------+
 *  | content, filled up to 8 bytes     |
 *  |                ...                |
 * </pre>
 */
final class RecordLayout {

    static final int UNIT = 8;

    static final int HEADER_UNITS = 1;

    static final int HEADER = HEADER_UNITS * UNIT;

    /** In the place of a header: there is no record yet. */
    static final long NOTHING = 0;

    /** A record whose content is an element. */
    static final int ELEMENT = 1;

    /** A record whose content is where the element lies, which has a block of its own. */
    static final int PARCEL = 2;

    /** No element. */
    static final int FILLER = 3;

    private RecordLayout() {}

    /** {@return how many units a record with so many bytes of content takes} */
    static int units(int bytes) {
        return HEADER_UNITS + (bytes + UNIT - 1) / UNIT;
    }

    static long header(int kind, int bytes) {
        return (long) kind << Integer.SIZE | bytes;
    }

    static int kind(long header) {
        return (int) (header >>> Integer.SIZE);
    }

    static int bytes(long header) {
        return (int) header;
    }
}
