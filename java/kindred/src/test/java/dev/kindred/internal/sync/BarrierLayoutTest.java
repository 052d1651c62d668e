// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** That the parts of a barrier's state keep out of each other's way. */
class BarrierLayoutTest {

    private static final int LAST_ROUND = (1 << 30) - 1;
    private static final int MOST_BREAKS = (1 << 16) - 1;

    private static long state(int word, long breaks, int arrived) {
        return (long) word << 32 | breaks << 16 | arrived;
    }

    private static void assertState(long state, int round, int breaks, int arrived) {
        assertEquals(round, BarrierLayout.round(BarrierLayout.word(state)));
        assertEquals(breaks, BarrierLayout.breaks(state));
        assertEquals(arrived, BarrierLayout.arrived(state));
    }

    @Test
    void theLastOfTheMostPartiesIsCountedLikeTheFirst() {
        long state = 0;
        for (int i = 1; i <= BarrierLayout.MOST_PARTIES; i++) {
            state = BarrierLayout.withOneMore(state);
            assertState(state, 0, 0, i);
        }
        assertState(BarrierLayout.next(state, false), 1, 0, 0);
        assertState(BarrierLayout.next(state, true), 1, 1, 0);
    }

    @Test
    void roundsAndBreaksBeginAgain() {
        long last = state(LAST_ROUND, MOST_BREAKS, 5);
        assertState(last, LAST_ROUND, MOST_BREAKS, 5);
        assertState(BarrierLayout.next(last, true), 0, 0, 0);
        assertState(BarrierLayout.next(last, false), 0, MOST_BREAKS, 0);
        assertEquals(1, BarrierLayout.breaksBetween(MOST_BREAKS, 0));
        assertEquals(0, BarrierLayout.breaksBetween(7, 7));
        assertEquals(MOST_BREAKS, BarrierLayout.breaksBetween(1, 0));
    }

    @Test
    void aBrokenRoundIsTheSameRoundAndNobodySleepsOnIt() {
        long state = state(LAST_ROUND | BarrierLayout.WAITERS, MOST_BREAKS, 3);
        assertTrue(BarrierLayout.hasWaiters(state));
        assertFalse(BarrierLayout.isBroken(BarrierLayout.word(state)));
        long broken = BarrierLayout.broken(state);
        assertTrue(BarrierLayout.isBroken(BarrierLayout.word(broken)));
        assertFalse(BarrierLayout.hasWaiters(broken));
        assertState(broken, LAST_ROUND, MOST_BREAKS, 3);
        long next = BarrierLayout.next(BarrierLayout.broken(state), true);
        assertFalse(BarrierLayout.isBroken(BarrierLayout.word(next)));
        assertFalse(BarrierLayout.hasWaiters(BarrierLayout.next(state, false)));
    }

    @Test
    void entriesOfTheLogKeepBothParts() {
        int process = (1 << 29) - 1;
        long entry = BarrierLayout.entry(LAST_ROUND, process);
        assertEquals(LAST_ROUND, BarrierLayout.roundOf(entry));
        assertEquals(process, BarrierLayout.processOf(entry));
        assertEquals(BarrierLayout.log(0), BarrierLayout.log(BarrierLayout.LOG_LENGTH));
        // The count of breaks begins again where the log does.
        assertEquals(0, (MOST_BREAKS + 1) % BarrierLayout.LOG_LENGTH);
    }

    @Test
    void cellsLieBehindTheLog() {
        assertTrue(BarrierLayout.cell(0) >= BarrierLayout.log(BarrierLayout.LOG_LENGTH - 1) + Long.BYTES);
        assertEquals(256, BarrierLayout.size(1));
        assertEquals(BarrierLayout.cell(1000), BarrierLayout.size(1000));
        assertEquals(BarrierLayout.cell(4096), BarrierLayout.size(BarrierLayout.MOST_PARTIES));
    }
}
