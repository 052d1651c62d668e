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

import dev.kindred.OwnerDiedException;
import dev.kindred.internal.crash.CrashPoint;
import dev.kindred.process.ChildProcess;
import dev.kindred.sync.Lock;
import dev.kindred.sync.RLock;
import dev.kindred.tests.support.Delays;
import dev.kindred.tests.support.Eventually;
import dev.kindred.tests.support.Family;
import dev.kindred.tests.support.Posix;
import jnr.constants.platform.Signal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of locks when processes die, and when they are merely stopped. */
class LockDeathTest {

    private final SharedCounter counter = SharedCounter.create();
    private final Family family = new Family();

    @AfterEach
    void endAll() throws InterruptedException {
        family.end();
        counter.close();
    }

    /** Starts a child that locks and then does nothing. */
    private ChildProcess startHolder(String name, java.util.concurrent.locks.Lock lock) {
        SharedCounter shared = counter;
        ChildProcess holder = family.start(name, () -> {
            lock.lock();
            shared.set(0, 1);
            Family.sleepForEver();
        });
        Eventually.holds(name + " holds the lock", () -> shared.get(0) == 1);
        return holder;
    }

    @Test
    void aKilledOwnerPoisonsItsLockForAllUntilOneRecoversIt() throws Exception {
        Lock lock = new Lock();
        ChildProcess holder = startHolder("holder", lock);
        long pid = holder.pid();
        assertEquals("holder", lock.owner().orElseThrow().name());
        holder.kill();
        OwnerDiedException death = assertThrows(OwnerDiedException.class, lock::lock);
        assertEquals("holder", death.owner().orElseThrow().name());
        assertEquals(pid, death.owner().orElseThrow().pid());
        assertTrue(death.getMessage().contains("holder (pid " + pid + ")"), death.getMessage());
        assertTrue(lock.poisoned());
        assertTrue(lock.locked());
        assertTrue(lock.toString().startsWith("Lock[poisoned, owner ended: holder (pid"), lock.toString());
        assertThrows(OwnerDiedException.class, lock::tryLock);
        assertThrows(OwnerDiedException.class, () -> lock.tryLock(1, TimeUnit.SECONDS));
        assertThrows(OwnerDiedException.class, lock::lockInterruptibly);
        assertThrows(IllegalMonitorStateException.class, lock::unlock);
        assertTrue(lock.recover());
        assertFalse(lock.poisoned());
        assertFalse(lock.tryLock());
        lock.unlock();
        lock.lock();
        lock.unlock();
    }

    @Test
    void anOwnerThatEndsByItselfPoisonsItsLockToo() throws Exception {
        Lock lock = new Lock();
        family.start("leaver", lock::lock).join();
        assertThrows(OwnerDiedException.class, lock::lock);
        RLock reentrant = new RLock();
        family.start("exiter", () -> {
            reentrant.lock();
            System.exit(3);
        }).join();
        assertThrows(OwnerDiedException.class, reentrant::tryLock);
        assertTrue(reentrant.recover());
        reentrant.unlock();
    }

    @Test
    void aLockThatIsTakenOverGoesToTheNextSilently() throws Exception {
        for (java.util.concurrent.locks.Lock lock : List.of(Lock.takeOver(), RLock.takeOver())) {
            family.start("leaver", lock::lock).join();
            assertTrue(lock.tryLock(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS));
            lock.unlock();
        }
    }

    @Test
    void aLockWithoutOwnerStaysLockedAndIsReleasedByAnother() throws Exception {
        Lock lock = Lock.handOff();
        family.start("leaver", lock::lock).join();
        assertTrue(lock.locked());
        assertFalse(lock.tryLock(Delays.SHORT.toNanos(), TimeUnit.NANOSECONDS));
        assertFalse(lock.poisoned());
        lock.unlock();
        assertTrue(lock.tryLock());
    }

    @Test
    void anotherProcessDoesNotReleaseALock() throws Exception {
        Lock lock = new Lock();
        lock.lock();
        ChildProcess thief = family.start("thief", () -> assertThrows(IllegalMonitorStateException.class, lock::unlock));
        thief.join();
        assertEquals(0, thief.exitCode().orElseThrow());
        assertTrue(lock.locked());
        lock.unlock();
    }

    @Test
    void ofManyWhoRecoverOneIsToldToRepair() throws Exception {
        Lock lock = new Lock();
        startHolder("holder", lock).kill();
        Eventually.holds("the lock is poisoned", lock::poisoned);
        SharedCounter shared = counter;
        Actors.PROCESSES.run(3, _ -> {
            boolean repairs = lock.recover();
            shared.addUnprotected(1, repairs ? 1 : 0);
            lock.unlock();
            shared.addAtomically(2, 1);
        });
        assertEquals(3, counter.get(2));
        assertEquals(1, counter.get(1));
    }

    @Test
    void whoDiesRecoveringLeavesItToTheNext() throws Exception {
        Lock lock = new Lock();
        startHolder("holder", lock).kill();
        SharedCounter shared = counter;
        ChildProcess recoverer = family.start("recoverer", () -> {
            shared.set(1, lock.recover() ? 1 : 2);
            Family.sleepForEver();
        });
        Eventually.holds("the recoverer holds the lock", () -> shared.get(1) != 0);
        assertEquals(1, counter.get(1));
        recoverer.kill();
        assertEquals("recoverer", assertThrows(OwnerDiedException.class, lock::lock).owner().orElseThrow().name());
        assertTrue(lock.recover());
        lock.unlock();
    }

    @Test
    void aStoppedOwnerIsNotTakenForDead() throws Exception {
        Lock lock = new Lock();
        SharedCounter shared = counter;
        ChildProcess holder = family.start("holder", () -> {
            lock.lock();
            shared.set(0, 1);
            Eventually.holds("the parent says so", () -> shared.get(1) == 1);
            lock.unlock();
            Family.sleepForEver();
        });
        Eventually.holds("the child holds the lock", () -> shared.get(0) == 1);
        Posix.kill(holder.pid(), Signal.SIGSTOP);
        // Another death makes everybody look at who lives.
        ChildProcess passerBy = family.start("passer-by", () -> shared.set(2, 1));
        passerBy.join();
        assertFalse(lock.tryLock(Delays.SMALL.toNanos(), TimeUnit.NANOSECONDS));
        assertFalse(lock.poisoned());
        Posix.kill(holder.pid(), Signal.SIGCONT);
        shared.set(1, 1);
        lock.lock();
        lock.unlock();
    }

    @ParameterizedTest
    @ValueSource(strings = {"WAIT_ANNOUNCED", "WAIT_WOKEN"})
    void aWaiterThatDiesTakesNothingWithIt(String point) throws Exception {
        Lock lock = new Lock();
        lock.lock();
        ChildProcess waiter = family.startDoomed("waiter", CrashPoint.valueOf(point), 1, "KILL", lock::lock);
        Eventually.holds("the waiter says that it sleeps", () -> LockWords.hasWaiters(lock));
        List<Thread> others = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            others.add(Thread.ofPlatform().start(() -> {
                lock.lock();
                lock.unlock();
            }));
        }
        lock.unlock();
        for (Thread other : others) {
            assertTrue(other.join(Delays.LONG), "a thread sleeps, though the lock is " + lock);
        }
        Family.awaitDeath(waiter);
        assertTrue(lock.tryLock(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS));
        lock.unlock();
    }

    @Test
    void whoDiesBetweenReleasingAndWakingLeavesNobodyAsleep() throws Exception {
        SharedCounter shared = counter;
        Lock lock = new Lock();
        ChildProcess holder = family.startDoomed("holder", CrashPoint.MUTEX_FREED, 1, "KILL", () -> {
            lock.lock();
            shared.set(0, 1);
            Eventually.holds("the parent waits", () -> shared.get(1) == 1);
            lock.unlock();
        });
        Eventually.holds("the child holds the lock", () -> shared.get(0) == 1);
        Thread waiter = Thread.ofPlatform().start(() -> {
            lock.lock();
            lock.unlock();
        });
        Eventually.holds("the waiter sleeps in the kernel", () -> java.util.Arrays.stream(waiter.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("futexWait")));
        shared.set(1, 1);
        assertTrue(waiter.join(Delays.LONG), "the waiter sleeps, though the lock is " + lock);
        assertTrue(holder.join(Delays.LONG));
        assertEquals(-9, holder.exitCode().orElseThrow());
    }

    @Test
    void aWholeFamilyThatDiesAtOnceIsFound() throws Exception {
        SharedCounter shared = counter;
        List<Lock> locks = List.of(new Lock(), new Lock(), new Lock(), new Lock());
        ChildProcess elder = family.start("elder", () -> {
            for (int i = 1; i < locks.size(); i++) {
                Lock held = locks.get(i);
                ChildProcess.builder().maxHeap(32 << 20).start(() -> {
                    held.lock();
                    shared.addAtomically(0, 1);
                    Family.sleepForEver();
                });
            }
            locks.get(0).lock();
            shared.addAtomically(0, 1);
            Family.sleepForEver();
        });
        Eventually.holds("all hold their locks", () -> shared.get(0) == locks.size());
        elder.kill();
        for (Lock lock : locks) {
            Eventually.holds("a lock of a dead family is poisoned", lock::poisoned);
            assertThrows(OwnerDiedException.class, lock::lock);
            assertTrue(lock.recover());
            lock.unlock();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"RECOVERY_END_SEEN", "RECOVERY_MARKED_DEAD", "RECOVERY_EPOCH_RAISED", "RECOVERY_SLEEPERS_WOKEN", "RECOVERY_LEASED",
        "RECOVERY_SPACE_RECOVERED"})
    void aRecovererThatDiesOrStopsHalfWayHoldsUpNobody(String point) throws Exception {
        for (String end : List.of("KILL", "STOP")) {
            Lock lock = new Lock();
            counter.set(0, 0);
            counter.set(1, 0);
            SharedCounter shared = counter;
            // The recoverer is the parent of the victim and notices its death first or second; either way it gets to the point or there is
            // nothing left for it to do.
            ChildProcess recoverer = family.startUnderSentence("recoverer", CrashPoint.valueOf(point), 1, end, () -> {
                ChildProcess victim = ChildProcess.builder().maxHeap(32 << 20).start(() -> {
                    lock.lock();
                    shared.set(0, 1);
                    Family.sleepForEver();
                });
                Eventually.holds("the victim holds the lock", () -> shared.get(0) == 1);
                shared.set(1, 1);
                CrashPoint.countFromHere();
                victim.kill();
                Family.sleepForEver();
            });
            Eventually.holds("the victim is being killed", () -> shared.get(1) == 1);
            assertThrows(OwnerDiedException.class, () -> lock.tryLock(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS));
            assertTrue(lock.recover());
            lock.unlock();
            recoverer.kill();
            recoverer.join();
        }
    }
}
