// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.space;

/**
 * A parcel: a block that another block, its holder, keeps allocated as long as it is itself.
 *
 * <pre>
 *  parcel                                            holder
 *       +--------------------------------------+          +--------------------------+
 *     0 | the parcel before it, 0 for none     |        0 | the first parcel, or 0   |
 *     8 | the parcel after it, 0 for none      |        8 | the last parcel, or 0    |
 *    16 | its holder                           |          +--------------------------+
 *    24 | its number, as its maker counts      |
 *    32 | how many bytes of content            |
 *    40 | who works with it: a process's id    |
 *       +--------------------------------------+
 *    64 | content                              |
 * </pre>
 *
 * <p>Blocks are named by their offset.
 */
public final class ParcelLayout {

    /** How many bytes of a holder's beginning its parcels take. */
    public static final int HOLDER_SIZE = 16;

    /** How many bytes a parcel has beside its content. */
    public static final int SIZE = 64;

    /** Where the number of bytes of content is. */
    public static final int BYTES = 32;

    /** Where the id of the process is that works with it. */
    public static final int WORKER = 40;

    /** Where the content is. */
    public static final int CONTENT = SIZE;

    static final int PREVIOUS = 0;
    static final int NEXT = 8;
    static final int HOLDER = 16;
    static final int NUMBER = 24;

    static final int FIRST = 0;
    static final int LAST = 8;

    private ParcelLayout() {}
}
