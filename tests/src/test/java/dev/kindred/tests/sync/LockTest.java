// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.ObjectOutputStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import dev.kindred.NotInheritableException;
import dev.kindred.sync.Lock;
import dev.kindred.sync.RLock;
import dev.kindred.tests.support.Delays;
import dev.kindred.tests.support.Eventually;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What locks promise within one process. */
class LockTest {

    @Test
    void aFreeLockIsNotReleasedByAnybody() {
        Lock lock = new Lock();
        IllegalMonitorStateException error = assertThrows(IllegalMonitorStateException.class, lock::unlock);
        assertTrue(error.getMessage().contains("Lock[free]"), error.getMessage());
        assertThrows(IllegalMonitorStateException.class, Lock.handOff()::unlock);
        assertThrows(IllegalMonitorStateException.class, new RLock()::unlock);
        assertTrue(lock.tryLock());
    }

    @Test
    void aLockIsNotReentrant() {
        Lock lock = new Lock();
        lock.lock();
        assertFalse(lock.tryLock());
        lock.unlock();
        assertTrue(lock.tryLock());
    }

    @Test
    void anyThreadOfTheOwnersProcessReleasesALock() throws Exception {
        Lock lock = new Lock();
        lock.lock();
        Thread.ofPlatform().start(lock::unlock).join();
        assertFalse(lock.locked());
    }

    @Test
    void onlyItsOwnerReleasesAnRLock() throws Exception {
        RLock lock = new RLock();
        lock.lock();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread.ofPlatform().start(() -> thrown.set(assertThrows(IllegalMonitorStateException.class, lock::unlock))).join();
        assertTrue(thrown.get().getMessage().contains("RLock[held by thread"), thrown.get().getMessage());
        assertTrue(lock.locked());
        lock.unlock();
    }

    @Test
    void anRLockIsFreeWhenItWasReleasedAsOftenAsItWasLocked() throws Exception {
        RLock lock = new RLock();
        lock.lock();
        assertTrue(lock.tryLock());
        assertTrue(lock.tryLock(1, TimeUnit.SECONDS));
        lock.lockInterruptibly();
        assertFalse(lock.recover(), "nothing is to be recovered of what the caller holds");
        assertEquals(5, lock.getHoldCount());
        for (int i = 0; i < 5; i++) {
            assertTrue(lock.locked());
            assertTrue(lock.isHeldByCurrentThread());
            lock.unlock();
        }
        assertFalse(lock.locked());
        assertEquals(0, lock.getHoldCount());
        assertThrows(IllegalMonitorStateException.class, lock::unlock);
    }

    @Test
    void stateAndOwnerShow() {
        Lock lock = new Lock();
        assertEquals("Lock[free]", lock.toString());
        assertTrue(lock.owner().isEmpty());
        lock.lock();
        assertEquals("Lock[held by this process (main, pid " + ProcessHandle.current().pid() + ")]", lock.toString());
        assertEquals(ProcessHandle.current().pid(), lock.owner().orElseThrow().pid());
        assertTrue(lock.locked());
        assertFalse(lock.poisoned());
        RLock reentrant = new RLock();
        reentrant.lock();
        assertTrue(reentrant.toString().contains(Thread.currentThread().getName()), reentrant.toString());
    }

    @Test
    void recoverOfASoundLockLocksItAndSaysSo() throws Exception {
        Lock lock = new Lock();
        assertFalse(lock.recover());
        assertThrows(TimeoutException.class, () -> lock.recover(Delays.SHORT.toNanos(), TimeUnit.NANOSECONDS));
        lock.unlock();
        assertFalse(lock.recover(1, TimeUnit.SECONDS));
        lock.unlock();
    }

    @ParameterizedTest
    @EnumSource
    void lockedObjectsTravelOnlyAtAStart(LockKind kind) {
        NotInheritableException error = assertThrows(NotInheritableException.class,
                () -> new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(kind.create()));
        assertTrue(error.getMessage().contains("Lock objects are shared with child processes only by inheritance"), error.getMessage());
    }

    private static Thread start(boolean virtual, Runnable task) {
        return virtual ? Thread.startVirtualThread(task) : Thread.ofPlatform().start(task);
    }

    private static void awaitParked(Thread thread) {
        Eventually.holds(thread + " waits", () -> switch (thread.getState()) {
            case WAITING, TIMED_WAITING -> true;
            // A platform thread that sleeps in the kernel by our own call is runnable to the JVM.
            default -> java.util.Arrays.stream(thread.getStackTrace()).anyMatch(frame -> frame.getMethodName().equals("futexWait"));
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anInterruptEndsAnInterruptibleWaitAtOnce(boolean virtual) throws Exception {
        Lock lock = new Lock();
        lock.lock();
        AtomicReference<Object> outcome = new AtomicReference<>();
        Thread waiter = start(virtual, () -> {
            try {
                lock.lockInterruptibly();
                outcome.set("locked");
            } catch (InterruptedException e) {
                outcome.set(Thread.currentThread().isInterrupted() ? "still interrupted" : "interrupted");
            }
        });
        awaitParked(waiter);
        waiter.interrupt();
        assertTrue(waiter.join(Delays.LONG));
        assertEquals("interrupted", outcome.get());
        lock.unlock();
        assertTrue(lock.tryLock(), "the interrupted thread left nothing behind");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anInterruptDoesNotEndAnUninterruptibleWaitAndIsKept(boolean virtual) throws Exception {
        Lock lock = new Lock();
        lock.lock();
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread waiter = start(virtual, () -> {
            lock.lock();
            interrupted.set(Thread.currentThread().isInterrupted());
            lock.unlock();
        });
        awaitParked(waiter);
        waiter.interrupt();
        assertFalse(waiter.join(Delays.SHORT));
        lock.unlock();
        assertTrue(waiter.join(Delays.LONG));
        assertTrue(interrupted.get());
    }

    @Test
    void anInterruptedThreadDoesNotLockInterruptibly() {
        Lock lock = new Lock();
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, lock::lockInterruptibly);
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> lock.tryLock(1, TimeUnit.SECONDS));
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> lock.recover(1, TimeUnit.SECONDS));
        assertFalse(Thread.interrupted());
        assertFalse(lock.locked());
    }

    @Test
    void waitersThatGiveUpDoNotTakeAWakeUpWithThem() throws Exception {
        Lock lock = new Lock();
        for (int round = 0; round < 200; round++) {
            lock.lock();
            List<Thread> waiters = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                boolean gives = i % 2 == 0;
                waiters.add(start(i < 2, () -> {
                    if (gives) {
                        try {
                            lock.lockInterruptibly();
                            lock.unlock();
                        } catch (InterruptedException _) {
                            return;
                        }
                    } else {
                        lock.lock();
                        lock.unlock();
                    }
                }));
            }
            waiters.get(0).interrupt();
            lock.unlock();
            waiters.get(2).interrupt();
            for (Thread waiter : waiters) {
                assertTrue(waiter.join(Delays.LONG), "round " + round + ": " + waiter + " sleeps, though the lock is " + lock);
            }
        }
    }

    @Test
    void virtualThreadsThatWaitHoldNoCarriers() throws Exception {
        int count = 500;
        List<Lock> locks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Lock lock = new Lock();
            lock.lock();
            locks.add(lock);
        }
        int before = ManagementFactory.getThreadMXBean().getThreadCount();
        CountDownLatch done = new CountDownLatch(count);
        List<Thread> waiters = new ArrayList<>();
        for (Lock lock : locks) {
            waiters.add(Thread.startVirtualThread(() -> {
                lock.lock();
                lock.unlock();
                done.countDown();
            }));
        }
        waiters.forEach(LockTest::awaitParked);
        int more = ManagementFactory.getThreadMXBean().getThreadCount() - before;
        assertTrue(more <= count / 125 + 30, count + " waiting virtual threads took " + more + " more platform threads");
        locks.forEach(Lock::unlock);
        assertTrue(done.await(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS), done.getCount() + " were not woken");
    }
}
