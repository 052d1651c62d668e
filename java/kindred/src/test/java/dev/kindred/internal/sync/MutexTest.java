// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;

import dev.kindred.internal.words.SimulatedWords;
import org.junit.jupiter.api.Test;

/** What a wait for a condition does with the mutex of a dead owner. */
class MutexTest {

    private static final long OFFSET = 64;
    private static final int FIRST = 1 << 12;
    private static final int SECOND = FIRST + 1;
    private static final int THIRD = FIRST + 2;

    private final SimulatedWords words = new SimulatedWords(0);
    private final Set<Integer> dead = new HashSet<>();

    MutexTest() {
        words.reserve(0, 4096);
    }

    private Mutex mutex(int self, boolean takeOver) {
        return new Mutex(words, OFFSET, self, takeOver, new KnownDeaths(dead));
    }

    private void die(Mutex owner, int id) {
        assertEquals(Mutex.ACQUIRED, owner.acquire(Mutex.AT_ONCE, false));
        dead.add(id);
    }

    @Test
    void whatNobodyRecoveredIsRefusedAfterItsReleaseAsBefore() {
        die(mutex(FIRST, false), FIRST);
        Mutex second = mutex(SECOND, false);
        for (int i = 0; i < 2; i++) {
            assertEquals(Mutex.OWNER_DIED, second.reacquire());
            assertTrue(second.isHeldHere());
            assertEquals(FIRST, second.unrecovered());
            assertTrue(second.release());
            assertFalse(second.release());
            assertEquals(FIRST, second.owner());
            assertEquals(Mutex.OWNER_DIED, second.acquire(Mutex.AT_ONCE, false));
        }
    }

    @Test
    void itIsForgottenWhenAnotherHasRecoveredIt() {
        die(mutex(FIRST, false), FIRST);
        Mutex second = mutex(SECOND, false);
        assertEquals(Mutex.OWNER_DIED, second.reacquire());
        assertTrue(second.release());
        Mutex third = mutex(THIRD, false);
        assertEquals(Mutex.TAKEN_OVER, third.recover(Mutex.AT_ONCE, false));
        assertTrue(third.release());
        assertEquals(Mutex.ACQUIRED, second.reacquire());
        assertEquals(0, second.unrecovered());
        assertTrue(second.release());
        assertEquals(0, second.owner());
    }

    @Test
    void whatIsSaidToBeRecoveredIsFreeAfterItsRelease() {
        die(mutex(FIRST, false), FIRST);
        Mutex second = mutex(SECOND, false);
        assertEquals(Mutex.OWNER_DIED, second.reacquire());
        second.setRecovered();
        assertTrue(second.release());
        assertEquals(0, second.owner());
    }

    @Test
    void whatIsTakenOverNeedsNoRecovery() {
        die(mutex(FIRST, true), FIRST);
        Mutex second = mutex(SECOND, true);
        assertEquals(Mutex.TAKEN_OVER, second.reacquire());
        assertEquals(0, second.unrecovered());
        assertTrue(second.release());
        assertEquals(0, second.owner());
    }
}
