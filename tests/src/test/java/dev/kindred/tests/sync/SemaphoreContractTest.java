// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import dev.kindred.tests.support.Delays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every kind of semaphore promises to every kind of actor. */
class SemaphoreContractTest {

    private static final int ACTORS = 4;
    private static final int ROUNDS = 5_000;

    @BeforeAll
    static void startStrangers() {
        Strangers.startShared();
    }

    @AfterAll
    static void endStrangers() {
        Strangers.endShared();
    }

    static Stream<Arguments> all() {
        return Stream.of(Actors.values()).flatMap(actors -> Stream.of(SemaphoreKind.values()).map(kind -> Arguments.of(actors, kind)));
    }

    /** Those whose permits anybody may release, taken or not. */
    static Stream<Arguments> allThatSignal() {
        return all().filter(arguments -> arguments.get()[1] != SemaphoreKind.ROBUST);
    }

    @ParameterizedTest
    @MethodSource("all")
    void whatIsDoneWithTheOnlyPermitIsDoneByOneAtATimeAndSeenByTheNext(Actors actors, SemaphoreKind kind) throws Exception {
        try (AnySemaphore semaphore = actors.semaphore(kind, 1); SharedCounter counter = SharedCounter.create()) {
            actors.run(ACTORS, _ -> {
                for (int i = 0; i < ROUNDS; i++) {
                    semaphore.acquire();
                    try {
                        counter.addUnprotected(0, 1);
                    } finally {
                        semaphore.release();
                    }
                }
            });
            assertEquals(ACTORS * ROUNDS, counter.get(0));
            assertEquals(1, semaphore.getValue());
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void neverAreMorePermitsOutThanThereAreAndAllComeBack(Actors actors, SemaphoreKind kind) throws Exception {
        int permits = 2;
        try (AnySemaphore semaphore = actors.semaphore(kind, permits); SharedCounter counter = SharedCounter.create()) {
            actors.run(ACTORS, actor -> {
                for (int i = 0; i < ROUNDS; i++) {
                    boolean taken = switch ((i + actor) % 3) {
                        case 0 -> semaphore.tryAcquire();
                        case 1 -> semaphore.tryAcquire(20, TimeUnit.MICROSECONDS);
                        default -> {
                            semaphore.acquireUninterruptibly();
                            yield true;
                        }
                    };
                    if (taken) {
                        long inside = counter.getAndAdd(0, 1) + 1;
                        counter.addAtomically(0, -1);
                        semaphore.release();
                        assertTrue(inside <= permits, inside + " of " + permits + " permits are out");
                        counter.addAtomically(1, 1);
                    }
                }
            });
            assertTrue(counter.get(1) >= ACTORS * ROUNDS / 3, "a third waits without limit: " + counter.get(1));
            assertEquals(permits, semaphore.getValue());
        }
    }

    /** The five forms of CPython's _TestSemaphore.test_timeout. */
    @ParameterizedTest
    @MethodSource("all")
    void whoAsksWhereThereIsNoPermitGivesUpAtTheDeadlineAndNotBefore(Actors actors, SemaphoreKind kind) throws Exception {
        try (AnySemaphore semaphore = actors.semaphore(kind, 1)) {
            semaphore.acquire();
            actors.run(2, _ -> {
                assertTrue(semaphore.locked());
                assertFalse(semaphore.tryAcquire());
                assertFalse(semaphore.tryAcquire(0, TimeUnit.SECONDS));
                assertFalse(semaphore.tryAcquire(-1, TimeUnit.SECONDS));
                long start = System.nanoTime();
                assertFalse(semaphore.tryAcquire(Delays.SHORT.toNanos(), TimeUnit.NANOSECONDS));
                long waited = System.nanoTime() - start;
                assertTrue(waited >= Delays.SHORT.toNanos(), "waited only " + waited + " ns");
                assertFalse(semaphore.tryAcquire(1, TimeUnit.NANOSECONDS));
            });
            semaphore.release();
            assertTrue(semaphore.tryAcquire(Long.MAX_VALUE, TimeUnit.DAYS));
            assertEquals(0, semaphore.getValue());
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyActorGetsThePermitThatItWaitsFor(Actors actors, SemaphoreKind kind) throws Exception {
        try (AnySemaphore semaphore = actors.semaphore(kind, 1); SharedCounter counter = SharedCounter.create()) {
            actors.run(ACTORS, _ -> {
                // Each leaves only when all have had the permit: one that starved would hang here until the test's deadline.
                boolean had = false;
                while (counter.get(0) < ACTORS) {
                    if (semaphore.tryAcquire(Delays.LONG.toNanos(), TimeUnit.NANOSECONDS)) {
                        counter.addUnprotected(0, had ? 0 : 1);
                        had = true;
                        semaphore.release();
                    }
                }
            });
            assertEquals(ACTORS, counter.get(0));
        }
    }

    /** Without a pause the other one is still spinning, with one it sleeps. */
    @ParameterizedTest
    @MethodSource("allThatSignal")
    void aPermitIsReleasedByOneAndTakenByAnother(Actors actors, SemaphoreKind kind) throws Exception {
        try (AnySemaphore ping = actors.semaphore(kind, 1); AnySemaphore pong = actors.semaphore(kind, 1); SharedCounter counter = SharedCounter.create()) {
            ping.acquire();
            pong.acquire();
            actors.run(2, actor -> {
                for (int i = 0; i < 1_000; i++) {
                    if (actor == 0) {
                        counter.addUnprotected(0, 1);
                        ping.release();
                        pong.acquire();
                    } else {
                        ping.acquire();
                        counter.addUnprotected(0, 1);
                        if (i % 10 == 0) {
                            LockSupport.parkNanos(100_000);
                        }
                        pong.release();
                    }
                }
            });
            assertEquals(2_000, counter.get(0));
            assertEquals(0, ping.getValue());
            assertEquals(0, pong.getValue());
        }
    }
}
