// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.codec;

/**
 * How an element is laid out in bytes.
 *
 * <p>The first byte says how it goes on: {@link #COMPACT} with one value, {@link #SERIALIZED} with a stream of Java serialization. A value is a
 * tag and what belongs to it. {@code n} is a number of seven bits a byte, the lowest first; other numbers are little-endian.
 *
 * <pre>
 *   NULL, FALSE, TRUE
 *   BYTE, SHORT, CHAR, FLOAT, DOUBLE    the number
 *   INT, LONG                           n, of which the lowest bit is the sign
 *   LATIN1, UTF16                       n characters | of each the lower byte, or both
 *   BOOLEANS ... DOUBLES #              n elements | the elements
 *   ENUM                                class | n ordinal | n bytes | name
 *   RECORD, SHARED_RECORD #             class | components: those of primitive types as numbers, values for the others
 *   OBJECTS #                           class of the elements | n elements | values
 *   lists and sets #                    n elements | values
 *   maps #                              n entries | key and value of each
 *   BACK                                n, the number of an earlier value
 *   class                               0 | n bytes | name | fingerprint of a record's components (4 bytes),
 *                                       or the number of a class that the element has named before, counted from 1
 * </pre>
 *
 * <p>Values marked with # are counted from 0 in the order in which they end; each is written once. Names of classes are Latin-1, or the element is
 * left to Java serialization.
 */
final class Tags {

    static final int COMPACT = 1;
    static final int SERIALIZED = 2;

    static final int NULL = 0;
    static final int FALSE = 1;
    static final int TRUE = 2;
    static final int BYTE = 3;
    static final int SHORT = 4;
    static final int CHAR = 5;
    static final int INT = 6;
    static final int LONG = 7;
    static final int FLOAT = 8;
    static final int DOUBLE = 9;
    static final int LATIN1 = 10;
    static final int UTF16 = 11;
    static final int BOOLEANS = 12;
    static final int BYTES = 13;
    static final int SHORTS = 14;
    static final int CHARS = 15;
    static final int INTS = 16;
    static final int LONGS = 17;
    static final int FLOATS = 18;
    static final int DOUBLES = 19;
    static final int ENUM = 20;
    static final int RECORD = 21;
    static final int SHARED_RECORD = 22;
    static final int OBJECTS = 23;
    static final int ARRAY_LIST = 24;
    static final int FIXED_LIST = 25;
    static final int HASH_SET = 26;
    static final int LINKED_HASH_SET = 27;
    static final int TREE_SET = 28;
    static final int FIXED_SET = 29;
    static final int HASH_MAP = 30;
    static final int LINKED_HASH_MAP = 31;
    static final int TREE_MAP = 32;
    static final int FIXED_MAP = 33;
    static final int BACK = 34;

    /** Says of a class that its objects cannot be written so. */
    static final int OTHER = 35;

    /** Values nested deeper are left to Java serialization; where such a one arrives, somebody has tampered with it. */
    static final int DEPTH_LIMIT = 64;

    /** How many classes an element numbers; further ones are named each time. */
    static final int CLASS_LIMIT = 64;

    private Tags() {}
}
