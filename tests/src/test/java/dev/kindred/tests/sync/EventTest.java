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
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.management.ThreadMXBean;
import dev.kindred.NotInheritableException;
import dev.kindred.sync.Event;
import dev.kindred.tests.support.Delays;
import dev.kindred.tests.sync.Waiters.Waiter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What events promise within one process. */
class EventTest {

    private final Event event = new Event();

    private Waiter startWaiter(boolean virtual) {
        Waiter waiter = Waiters.start(virtual, () -> {
            event.await();
            return "set";
        });
        Waiters.awaitAsleep(waiter.thread());
        return waiter;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoSleepsLearnsThatItWasSetThoughItWasClearedAtOnce(boolean virtual) throws Exception {
        for (int round = 0; round < 50; round++) {
            List<Waiter> waiters = List.of(startWaiter(virtual), startWaiter(!virtual), startWaiter(virtual));
            event.set();
            event.clear();
            for (Waiter waiter : waiters) {
                assertEquals("set", waiter.await());
            }
            assertFalse(event.isSet());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anInterruptEndsAWaitAtOnce(boolean virtual) throws Exception {
        List<Long> delays = new ArrayList<>();
        Waiter first = startWaiter(virtual);
        for (int i = 0; i < 21; i++) {
            Waiter second = startWaiter(virtual);
            // The one that watches the event, or one that waits behind it.
            Waiter interrupted = i % 2 == 0 ? first : second;
            first = i % 2 == 0 ? second : first;
            long start = System.nanoTime();
            interrupted.thread().interrupt();
            assertEquals("InterruptedException", interrupted.await());
            delays.add(System.nanoTime() - start);
        }
        event.set();
        assertEquals("set", first.await());
        Collections.sort(delays);
        // The quarter that the machine delayed least: one that looks for interrupts now and then would be found by that, too.
        assertTrue(delays.get(5) <= Delays.scaled(10).toNanos(), "nanoseconds from the interrupt to the end: " + delays);
    }

    @Test
    void anInterruptedThreadDoesNotWait() {
        event.set();
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, event::await);
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> event.await(1, TimeUnit.SECONDS));
        assertFalse(Thread.interrupted());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anInterruptDoesNotEndAnUninterruptibleWaitAndIsKept(boolean virtual) throws Exception {
        Waiter first = startWaiter(virtual);
        List<Waiter> waiters = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            boolean timed = i == 1;
            Waiter waiter = Waiters.start(virtual, () -> {
                if (timed) {
                    assertTrue(event.awaitUninterruptibly(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS));
                } else {
                    event.awaitUninterruptibly();
                }
                return "interrupted: " + Thread.currentThread().isInterrupted();
            });
            Waiters.awaitAsleep(waiter.thread());
            waiters.add(waiter);
        }
        for (Waiter waiter : waiters) {
            waiter.thread().interrupt();
        }
        assertFalse(waiters.getFirst().thread().join(Delays.SHORT));
        event.set();
        for (Waiter waiter : waiters) {
            assertEquals("interrupted: true", waiter.await());
        }
        assertEquals("set", first.await());
    }

    /** Whoever gave up, in whatever place of the line, the others are released. */
    @Test
    void whoGivesUpHoldsUpNobody() throws Exception {
        for (int round = 0; round < 200; round++) {
            List<Waiter> waiters = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                int number = i;
                waiters.add(Waiters.start(i % 2 == 0, () -> {
                    if (number % 3 == 0) {
                        return "set: " + event.await(1, TimeUnit.MILLISECONDS);
                    }
                    event.await();
                    return "set";
                }));
            }
            waiters.get(1).thread().interrupt();
            for (int i = 0; i < 6; i += 3) {
                assertTrue(waiters.get(i).await().startsWith("set"));
            }
            waiters.get(1).thread().join();
            event.set();
            for (Waiter waiter : waiters) {
                String outcome = waiter.await();
                assertTrue(outcome.startsWith("set") || waiter == waiters.get(1), outcome);
            }
            event.clear();
        }
    }

    @Test
    void tenThousandVirtualThreadsAreReleasedByOneSetting() throws Exception {
        int count = 10_000;
        CountDownLatch started = new CountDownLatch(count);
        AtomicInteger released = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            threads.add(Thread.startVirtualThread(() -> {
                started.countDown();
                event.awaitUninterruptibly();
                released.incrementAndGet();
            }));
        }
        started.await();
        threads.forEach(Waiters::awaitAsleep);
        assertEquals(0, released.get());
        event.set();
        event.clear();
        for (Thread thread : threads) {
            assertTrue(thread.join(Delays.LONG), () -> released + " were released");
        }
    }

    @Test
    void noOperationMakesGarbage() throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int rounds = 20_000;
        long before = 0;
        for (int i = 0; i < 2 * rounds; i++) {
            // What is interpreted or compiled meanwhile may allocate, and is done in the first half.
            if (i == rounds) {
                before = threads.getCurrentThreadAllocatedBytes();
            }
            event.set();
            event.await();
            assertTrue(event.await(1, TimeUnit.SECONDS));
            event.clear();
            assertFalse(event.isSet());
            assertFalse(event.await(0, TimeUnit.SECONDS));
            assertFalse(event.awaitUninterruptibly(1, TimeUnit.NANOSECONDS));
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < rounds, allocated + " bytes in " + rounds + " rounds");
    }

    @Test
    void itTravelsOnlyAtAStart() {
        NotInheritableException error = assertThrows(NotInheritableException.class,
                () -> new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(event));
        assertTrue(error.getMessage().contains("Event objects are shared with child processes only by inheritance"), error.getMessage());
    }
}
