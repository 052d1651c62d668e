// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.stream.Stream;

import dev.kindred.tests.support.Delays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every kind of lock promises to every kind of actor. */
class LockContractTest {

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
        return Stream.of(Actors.values()).flatMap(actors -> Stream.of(LockKind.values()).map(kind -> Arguments.of(actors, kind)));
    }

    @ParameterizedTest
    @MethodSource("all")
    void whatIsDoneUnderTheLockIsDoneByOneAtATimeAndSeenByTheNext(Actors actors, LockKind kind) throws Exception {
        Lock lock = actors.lock(kind);
        try (SharedCounter counter = SharedCounter.create()) {
            actors.run(ACTORS, _ -> {
                for (int i = 0; i < ROUNDS; i++) {
                    lock.lock();
                    try {
                        counter.addUnprotected(0, 1);
                    } finally {
                        lock.unlock();
                    }
                }
            });
            assertEquals(ACTORS * ROUNDS, counter.get(0));
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void thoseWhoTryExcludeEachOtherToo(Actors actors, LockKind kind) throws Exception {
        Lock lock = actors.lock(kind);
        try (SharedCounter counter = SharedCounter.create()) {
            actors.run(ACTORS, actor -> {
                for (int i = 0; i < ROUNDS / 10; i++) {
                    boolean held = actor % 2 == 0 ? lock.tryLock() : lock.tryLock(Delays.SHORT.toNanos(), TimeUnit.NANOSECONDS);
                    if (held) {
                        try {
                            counter.addUnprotected(0, 1);
                        } finally {
                            lock.unlock();
                        }
                        counter.addAtomically(1, 1);
                    }
                }
            });
            assertTrue(counter.get(0) > 0);
            assertEquals(counter.get(1), counter.get(0));
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void whoWaitsForAHeldLockGivesUpAtItsDeadlineAndNotBefore(Actors actors, LockKind kind) throws Exception {
        Lock lock = actors.lock(kind);
        lock.lock();
        actors.run(2, _ -> {
            assertFalse(lock.tryLock());
            assertFalse(lock.tryLock(0, TimeUnit.SECONDS));
            assertFalse(lock.tryLock(-1, TimeUnit.SECONDS));
            long start = System.nanoTime();
            assertFalse(lock.tryLock(Delays.SHORT.toNanos(), TimeUnit.NANOSECONDS));
            long waited = System.nanoTime() - start;
            assertTrue(waited >= Delays.SHORT.toNanos(), "waited only " + waited + " ns");
        });
        lock.unlock();
        assertTrue(lock.tryLock());
        lock.unlock();
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyActorGetsTheLockThatItWaitsFor(Actors actors, LockKind kind) throws Exception {
        Lock lock = actors.lock(kind);
        try (SharedCounter counter = SharedCounter.create()) {
            actors.run(ACTORS, actor -> {
                // Each leaves only when all have had the lock: one that starved would hang here until the test's deadline.
                boolean had = false;
                while (counter.get(0) < ACTORS) {
                    if (lock.tryLock(Delays.LONG.toNanos(), TimeUnit.NANOSECONDS)) {
                        counter.addUnprotected(0, had ? 0 : 1);
                        had = true;
                        lock.unlock();
                    }
                }
            });
            assertEquals(ACTORS, counter.get(0));
        }
    }
}
