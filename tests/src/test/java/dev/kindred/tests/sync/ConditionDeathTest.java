// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

import dev.kindred.OwnerDiedException;
import dev.kindred.internal.crash.CrashPoint;
import dev.kindred.process.ChildProcess;
import dev.kindred.sync.Condition;
import dev.kindred.sync.Lock;
import dev.kindred.sync.RLock;
import dev.kindred.tests.support.Delays;
import dev.kindred.tests.support.Eventually;
import dev.kindred.tests.support.Family;
import dev.kindred.tests.sync.Waiters.Waiter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of conditions when processes die, and when they are merely stopped. */
class ConditionDeathTest {

    private final SharedCounter counter = SharedCounter.create();
    private final Family family = new Family();

    @AfterEach
    void endAll() throws InterruptedException {
        family.end();
        counter.close();
    }

    private static void awaitWaiting(Condition condition, int waiters) {
        Eventually.becomes("the number of waiters is " + waiters, condition::getWaitQueueLength, number -> number == waiters);
    }

    /** Starts a thread that waits once and says how that ended. */
    private static Waiter startWaiter(boolean virtual, java.util.concurrent.locks.Lock lock, Condition condition) {
        int before = condition.getWaitQueueLength();
        Waiter waiter = Waiters.start(virtual, () -> {
            lock.lock();
            try {
                condition.await();
                return "released";
            } finally {
                lock.unlock();
            }
        });
        awaitWaiting(condition, before + 1);
        return waiter;
    }

    /** Starts a child that locks and then does nothing. */
    private ChildProcess startHolder(java.util.concurrent.locks.Lock lock) {
        SharedCounter shared = counter;
        counter.set(0, 0);
        ChildProcess holder = family.start("holder", () -> {
            lock.lock();
            shared.set(0, 1);
            Family.sleepForEver();
        });
        Eventually.holds("the child holds the lock", () -> shared.get(0) == 1);
        return holder;
    }

    private static java.util.concurrent.locks.Lock create(LockKind kind) {
        return kind.create();
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCK", "RLOCK"})
    void theLockOfADeadOwnerIsRefusedToAllWhoWaitedAndHeldByEachMeanwhile(LockKind kind) throws Exception {
        java.util.concurrent.locks.Lock lock = create(kind);
        Condition condition = (Condition) lock.newCondition();
        List<Waiter> waiters = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            waiters.add(startWaiter(i % 2 == 0, lock, condition));
        }
        ChildProcess otherWaiter = family.start("waiter", () -> {
            lock.lock();
            OwnerDiedException death = assertThrows(OwnerDiedException.class, condition::await);
            assertEquals("holder", death.owner().orElseThrow().name());
            lock.unlock();
        });
        awaitWaiting(condition, 5);
        startHolder(lock).kill();
        for (Waiter waiter : waiters) {
            // Had it not held the lock, unlocking would have thrown something else.
            assertEquals("OwnerDiedException", waiter.await());
        }
        Family.awaitEnd(otherWaiter);
        assertEquals("holder", assertThrows(OwnerDiedException.class, lock::lock).owner().orElseThrow().name());
        assertTrue(kind == LockKind.LOCK ? ((Lock) lock).recover() : ((RLock) lock).recover());
        assertEquals(0, condition.getWaitQueueLength());
        assertFalse(condition.await(0, TimeUnit.SECONDS));
        lock.unlock();
        lock.lock();
        lock.unlock();
    }

    /** One of those who waited repairs; to the others it is as if nothing had happened. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoHoldsTheLockOfADeadOwnerRecoversItAtOnce(boolean timed) throws Exception {
        Lock lock = new Lock();
        Condition condition = lock.newCondition();
        AtomicInteger repaired = new AtomicInteger();
        List<Waiter> waiters = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            waiters.add(Waiters.start(i % 2 == 0, () -> {
                lock.lock();
                try {
                    condition.await();
                    return "released";
                } catch (OwnerDiedException e) {
                    assertTrue(timed ? lock.recover(1, TimeUnit.SECONDS) : lock.recover());
                    assertTrue(lock.locked());
                    assertFalse(lock.poisoned());
                    repaired.incrementAndGet();
                    return "repaired";
                } finally {
                    lock.unlock();
                }
            }));
            awaitWaiting(condition, i + 1);
        }
        startHolder(lock).kill();
        assertEquals("repaired", waiters.getFirst().await());
        for (Waiter waiter : waiters.subList(1, 4)) {
            assertEquals("released", waiter.await());
        }
        assertEquals(1, repaired.get());
        lock.lock();
        lock.unlock();
    }

    @Test
    void anRLockIsHeldAsOftenAsBeforeAndRecoveredByNoHoldMore() throws Exception {
        RLock lock = new RLock();
        Condition condition = lock.newCondition();
        Waiter waiter = Waiters.start(false, () -> {
            lock.lock();
            lock.lock();
            assertThrows(OwnerDiedException.class, condition::await);
            assertEquals(2, lock.getHoldCount());
            assertThrows(TimeoutException.class, () -> throwIfHeldByAnother(lock));
            assertTrue(lock.recover());
            assertEquals(2, lock.getHoldCount());
            assertFalse(lock.recover(), "nothing is left to be recovered");
            assertEquals(3, lock.getHoldCount());
            for (int i = 0; i < 3; i++) {
                lock.unlock();
            }
            return "recovered";
        });
        awaitWaiting(condition, 1);
        startHolder(lock).kill();
        assertEquals("recovered", waiter.await());
        assertTrue(lock.tryLock());
        lock.unlock();
    }

    /** What another thread finds that would recover the lock while this one holds it. */
    private static void throwIfHeldByAnother(RLock lock) throws Exception {
        Waiter other = Waiters.start(true, () -> "recovered: " + lock.recover(Delays.SHORT.toNanos(), TimeUnit.NANOSECONDS));
        assertEquals("TimeoutException", other.await());
        throw new TimeoutException();
    }

    @Test
    void aLockThatNobodyRecoveredIsNotPoisonedAgainAfterAnotherDid() throws Exception {
        Lock lock = new Lock();
        Condition condition = lock.newCondition();
        Waiter waiter = startWaiter(false, lock, condition);
        startHolder(lock).kill();
        assertEquals("OwnerDiedException", waiter.await());
        // Another process repairs; what this process knew of the dead owner is void then.
        Family.awaitEnd(family.start("repairer", () -> {
            assertTrue(lock.recover());
            lock.unlock();
        }));
        for (int i = 0; i < 2; i++) {
            lock.lock();
            lock.unlock();
        }
        assertFalse(lock.poisoned());
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCK_TAKE_OVER", "RLOCK_TAKE_OVER"})
    void theWaitForALockThatIsTakenOverJustEnds(LockKind kind) throws Exception {
        java.util.concurrent.locks.Lock lock = create(kind);
        Condition condition = (Condition) lock.newCondition();
        List<Waiter> waiters = List.of(startWaiter(false, lock, condition), startWaiter(true, lock, condition));
        startHolder(lock).kill();
        for (Waiter waiter : waiters) {
            assertEquals("released", waiter.await());
        }
    }

    @Test
    void aDeathEndsAllWaitsForAllConditions() throws Exception {
        List<Waiter> waiters = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Lock lock = new Lock();
            Condition condition = lock.newCondition();
            for (int j = 0; j < 3; j++) {
                waiters.add(startWaiter(j % 2 == 0, lock, condition));
            }
        }
        family.letSomebodyDie();
        for (Waiter waiter : waiters) {
            assertEquals("released", waiter.await());
        }
    }

    @Test
    void aSignalThatItsProcessTookToTheGraveIsMadeUpFor() throws Exception {
        Lock lock = new Lock();
        Condition condition = lock.newCondition();
        ChildProcess child = family.start("waiter", () -> {
            lock.lock();
            condition.await();
            lock.unlock();
        });
        awaitWaiting(condition, 1);
        AtomicInteger looks = new AtomicInteger();
        SharedCounter shared = counter;
        Waiter waiter = Waiters.start(false, () -> {
            lock.lock();
            try {
                condition.waitFor(() -> looks.incrementAndGet() > 0 && shared.get(1) == 2);
                return "has what it waited for";
            } finally {
                lock.unlock();
            }
        });
        awaitWaiting(condition, 2);
        Family.stop(child);
        lock.lock();
        int before = looks.get();
        condition.signal();
        lock.unlock();
        if (Eventually.holdsWithin(Delays.SMALL, () -> looks.get() > before)) {
            // It was this process's turn; so the next is the other's.
            awaitWaiting(condition, 2);
        }
        int then = looks.get();
        lock.lock();
        shared.set(1, 2);
        condition.signal(then > before ? 1 : 0);
        lock.unlock();
        assertFalse(Eventually.holdsWithin(Delays.SHORT, () -> looks.get() > then), "the signal went to the wrong one");
        child.kill();
        assertEquals("has what it waited for", waiter.await());
    }

    @Test
    void aStoppedWaiterHoldsUpNobodyAndGetsItsSignalLater() throws Exception {
        Lock lock = new Lock();
        Condition condition = lock.newCondition();
        ChildProcess child = family.start("waiter", () -> {
            lock.lock();
            assertTrue(condition.await(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS));
            lock.unlock();
        });
        awaitWaiting(condition, 1);
        Waiter waiter = startWaiter(true, lock, condition);
        Family.stop(child);
        lock.lock();
        condition.signalAll();
        lock.unlock();
        assertEquals("released", waiter.await());
        assertEquals(0, condition.getWaitQueueLength());
        Family.resume(child);
        Family.awaitEnd(child);
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCK", "LOCK_TAKE_OVER"})
    void whoDiesBetweenChangeAndSignalOrBetweenMarkAndWakeLeavesNobodyAsleep(LockKind kind) throws Exception {
        for (boolean signals : new boolean[] {false, true}) {
            java.util.concurrent.locks.Lock lock = create(kind);
            Condition condition = (Condition) lock.newCondition();
            SharedCounter shared = counter;
            counter.set(1, 0);
            List<Waiter> waiters = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                waiters.add(Waiters.start(i == 0, () -> {
                    lock.lock();
                    try {
                        return "found it changed: " + condition.waitFor(() -> shared.get(1) == 1);
                    } finally {
                        lock.unlock();
                    }
                }));
            }
            awaitWaiting(condition, 2);
            waiters.forEach(waiter -> Waiters.awaitAsleep(waiter.thread()));
            ChildProcess signaller = family.startDoomed("signaller", CrashPoint.CONDITION_GRANTED, 1, "KILL", () -> {
                lock.lock();
                shared.set(1, 1);
                if (signals) {
                    condition.signal();
                }
                Runtime.getRuntime().halt(7);
            });
            for (Waiter waiter : waiters) {
                assertEquals(kind == LockKind.LOCK ? "OwnerDiedException" : "found it changed: true", waiter.await());
            }
            assertTrue(signaller.join(Delays.LONG));
            assertEquals(signals ? -9 : 7, signaller.exitCode().orElseThrow());
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.MATCH_ANY, names = {"CONDITION_.*", "WAIT_.*", "MUTEX_FREED"})
    void deathAtAnyPointHoldsUpNobody(CrashPoint point) throws Exception {
        for (int passing : new int[] {1, 7}) {
            Lock lock = Lock.takeOver();
            Condition condition = lock.newCondition();
            SharedCounter shared = counter;
            counter.set(0, 0);
            ChildProcess child = family.startDoomed("victim", point, passing, "KILL",
                    () -> takeTurns(lock, condition, shared, 1, Long.MAX_VALUE));
            Waiter other = Waiters.start(true, () -> takeTurns(lock, condition, shared, 0, Long.MAX_VALUE));
            Family.awaitDeath(child);
            // Somebody takes the place of the dead, if only to see that there is something to wait for and to signal.
            long last = counter.get(0) + 200;
            Waiter successor = Waiters.start(false, () -> takeTurns(lock, condition, shared, 1, last));
            ChildProcess third = family.start("third", () -> {
                lock.lock();
                condition.waitFor(() -> shared.get(0) >= last);
                lock.unlock();
            });
            assertEquals("done", successor.await());
            Family.awaitEnd(third);
            other.thread().interrupt();
            assertEquals("InterruptedException", other.await());
            assertEquals(0, condition.getWaitQueueLength());
        }
    }

    /** Counts on whenever it is one's turn, until the count is reached. */
    private static String takeTurns(Lock lock, Condition condition, SharedCounter shared, int turn, long last) throws InterruptedException {
        while (true) {
            lock.lock();
            try {
                condition.waitFor(() -> shared.get(0) % 2 == turn || shared.get(0) >= last);
                if (shared.get(0) >= last) {
                    return "done";
                }
                shared.addUnprotected(0, 1);
                condition.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
