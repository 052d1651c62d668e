// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.stream.Stream;

import dev.kindred.sync.Condition;
import dev.kindred.tests.support.Delays;
import dev.kindred.tests.support.Eventually;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a condition of a lock, reentrant or not, promises to every kind of actor. The end of a process ends waits spuriously, so where
 * waits are counted no actor ends before all are done.
 */
class ConditionContractTest {

    private static final int WAITERS = 3;

    @BeforeAll
    static void startStrangers() {
        Strangers.startShared();
    }

    @AfterAll
    static void endStrangers() {
        Strangers.endShared();
    }

    static Stream<Arguments> all() {
        // The other kinds differ only where somebody dies.
        return Stream.of(Actors.values())
                .flatMap(actors -> Stream.of(LockKind.LOCK, LockKind.RLOCK).map(kind -> Arguments.of(actors, kind)));
    }

    /** Waits until so many wait, and returns with the lock held. */
    private static void lockWhenWaiting(Lock lock, Condition condition, int waiters) {
        Eventually.becomes("the number of waiters is " + waiters, condition::getWaitQueueLength, number -> number == waiters);
        lock.lock();
        assertEquals(waiters, condition.getWaitQueueLength());
    }

    private static void assertStays(long expected, SharedCounter counter, int index) {
        assertFalse(Eventually.holdsWithin(Delays.SHORT, () -> counter.get(index) != expected),
                () -> "expected to stay " + expected + ": " + counter.get(index));
    }

    @ParameterizedTest
    @MethodSource("all")
    void aSignalReleasesAsManyAsItSays(Actors actors, LockKind kind) throws Exception {
        Lock lock = actors.lock(kind);
        Condition condition = actors.condition(lock);
        try (SharedCounter counter = SharedCounter.create()) {
            actors.run(1 + WAITERS, actor -> {
                if (actor == 0) {
                    lockWhenWaiting(lock, condition, WAITERS);
                    condition.signal();
                    assertEquals(WAITERS - 1, condition.getWaitQueueLength());
                    lock.unlock();
                    Eventually.holds("one was released", () -> counter.get(0) == 1);
                    assertStays(1, counter, 0);
                    lock.lock();
                    condition.signal(0);
                    condition.signal(2);
                    lock.unlock();
                    Eventually.holds("two more were released", () -> counter.get(0) == WAITERS);
                    lock.lock();
                    condition.signal(5);
                    assertEquals(0, condition.getWaitQueueLength());
                    lock.unlock();
                    counter.set(1, 1);
                } else {
                    lock.lock();
                    try {
                        condition.await();
                        counter.addUnprotected(0, 1);
                    } finally {
                        lock.unlock();
                    }
                    Eventually.holds("all are done", () -> counter.get(1) == 1);
                }
            });
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void whoGaveUpIsCountedNoMoreAndAllOthersAreReleasedAtOnce(Actors actors, LockKind kind) throws Exception {
        Lock lock = actors.lock(kind);
        Condition condition = actors.condition(lock);
        try (SharedCounter counter = SharedCounter.create()) {
            actors.run(1 + WAITERS, actor -> {
                if (actor == 0) {
                    Eventually.holds("all gave up", () -> counter.get(0) == WAITERS);
                    lockWhenWaiting(lock, condition, WAITERS);
                    condition.signalAll();
                    assertEquals(0, condition.getWaitQueueLength());
                    lock.unlock();
                    Eventually.holds("all were released", () -> counter.get(1) == WAITERS);
                    counter.set(2, 1);
                } else {
                    lock.lock();
                    try {
                        assertFalse(condition.await(Delays.SHORT.toNanos(), TimeUnit.NANOSECONDS));
                        counter.addUnprotected(0, 1);
                        assertTrue(condition.await(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS));
                        counter.addUnprotected(1, 1);
                    } finally {
                        lock.unlock();
                    }
                    Eventually.holds("all are done", () -> counter.get(2) == 1);
                }
            });
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void aWaitEndsAtItsDeadlineAndNotBefore(Actors actors, LockKind kind) throws Exception {
        Lock lock = actors.lock(kind);
        Condition condition = actors.condition(lock);
        try (SharedCounter counter = SharedCounter.create()) {
            actors.run(2, _ -> {
                lock.lock();
                try {
                    assertFalse(condition.await(0, TimeUnit.SECONDS));
                    assertFalse(condition.await(-1, TimeUnit.SECONDS));
                    assertTrue(condition.awaitNanos(0) <= 0);
                    long start = System.nanoTime();
                    assertFalse(condition.await(Delays.SHORT.toNanos(), TimeUnit.NANOSECONDS));
                    assertTrue(condition.awaitNanos(Delays.SHORT.toNanos()) <= 0);
                    long waited = System.nanoTime() - start;
                    assertTrue(waited >= 2 * Delays.SHORT.toNanos(), "waited only " + waited + " ns");
                } finally {
                    lock.unlock();
                }
                counter.addAtomically(0, 1);
                Eventually.holds("both are done", () -> counter.get(0) == 2);
            });
        }
        assertEquals(0, condition.getWaitQueueLength());
    }

    @ParameterizedTest
    @MethodSource("all")
    void whoWaitsForSomethingReturnsWhenItIsTrue(Actors actors, LockKind kind) throws Exception {
        Lock lock = actors.lock(kind);
        Condition condition = actors.condition(lock);
        try (SharedCounter counter = SharedCounter.create()) {
            actors.run(1 + WAITERS, actor -> {
                if (actor == 0) {
                    for (int i = 1; i <= 4; i++) {
                        lockWhenWaiting(lock, condition, WAITERS);
                        counter.set(0, i);
                        condition.signalAll();
                        lock.unlock();
                        Eventually.holds("all looked", () -> counter.get(1) >= WAITERS || condition.getWaitQueueLength() == WAITERS);
                    }
                    Eventually.holds("all are through", () -> counter.get(1) == WAITERS);
                } else {
                    lock.lock();
                    try {
                        if (actor % 2 == 0) {
                            assertTrue(condition.waitFor(() -> counter.get(0) == 4));
                        } else {
                            assertTrue(condition.waitFor(() -> counter.get(0) == 4, Delays.LONG.toMillis(), TimeUnit.MILLISECONDS));
                        }
                        counter.addUnprotected(1, 1);
                    } finally {
                        lock.unlock();
                    }
                    Eventually.holds("all are through", () -> counter.get(1) == WAITERS);
                }
            });
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void whoWaitsForSomethingInVainIsToldSo(Actors actors, LockKind kind) throws Exception {
        Lock lock = actors.lock(kind);
        Condition condition = actors.condition(lock);
        actors.run(1, _ -> {
            lock.lock();
            try {
                long start = System.nanoTime();
                assertFalse(condition.waitFor(() -> false, Delays.SMALL.toNanos(), TimeUnit.NANOSECONDS));
                assertTrue(System.nanoTime() - start >= Delays.SMALL.toNanos());
                assertFalse(condition.waitFor(() -> false, 0, TimeUnit.NANOSECONDS));
                assertTrue(condition.waitFor(() -> true, 0, TimeUnit.NANOSECONDS));
            } finally {
                lock.unlock();
            }
        });
    }

    @ParameterizedTest
    @MethodSource("all")
    void whatIsHandedOnUnderTheLockArrivesOnce(Actors actors, LockKind kind) throws Exception {
        Lock lock = actors.lock(kind);
        Condition notFull = actors.condition(lock);
        Condition notEmpty = actors.condition(lock);
        int rounds = 2_000;
        try (SharedCounter counter = SharedCounter.create()) {
            // 0: items in the buffer of two; 1: items taken; 2: sum of what was taken; 3: the last item made.
            actors.run(4, actor -> {
                for (int i = 0; i < rounds; i++) {
                    lock.lock();
                    try {
                        if (actor % 2 == 0) {
                            notFull.waitFor(() -> counter.get(0) < 2);
                            counter.addUnprotected(3, 1);
                            counter.addUnprotected(0, 1);
                            notEmpty.signal();
                        } else {
                            notEmpty.waitFor(() -> counter.get(0) > 0);
                            counter.addUnprotected(0, -1);
                            counter.addUnprotected(1, 1);
                            notFull.signal();
                        }
                    } finally {
                        lock.unlock();
                    }
                }
            });
            assertEquals(0, counter.get(0));
            assertEquals(2 * rounds, counter.get(1));
            assertEquals(2 * rounds, counter.get(3));
        }
    }

    /** Signals are given only while somebody waits, so as many waits must end by a signal as were given. */
    @ParameterizedTest
    @MethodSource("all")
    void noSignalIsLostOnThoseWhoGiveUp(Actors actors, LockKind kind) throws Exception {
        Lock lock = actors.lock(kind);
        Condition condition = actors.condition(lock);
        int signals = 2_000;
        try (SharedCounter counter = SharedCounter.create()) {
            // 0: signals given; 1: waits that were signalled; 2: waits that were not; 3: all signals given; 4: actors that are done.
            actors.run(1 + WAITERS, actor -> {
                if (actor == 0) {
                    while (counter.get(0) < signals) {
                        lock.lock();
                        int give = Math.min(condition.getWaitQueueLength(), 1 + (int) counter.get(0) % 2);
                        condition.signal(give);
                        counter.addUnprotected(0, give);
                        lock.unlock();
                    }
                    counter.set(3, 1);
                } else {
                    for (int i = 0; counter.get(3) == 0; i++) {
                        lock.lock();
                        try {
                            boolean signalled = condition.await(1_000L * (i % 64), TimeUnit.NANOSECONDS);
                            counter.addUnprotected(signalled ? 1 : 2, 1);
                        } finally {
                            lock.unlock();
                        }
                    }
                }
                counter.addAtomically(4, 1);
                Eventually.holds("all are done", () -> counter.get(4) == 1 + WAITERS);
            });
            assertEquals(counter.get(0), counter.get(1));
            assertTrue(counter.get(2) > 0, "nobody gave up");
            assertEquals(0, condition.getWaitQueueLength());
        }
    }
}
