// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.kindred.sync.Barrier;
import dev.kindred.tests.support.Delays;
import dev.kindred.tests.support.Eventually;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a barrier promises to every kind of actor. Each leaves the barrier before it ends, because the end of a process of it breaks it. */
class BarrierContractTest {

    private static final int PARTIES = 4;

    /** The party that does something else than the others. */
    private static final int ODD_ONE = PARTIES / 2;

    @BeforeAll
    static void startStrangers() {
        Strangers.startShared();
    }

    @AfterAll
    static void endStrangers() {
        Strangers.endShared();
    }

    private static Barrier barrier(Actors actors) {
        return actors.barrier(PARTIES, Delays.LONG.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void pass(Barrier barrier, SharedCounter counter, int rounds) throws Exception {
        for (int i = 0; i < rounds; i++) {
            counter.addAtomically(0, 1);
            assertEquals((long) i * PARTIES, counter.get(1));
            int _ = barrier.await();
            counter.addAtomically(1, 1);
            assertEquals((i + 1L) * PARTIES, counter.get(0));
            int _ = barrier.await();
        }
        assertEquals(0, barrier.getNumberWaiting());
        assertFalse(barrier.isBroken());
        barrier.deregister();
    }

    @ParameterizedTest
    @EnumSource
    void allGoInStep(Actors actors) throws Exception {
        for (int rounds : new int[] {1, 10, 500}) {
            Barrier barrier = barrier(actors);
            try (SharedCounter counter = SharedCounter.create()) {
                actors.run(PARTIES, _ -> pass(barrier, counter, rounds));
                assertFalse(barrier.isBroken());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void eachGetsANumberOfItsOwn(Actors actors) throws Exception {
        Barrier barrier = barrier(actors);
        int rounds = 50;
        try (SharedCounter counter = SharedCounter.create()) {
            actors.run(PARTIES, _ -> {
                for (int i = 0; i < rounds; i++) {
                    counter.addAtomically(barrier.await(), 1);
                }
                barrier.deregister();
            });
            for (int index = 0; index < PARTIES; index++) {
                assertEquals(rounds, counter.get(index), "how often the number was " + index);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theActionIsRunOnceBeforeAnyIsReleased(Actors actors) throws Exception {
        int rounds = 50;
        try (SharedCounter counter = SharedCounter.create()) {
            Barrier barrier = actors.barrier(PARTIES, () -> counter.addUnprotected(0, 1));
            actors.run(PARTIES, _ -> {
                for (int i = 1; i <= rounds; i++) {
                    int _ = barrier.await();
                    assertEquals(i, counter.get(0));
                    int _ = barrier.await();
                    assertEquals(++i, counter.get(0));
                }
                barrier.deregister();
            });
            assertEquals(rounds, counter.get(0));
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoAbortsReleasesTheOthersWithAnException(Actors actors) throws Exception {
        Barrier barrier = barrier(actors);
        try (SharedCounter counter = SharedCounter.create()) {
            actors.run(PARTIES, _ -> {
                if (barrier.await() == ODD_ONE) {
                    barrier.abort();
                } else {
                    assertThrows(BrokenBarrierException.class, barrier::await);
                    counter.addAtomically(0, 1);
                }
            });
            assertEquals(PARTIES - 1, counter.get(0));
            assertTrue(barrier.isBroken());
            assertEquals(0, barrier.getNumberWaiting());
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoResetsReleasesTheOthersWithAnExceptionAndTheNextRoundIsSound(Actors actors) throws Exception {
        Barrier barrier = barrier(actors);
        try (SharedCounter counter = SharedCounter.create()) {
            actors.run(PARTIES, _ -> {
                if (barrier.await() == ODD_ONE) {
                    Eventually.holds("all others wait", () -> barrier.getNumberWaiting() == PARTIES - 1);
                    barrier.reset();
                } else {
                    assertThrows(BrokenBarrierException.class, barrier::await);
                    counter.addAtomically(0, 1);
                }
                int _ = barrier.await();
                counter.addAtomically(1, 1);
                barrier.deregister();
            });
            assertEquals(PARTIES - 1, counter.get(0));
            assertEquals(PARTIES, counter.get(1));
            assertFalse(barrier.isBroken());
        }
    }

    @ParameterizedTest
    @EnumSource
    void afterAnAbortAResetMakesItSound(Actors actors) throws Exception {
        Barrier barrier = barrier(actors);
        Barrier other = barrier(actors);
        try (SharedCounter counter = SharedCounter.create()) {
            actors.run(PARTIES, _ -> {
                if (barrier.await() == ODD_ONE) {
                    barrier.abort();
                } else {
                    assertThrows(BrokenBarrierException.class, barrier::await);
                    counter.addAtomically(0, 1);
                }
                if (other.await() == ODD_ONE) {
                    barrier.reset();
                }
                int _ = other.await();
                int _ = barrier.await();
                counter.addAtomically(1, 1);
                barrier.deregister();
                other.deregister();
            });
            assertEquals(PARTIES - 1, counter.get(0));
            assertEquals(PARTIES, counter.get(1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoWaitsTooLongBreaksItForAll(Actors actors) throws Exception {
        Barrier barrier = barrier(actors);
        try (SharedCounter counter = SharedCounter.create()) {
            actors.run(PARTIES, _ -> {
                if (barrier.await() == ODD_ONE) {
                    Eventually.holds("the others are back", () -> counter.get(0) + counter.get(1) == PARTIES - 1);
                    assertThrows(BrokenBarrierException.class, () -> barrier.await(1, TimeUnit.SECONDS));
                    return;
                }
                long start = System.nanoTime();
                try {
                    int _ = barrier.await(Delays.SMALL.toNanos(), TimeUnit.NANOSECONDS);
                } catch (TimeoutException _) {
                    assertTrue(System.nanoTime() - start >= Delays.SMALL.toNanos());
                    counter.addAtomically(0, 1);
                } catch (BrokenBarrierException _) {
                    counter.addAtomically(1, 1);
                }
            });
            assertEquals(PARTIES - 1, counter.get(0) + counter.get(1));
            assertEquals(1, counter.get(0), "how many broke it");
            assertTrue(barrier.isBroken());
        }
    }

    @ParameterizedTest
    @EnumSource
    void theLimitOfTheBarrierHoldsForEachWait(Actors actors) throws Exception {
        Barrier barrier = actors.barrier(PARTIES, Delays.MEDIUM.toMillis(), TimeUnit.MILLISECONDS);
        try (SharedCounter counter = SharedCounter.create()) {
            actors.run(PARTIES, actor -> {
                counter.addAtomically(1, 1);
                Eventually.holds("all are there", () -> counter.get(1) == PARTIES);
                if (actor == ODD_ONE) {
                    Eventually.holds("the others are back", () -> counter.get(0) == PARTIES - 1);
                }
                assertThrows(BrokenBarrierException.class, barrier::await);
                counter.addAtomically(0, 1);
            });
            assertEquals(PARTIES, counter.get(0));
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneAlonePassesAtOnce(Actors actors) throws Exception {
        Barrier barrier = actors.barrier(1, Delays.LONG.toMillis(), TimeUnit.MILLISECONDS);
        actors.run(1, _ -> {
            assertEquals(0, barrier.await());
            assertEquals(0, barrier.await(0, TimeUnit.SECONDS));
        });
    }

    @ParameterizedTest
    @EnumSource
    void aThousandRoundsAreInOrder(Actors actors) throws Exception {
        Barrier barrier = barrier(actors);
        try (SharedCounter counter = SharedCounter.create()) {
            actors.run(PARTIES, _ -> {
                for (int i = 0; i < 1000; i++) {
                    int _ = barrier.await();
                    long before = counter.get(0);
                    counter.addAtomically(0, 1);
                    // Nobody is a round ahead, nor has anybody been left a round behind.
                    assertTrue(before >= (long) i * PARTIES - (PARTIES - 1) && before < (i + 1L) * PARTIES, "round " + i + ": " + before);
                }
                barrier.deregister();
            });
            assertEquals(1000 * PARTIES, counter.get(0));
        }
    }

    /** More actors than parties: each round is of whoever comes first, and the late ones learn what became of theirs. */
    @ParameterizedTest
    @EnumSource
    void whoeverComesFirstIsOfTheRound(Actors actors) throws Exception {
        Barrier barrier = actors.barrier(2, Delays.LONG.toMillis(), TimeUnit.MILLISECONDS);
        int rounds = 2000;
        try (SharedCounter counter = SharedCounter.create()) {
            actors.run(PARTIES, _ -> {
                // As many come in all as complete the rounds, so that nobody is left over.
                while (counter.getAndAdd(2, 1) < 2 * rounds) {
                    counter.addAtomically(barrier.await(), 1);
                }
                barrier.deregister();
            });
            assertEquals(rounds, counter.get(0));
            assertEquals(rounds, counter.get(1));
            assertFalse(barrier.isBroken());
        }
    }
}
