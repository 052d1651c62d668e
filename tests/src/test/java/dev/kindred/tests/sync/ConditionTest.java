// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.ObjectOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import dev.kindred.NotInheritableException;
import dev.kindred.process.ChildProcess;
import dev.kindred.sync.Condition;
import dev.kindred.sync.Lock;
import dev.kindred.sync.RLock;
import dev.kindred.tests.support.Delays;
import dev.kindred.tests.support.Eventually;
import dev.kindred.tests.sync.Waiters.Waiter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What conditions promise where no process dies. */
class ConditionTest {

    private final RLock lock = new RLock();
    private final Condition condition = lock.newCondition();

    private Waiter startWaiter(boolean virtual, String name, List<String> order) {
        int before = condition.getWaitQueueLength();
        Waiter waiter = Waiters.start(virtual, () -> {
            lock.lock();
            try {
                condition.await();
                order.add(name);
            } finally {
                lock.unlock();
            }
            return "signalled";
        });
        Eventually.holds(name + " waits", () -> condition.getWaitQueueLength() == before + 1);
        return waiter;
    }

    private void signal(int count) {
        lock.lock();
        condition.signal(count);
        lock.unlock();
    }

    @Test
    void whoDoesNotHoldTheLockMayNotUseIt() throws Exception {
        for (java.util.concurrent.locks.Lock each : List.of(new Lock(), new RLock())) {
            Condition its = (Condition) each.newCondition();
            assertThrows(IllegalMonitorStateException.class, its::await);
            assertThrows(IllegalMonitorStateException.class, its::awaitUninterruptibly);
            assertThrows(IllegalMonitorStateException.class, () -> its.await(1, TimeUnit.SECONDS));
            assertThrows(IllegalMonitorStateException.class, () -> its.awaitNanos(1));
            assertThrows(IllegalMonitorStateException.class, () -> its.awaitUntil(Date.from(Instant.now())));
            assertThrows(IllegalMonitorStateException.class, () -> its.waitFor(() -> true));
            assertThrows(IllegalMonitorStateException.class, () -> its.waitFor(() -> true, 1, TimeUnit.SECONDS));
            assertThrows(IllegalMonitorStateException.class, its::signal);
            assertThrows(IllegalMonitorStateException.class, () -> its.signal(2));
            IllegalMonitorStateException error = assertThrows(IllegalMonitorStateException.class, its::signalAll);
            assertTrue(error.getMessage().contains("Lock[free]"), error.getMessage());
            assertFalse(its.toString().isEmpty());
        }
        lock.lock();
        assertEquals("IllegalMonitorStateException", Waiters.start(false, () -> {
            condition.signal();
            return "signalled";
        }).await());
        lock.unlock();
    }

    @Test
    void aLockThatIsHandedOffHasNone() {
        UnsupportedOperationException error = assertThrows(UnsupportedOperationException.class, Lock.handOff()::newCondition);
        assertTrue(error.getMessage().contains("has no owner"), error.getMessage());
    }

    @Test
    void nobodyIsReleasedByANegativeNumber() {
        lock.lock();
        IllegalArgumentException error = assertThrows(IllegalArgumentException.class, () -> condition.signal(-1));
        assertTrue(error.getMessage().contains("-1"), error.getMessage());
        condition.signal();
        condition.signalAll();
        assertFalse(Eventually.holdsWithin(Delays.SHORT, () -> condition.getWaitQueueLength() != 0));
        lock.unlock();
    }

    @Test
    void aWaitLetsGoOfAllHoldsAndGetsThemBack() throws Exception {
        Waiter waiter = Waiters.start(false, () -> {
            for (int i = 0; i < 3; i++) {
                lock.lock();
            }
            condition.await();
            int holds = lock.getHoldCount();
            assertFalse(condition.await(0, TimeUnit.SECONDS));
            assertEquals(holds, lock.getHoldCount());
            for (int i = 0; i < holds; i++) {
                lock.unlock();
            }
            return holds + " holds, then " + lock.getHoldCount();
        });
        Eventually.holds("it waits", () -> condition.getWaitQueueLength() == 1);
        assertEquals("Condition[1 waiting, of RLock[free]]", condition.toString());
        assertTrue(lock.tryLock());
        condition.signal();
        lock.unlock();
        assertEquals("3 holds, then 0", waiter.await());
        assertFalse(lock.locked());
    }

    @Test
    void oneLockHasSeveralThatDoNotDisturbEachOther() throws Exception {
        Condition other = lock.newCondition();
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        Waiter waiter = startWaiter(false, "first", order);
        lock.lock();
        other.signalAll();
        lock.unlock();
        assertFalse(waiter.thread().join(Delays.SHORT));
        signal(1);
        assertEquals("signalled", waiter.await());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoWaitedLongestIsReleasedFirst(boolean virtual) throws Exception {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        List<Waiter> waiters = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            expected.add("waiter " + i);
            waiters.add(startWaiter(virtual ^ i % 3 == 0, "waiter " + i, order));
        }
        signal(1);
        assertEquals("signalled", waiters.get(0).await());
        assertEquals(expected.subList(0, 1), order);
        signal(5);
        for (Waiter waiter : waiters.subList(1, 6)) {
            assertEquals("signalled", waiter.await());
        }
        assertEquals(expected.subList(0, 6), order);
        lock.lock();
        condition.signalAll();
        lock.unlock();
        for (Waiter waiter : waiters) {
            assertEquals("signalled", waiter.await());
        }
        assertEquals(expected, order);
    }

    @Test
    void aSignalGoesToNoneWhoCameAfterIt() throws Exception {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 300; i++) {
            Waiter waiter = startWaiter(i % 2 == 0, "before", order);
            lock.lock();
            condition.signal();
            assertFalse(condition.await(i % 3, TimeUnit.MILLISECONDS), "round " + i + ": the late one took the signal");
            lock.unlock();
            assertEquals("signalled", waiter.await());
        }
        assertEquals(300, order.size());
    }

    @Test
    void processesTakeTurns() throws Exception {
        RLock lock = this.lock;
        Condition condition = this.condition;
        List<ChildProcess> children = new ArrayList<>();
        int each = 3;
        try (SharedCounter counter = SharedCounter.create()) {
            for (int i = 0; i < 2; i++) {
                int child = i;
                children.add(ChildProcess.builder().maxHeap(32 << 20).start(() -> {
                    List<Thread> threads = new ArrayList<>();
                    for (int j = 0; j < each; j++) {
                        threads.add(Thread.ofPlatform().start(() -> {
                            lock.lock();
                            condition.awaitUninterruptibly();
                            counter.addUnprotected(child, 1);
                            lock.unlock();
                        }));
                    }
                    for (Thread thread : threads) {
                        thread.join();
                    }
                    Eventually.holds("the test is over", () -> counter.get(2) == 1);
                }));
            }
            for (int turn = 0; turn < each; turn++) {
                int left = 2 * (each - turn);
                Eventually.holds(left + " wait", () -> condition.getWaitQueueLength() == left);
                signal(2);
                long both = turn + 1;
                Eventually.holds("one of each was released", () -> counter.get(0) == both && counter.get(1) == both);
            }
            counter.set(2, 1);
            for (ChildProcess child : children) {
                assertTrue(child.join(Delays.LONG));
                assertEquals(0, child.exitCode().orElseThrow());
                child.close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anInterruptEndsAWaitAtOnce(boolean virtual) throws Exception {
        List<Long> delays = new ArrayList<>();
        for (int i = 0; i < 21; i++) {
            boolean behindAnother = i % 2 == 1;
            Waiter first = startWaiter(virtual, "first", new ArrayList<>());
            Waiter second = behindAnother ? startWaiter(virtual, "second", new ArrayList<>()) : first;
            Waiters.awaitAsleep(second.thread());
            long start = System.nanoTime();
            second.thread().interrupt();
            assertEquals("InterruptedException", second.await());
            delays.add(System.nanoTime() - start);
            assertEquals(behindAnother ? 1 : 0, condition.getWaitQueueLength());
            if (behindAnother) {
                signal(1);
                assertEquals("signalled", first.await());
            }
        }
        Collections.sort(delays);
        // The quarter that the machine delayed least: one that looks for interrupts now and then would be found by that, too.
        assertTrue(delays.get(5) <= Delays.scaled(10).toNanos(), "nanoseconds from the interrupt to the end: " + delays);
    }

    @Test
    void anInterruptedThreadDoesNotLetGo() {
        lock.lock();
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, condition::await);
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> condition.await(1, TimeUnit.SECONDS));
        assertFalse(Thread.interrupted());
        assertTrue(lock.isHeldByCurrentThread());
        lock.unlock();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anInterruptDoesNotEndAnUninterruptibleWaitAndIsKept(boolean virtual) throws Exception {
        for (boolean behindAnother : new boolean[] {false, true}) {
            Waiter first = behindAnother ? startWaiter(virtual, "first", new ArrayList<>()) : null;
            int waiting = condition.getWaitQueueLength();
            Waiter waiter = Waiters.start(virtual, () -> {
                lock.lock();
                condition.awaitUninterruptibly();
                lock.unlock();
                return "interrupted: " + Thread.currentThread().isInterrupted();
            });
            Eventually.holds("it waits", () -> condition.getWaitQueueLength() == waiting + 1);
            Waiters.awaitAsleep(waiter.thread());
            waiter.thread().interrupt();
            assertFalse(waiter.thread().join(Delays.SHORT));
            signal(2);
            assertEquals("interrupted: true", waiter.await());
            if (first != null) {
                assertEquals("signalled", first.await());
            }
        }
    }

    @Test
    void whoWasSignalledAndThenInterruptedIsSignalled() throws Exception {
        for (boolean virtual : new boolean[] {false, true}) {
            Waiter waiter = Waiters.start(virtual, () -> {
                lock.lock();
                condition.await();
                lock.unlock();
                return "interrupted: " + Thread.currentThread().isInterrupted();
            });
            Eventually.holds("it waits", () -> condition.getWaitQueueLength() == 1);
            lock.lock();
            condition.signal();
            waiter.thread().interrupt();
            lock.unlock();
            assertEquals("interrupted: true", waiter.await());
        }
    }

    /** Signals are given only while somebody waits, so as many waits must end by a signal as were given, whoever was interrupted. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noSignalIsLostOnThoseWhoAreInterrupted(boolean virtual) throws Exception {
        AtomicInteger signalled = new AtomicInteger();
        AtomicInteger interrupted = new AtomicInteger();
        int given = 0;
        for (int round = 0; round < 200; round++) {
            List<Waiter> waiters = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                waiters.add(Waiters.start(virtual, () -> {
                    lock.lock();
                    try {
                        condition.await();
                        signalled.incrementAndGet();
                    } catch (InterruptedException e) {
                        interrupted.incrementAndGet();
                    } finally {
                        lock.unlock();
                    }
                    return "";
                }));
            }
            Eventually.holds("all wait", () -> condition.getWaitQueueLength() == 4);
            lock.lock();
            condition.signal(2);
            given += 2;
            waiters.get(round % 4).thread().interrupt();
            lock.unlock();
            waiters.get((round + 1) % 4).thread().interrupt();
            LockSupport.parkNanos(round * 1_000L);
            lock.lock();
            given += condition.getWaitQueueLength();
            condition.signalAll();
            lock.unlock();
            for (Waiter waiter : waiters) {
                assertEquals("", waiter.await());
            }
        }
        assertEquals(given, signalled.get());
        assertEquals(200 * 4, signalled.get() + interrupted.get());
        assertEquals(0, condition.getWaitQueueLength());
    }

    @Test
    void aWaitEndsAtADate() throws Exception {
        lock.lock();
        long start = System.nanoTime();
        assertFalse(condition.awaitUntil(Date.from(Instant.now().plus(Delays.SHORT))));
        // Dates count in milliseconds.
        assertTrue(System.nanoTime() - start >= Delays.SHORT.toNanos() - 1_000_000);
        assertFalse(condition.awaitUntil(Date.from(Instant.EPOCH)));
        lock.unlock();
        Waiter waiter = Waiters.start(false, () -> {
            lock.lock();
            try {
                return "signalled: " + condition.awaitUntil(Date.from(Instant.now().plus(Delays.LONG)));
            } finally {
                lock.unlock();
            }
        });
        Eventually.holds("it waits", () -> condition.getWaitQueueLength() == 1);
        signal(1);
        assertEquals("signalled: true", waiter.await());
    }

    @Test
    void whatIsLeftOfTheTimeIsReturned() throws Exception {
        Waiter waiter = Waiters.start(false, () -> {
            lock.lock();
            try {
                long left = condition.awaitNanos(Delays.LONG.toNanos());
                return "left: " + (left > 0 && left < Delays.LONG.toNanos());
            } finally {
                lock.unlock();
            }
        });
        Eventually.holds("it waits", () -> condition.getWaitQueueLength() == 1);
        signal(1);
        assertEquals("left: true", waiter.await());
    }

    @Test
    void tenThousandVirtualThreadsAreReleasedAtOnceAndOneByOne() throws Exception {
        int count = 10_000;
        AtomicInteger released = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            threads.add(Thread.startVirtualThread(() -> {
                lock.lock();
                condition.awaitUninterruptibly();
                released.incrementAndGet();
                condition.awaitUninterruptibly();
                released.incrementAndGet();
                lock.unlock();
            }));
        }
        Eventually.holds("all wait", () -> condition.getWaitQueueLength() == count);
        lock.lock();
        condition.signalAll();
        lock.unlock();
        Eventually.holds("all were released at once", () -> released.get() == count && condition.getWaitQueueLength() == count);
        for (int i = 0; i < count; i++) {
            signal(1);
        }
        for (Thread thread : threads) {
            assertTrue(thread.join(Delays.LONG), () -> condition.getWaitQueueLength() + " wait, " + released + " were released");
        }
        assertEquals(2 * count, released.get());
    }

    @Test
    void itTravelsWithItsLockAndOnlyAtAStart() throws Exception {
        NotInheritableException error = assertThrows(NotInheritableException.class,
                () -> new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(condition));
        assertTrue(error.getMessage().contains("Condition objects are shared with child processes only by inheritance"),
                error.getMessage());
        RLock lock = this.lock;
        Condition condition = this.condition;
        Condition other = lock.newCondition();
        try (SharedCounter counter = SharedCounter.create()) {
            ChildProcess child = ChildProcess.start(() -> {
                // Were the conditions of another lock than the one that is held here, they would refuse this.
                lock.lock();
                condition.signalAll();
                assertFalse(other.await(1, TimeUnit.NANOSECONDS));
                counter.set(0, 1);
                lock.unlock();
            });
            assertTrue(child.join(Delays.LONG));
            assertEquals(0, child.exitCode().orElseThrow());
            assertEquals(1, counter.get(0));
            child.close();
        }
    }
}
