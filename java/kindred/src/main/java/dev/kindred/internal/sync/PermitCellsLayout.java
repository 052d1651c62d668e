// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.sync;

/**
 * Permits that name their holders: a word that changes whenever a permit is given back, and one cell for each permit.
 *
 * <pre>
 *       31                            2    1          0
 *      +------------------------------+----------+---------+
 *    0 | how often one was given back | RESERVED | WAITERS |
 *      +------------------------------+----------+---------+
 *    4 | how many cells there are                          |
 *      +---------------------------------------------------+
 *    8 | who holds permit 0: FREE, or the id of a process  |
 *      +---------------------------------------------------+
 *   12 | who holds permit 1                                |
 *      +---------------------------------------------------+
 *      |                        ...                        |
 * </pre>
 *
 * <p>The change counter wraps around after a billion changes. That a waiter was away for just that many would cost it its {@link Patience}.
 */
public final class PermitCellsLayout {

    /** The most permits. */
    public static final int MOST = 4096;

    /** A cell that nobody holds. */
    static final int FREE = 0;

    /** The word that changes. */
    static final int CHANGES = 0;

    /** Somebody may be asleep on the word that changes. */
    static final int WAITERS = 1;

    /** Somebody has waited long: who comes new does not take a free permit at once. A hint. */
    static final int RESERVED = 1 << 1;

    /** One change. */
    static final int CHANGE = 1 << 2;

    /** How many cells there are. */
    static final int COUNT = 4;

    private static final int CELLS = 8;

    private PermitCellsLayout() {}

    /** {@return how many bytes so many permits take} */
    public static long size(int permits) {
        return CELLS + (long) permits * Integer.BYTES;
    }

    /** {@return where a cell is} */
    static int cell(int index) {
        return CELLS + index * Integer.BYTES;
    }
}
