// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.sync;

/**
 * The block of a barrier.
 *
 * <pre>
 *    0  state (long)
 *    8  parties (int)    never changed
 *   12  cells (int)      how many there are at the end; never changed
 *   16  log (8 longs)    entry i modulo 8: the i-th round, counted from 0, that was broken
 *   80  cells (int each) the processes that are of the barrier; 0 for none
 *
 *  state:
 *   63        62       61                      32 31          16 15            0
 *  +---------+--------+--------------------------+--------------+---------------+
 *  | WAITERS | BROKEN | round                    | breaks       | arrived       |
 *  +---------+--------+--------------------------+--------------+---------------+
 *  |              the word of sleepers           |
 *
 *  breaks    how many of the rounds before were broken
 *  arrived   how many parties have come in this round; all of them: the last of them runs the action
 *
 *  entry of the log:
 *   61                      32 31                0
 *  +--------------------------+-------------------+
 *  | round                    | process           |   the process for whose death it was broken, or 0
 *  +--------------------------+-------------------+
 * </pre>
 *
 * <p>One compare-and-set ends a round: it clears the count of those who came, says whether the round was broken, and begins the next. So
 * nobody need wait until all have left. The entry of the log is written before, and means nothing until the breaks are more than its
 * number.
 *
 * <p>A sleeper is woken by the upper half of the state alone, whose round or BROKEN bit changes whenever its wait is over. The halves are
 * marked and changed by atomic operations of different width; x86-64 and aarch64 keep these in one order, as they do bytes and words of
 * one lock in Linux.
 */
public final class BarrierLayout {

    /** The most parties that there can be. */
    public static final int MOST_PARTIES = (1 << 16) - 1;

    static final long STATE = 0;

    /** The half of the state on which to sleep; memory is little-endian. */
    static final long WORD = 4;

    static final long PARTIES = 8;
    static final long CELLS = 12;

    private static final long LOG = 16;

    /** So many rounds that were broken are remembered. */
    static final int LOG_LENGTH = 8;

    private static final long FIRST_CELL = LOG + (long) LOG_LENGTH * Long.BYTES;
    private static final int LEAST_CELLS = 44;
    private static final int MOST_CELLS = 4096;

    private static final int ROUND_SHIFT = 32;
    private static final int BREAKS_SHIFT = 16;
    private static final int ARRIVED = (1 << BREAKS_SHIFT) - 1;
    private static final int BREAKS = (1 << 16) - 1;

    /** Somebody may be asleep on the word. */
    static final int WAITERS = 1 << 31;

    /** The round is broken. */
    static final int BROKEN = 1 << 30;

    private static final int ROUND = BROKEN - 1;

    private BarrierLayout() {}

    /** {@return how many cells a barrier for a number of parties has} */
    static int cells(int parties) {
        return Math.clamp(parties, LEAST_CELLS, MOST_CELLS);
    }

    /**
     * {@return how many bytes a barrier takes}
     *
     * @param parties for how many it is
     */
    public static long size(int parties) {
        return FIRST_CELL + (long) cells(parties) * Integer.BYTES;
    }

    static long cell(int index) {
        return FIRST_CELL + (long) index * Integer.BYTES;
    }

    /** {@return the half of a state on which to sleep} */
    static int word(long state) {
        return (int) (state >>> ROUND_SHIFT);
    }

    static int round(int word) {
        return word & ROUND;
    }

    static boolean isBroken(int word) {
        return (word & BROKEN) != 0;
    }

    static boolean hasWaiters(long state) {
        return (word(state) & WAITERS) != 0;
    }

    static int arrived(long state) {
        return (int) state & ARRIVED;
    }

    /** {@return the state when one more has come} */
    static long withOneMore(long state) {
        return state + 1;
    }

    /** {@return the state when the round is broken} Nobody sleeps on it. */
    static long broken(long state) {
        long awake = state & ~((long) WAITERS << ROUND_SHIFT);
        return awake | (long) BROKEN << ROUND_SHIFT;
    }

    /** {@return how many rounds were broken before} */
    static int breaks(long state) {
        return (int) (state >>> BREAKS_SHIFT) & BREAKS;
    }

    /** {@return how many rounds were broken from one count to another} */
    static int breaksBetween(int from, int to) {
        return to - from & BREAKS;
    }

    /** {@return the state at the beginning of the next round} Nobody sleeps on it. */
    static long next(long state, boolean brokenBefore) {
        long round = round(word(state)) + 1L & ROUND;
        long breaks = breaks(state) + (brokenBefore ? 1L : 0L) & BREAKS;
        return round << ROUND_SHIFT | breaks << BREAKS_SHIFT;
    }

    /** {@return where the log tells of the round that is broken after that many others} */
    static long log(int breaks) {
        return LOG + (long) (breaks % LOG_LENGTH) * Long.BYTES;
    }

    static long entry(int round, int process) {
        return (long) round << ROUND_SHIFT | process;
    }

    static int roundOf(long entry) {
        return (int) (entry >>> ROUND_SHIFT);
    }

    static int processOf(long entry) {
        return (int) entry;
    }
}
