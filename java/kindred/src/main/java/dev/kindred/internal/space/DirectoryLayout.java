// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.space;

import dev.kindred.internal.domain.DomainLayout;

/**
 * Where the names of a space's blocks lie.
 *
 * <pre>
 *   in the first page of the file:
 *     1216  entries in use, high-water mark (int)
 *
 *   from the first 2 MiB boundary after the domain's slots on, a hole until it is needed: entries of 512 bytes
 *       0  state (int): FREE or USED
 *       4  length of name (int)
 *       8  first granule of the block (long)
 *      16  length of kind (int) | length of parameters (int)
 *      24  whether the block begins with a mutex that its owner's death poisons (int): 0 or 1
 *      32  kind, UTF-8, at most 32 bytes
 *      64  name, ASCII, at most 128 bytes
 *     192  parameters, UTF-8, at most 192 bytes
 * </pre>
 */
final class DirectoryLayout {

    /** How many named objects a space can have. */
    static final int ENTRIES = 1 << 14;

    static final long ENTRIES_USED = SpaceLayout.DIRECTORY_HEADER;

    static final long ENTRY_SIZE = 512;
    static final int ENTRIES_A_PAGE = (int) (SpaceLayout.SMALL_PAGE / ENTRY_SIZE);

    static final long STATE = 0;
    static final long NAME_LENGTH = 4;
    static final long GRANULE = 8;
    static final long KIND_LENGTH = 16;
    static final long PARAMETERS_LENGTH = 20;
    static final long POISONABLE = 24;
    static final long KIND = 32;
    static final long NAME = 64;
    static final long PARAMETERS = 192;

    static final int KIND_LIMIT = 32;
    static final int NAME_LIMIT = 128;
    static final int PARAMETERS_LIMIT = 192;

    static final int FREE = 0;
    static final int USED = 1;

    private static final long START = SpaceLayout.align(DomainLayout.END);

    /** Where the entries end. */
    static final long END = START + ENTRIES * ENTRY_SIZE;

    private DirectoryLayout() {}

    static long entry(int index) {
        return START + index * ENTRY_SIZE;
    }
}
