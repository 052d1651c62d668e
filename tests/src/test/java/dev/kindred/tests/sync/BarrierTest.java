// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

import dev.kindred.NotInheritableException;
import dev.kindred.sync.Barrier;
import dev.kindred.tests.support.Delays;
import dev.kindred.tests.support.Eventually;
import dev.kindred.tests.sync.Waiters.Waiter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What barriers promise within one process. */
class BarrierTest {

    private static Waiter startParty(boolean virtual, Barrier barrier) {
        int before = barrier.getNumberWaiting();
        Waiter waiter = Waiters.start(virtual, () -> "index " + barrier.await());
        Eventually.holds("it waits", () -> barrier.getNumberWaiting() == before + 1);
        return waiter;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE, 65_536})
    void theNumberOfPartiesIsBounded(int parties) {
        IllegalArgumentException error = assertThrows(IllegalArgumentException.class, () -> new Barrier(parties));
        assertTrue(error.getMessage().contains(" " + parties + " "), error.getMessage());
    }

    @Test
    void aLimitOfTimeIsPositive() {
        assertThrows(IllegalArgumentException.class, () -> new Barrier(2, 0, TimeUnit.SECONDS));
        assertThrows(IllegalArgumentException.class, () -> new Barrier(2, () -> {}, -1, TimeUnit.SECONDS));
    }

    @Test
    void stateShows() throws Exception {
        Barrier barrier = new Barrier(2);
        assertEquals(2, barrier.getParties());
        assertEquals("Barrier[0 of 2 waiting]", barrier.toString());
        Waiter first = startParty(false, barrier);
        assertEquals("Barrier[1 of 2 waiting]", barrier.toString());
        assertEquals(1, barrier.await());
        assertEquals("index 0", first.await());
        assertEquals(0, barrier.getNumberWaiting());
        barrier.abort();
        barrier.abort();
        assertTrue(barrier.isBroken());
        assertEquals("Barrier[broken, for 2]", barrier.toString());
        barrier.reset();
        barrier.reset();
        assertEquals("Barrier[0 of 2 waiting]", barrier.toString());
    }

    @Test
    void whoIsOutOfTimeBreaksItAndOthersLearnThat() throws Exception {
        Barrier barrier = new Barrier(3);
        Waiter other = startParty(true, barrier);
        TimeoutException late = assertThrows(TimeoutException.class, () -> barrier.await(Delays.SHORT.toNanos(), TimeUnit.NANOSECONDS));
        assertTrue(late.getMessage().contains("reset()"), late.getMessage());
        assertEquals("BrokenBarrierException", other.await());
        assertThrows(BrokenBarrierException.class, () -> barrier.await(1, TimeUnit.SECONDS));
        barrier.reset();
        assertThrows(TimeoutException.class, () -> barrier.await(0, TimeUnit.SECONDS));
        assertTrue(barrier.isBroken());
        barrier.reset();
        Waiter first = startParty(true, barrier);
        Waiter second = startParty(false, barrier);
        assertEquals(2, barrier.await(0, TimeUnit.SECONDS), "the last needs no time");
        assertEquals("index 0", first.await());
        assertEquals("index 1", second.await());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anInterruptBreaksItAtOnce(boolean virtual) throws Exception {
        List<Long> delays = new ArrayList<>();
        Barrier barrier = new Barrier(3);
        for (int i = 0; i < 21; i++) {
            List<Waiter> waiters = List.of(startParty(virtual, barrier), startParty(virtual, barrier));
            waiters.forEach(waiter -> Waiters.awaitAsleep(waiter.thread()));
            long start = System.nanoTime();
            waiters.get(i % 2).thread().interrupt();
            assertEquals("InterruptedException", waiters.get(i % 2).await());
            delays.add(System.nanoTime() - start);
            assertEquals("BrokenBarrierException", waiters.get(1 - i % 2).await());
            assertTrue(barrier.isBroken());
            barrier.reset();
        }
        Collections.sort(delays);
        // The quarter that the machine delayed least: one that looks for interrupts now and then would be found by that, too.
        assertTrue(delays.get(5) <= Delays.scaled(10).toNanos(), "nanoseconds from the interrupt to the end: " + delays);
    }

    @Test
    void anInterruptedThreadBreaksItByComing() throws Exception {
        Barrier barrier = new Barrier(2);
        Waiter other = startParty(false, barrier);
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, barrier::await);
        assertFalse(Thread.interrupted());
        assertEquals("BrokenBarrierException", other.await());
        Thread.currentThread().interrupt();
        assertThrows(BrokenBarrierException.class, barrier::await);
        assertTrue(Thread.interrupted(), "a broken barrier is the first thing to be told");
    }

    @Test
    void anActionThatThrowsBreaksItAndIsToldToWhoRanIt() throws Exception {
        Barrier barrier = new Barrier(2, () -> {
            throw new IllegalStateException("no");
        });
        Waiter other = startParty(true, barrier);
        assertEquals("no", assertThrows(IllegalStateException.class, barrier::await).getMessage());
        assertEquals("BrokenBarrierException", other.await());
        assertTrue(barrier.isBroken());
    }

    private static final CountDownLatch IN_ACTION = new CountDownLatch(1);
    private static final CountDownLatch END_OF_ACTION = new CountDownLatch(1);

    @Test
    void whoComesDuringTheActionIsOfTheNextRound() throws Exception {
        AtomicInteger actions = new AtomicInteger();
        Barrier barrier = new Barrier(2, () -> {
            if (actions.getAndIncrement() == 0) {
                IN_ACTION.countDown();
                awaitUninterrupted(END_OF_ACTION);
            }
        });
        Waiter first = startParty(true, barrier);
        Waiter second = Waiters.start(false, () -> "index " + barrier.await());
        IN_ACTION.await();
        assertEquals(1, barrier.getNumberWaiting());
        List<Waiter> next = List.of(
                Waiters.start(false, () -> "index " + barrier.await()), Waiters.start(true, () -> "index " + barrier.await()));
        next.forEach(waiter -> Waiters.awaitAsleep(waiter.thread()));
        assertFalse(first.thread().join(Delays.SHORT), "the action is not over");
        END_OF_ACTION.countDown();
        assertEquals("index 0", first.await());
        assertEquals("index 1", second.await());
        assertEquals(List.of("index 0", "index 1"), List.of(next.get(0).await(), next.get(1).await()).stream().sorted().toList());
        assertEquals(2, actions.get());
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Others come and go while one that was released does not run; it must learn of its own round, not of theirs. */
    @Test
    void theOutcomeOfARoundIsRememberedForThoseWhoAreLate() throws Exception {
        Barrier barrier = new Barrier(2);
        for (int rounds : new int[] {1, 7, 40, 1000}) {
            List<Waiter> waiters = new ArrayList<>();
            for (int i = 0; i < rounds; i++) {
                waiters.add(startParty(i % 2 == 0, barrier));
                if (i % 200 == 3) {
                    barrier.reset();
                } else {
                    assertEquals(1, barrier.await());
                }
            }
            for (int i = 0; i < rounds; i++) {
                assertEquals(i % 200 == 3 ? "BrokenBarrierException" : "index 0", waiters.get(i).await(), "round " + i + " of " + rounds);
            }
        }
    }

    @Test
    void tenThousandVirtualThreadsGoInStep() throws Exception {
        int count = 10_000;
        int rounds = 3;
        AtomicInteger actions = new AtomicInteger();
        AtomicInteger passed = new AtomicInteger();
        Barrier barrier = new Barrier(count, actions::incrementAndGet);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            threads.add(Thread.startVirtualThread(() -> {
                for (int round = 1; round <= rounds; round++) {
                    try {
                        int _ = barrier.await();
                    } catch (InterruptedException | BrokenBarrierException e) {
                        throw new IllegalStateException(e);
                    }
                    if (actions.get() >= round) {
                        passed.incrementAndGet();
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            assertTrue(thread.join(Delays.LONG), () -> barrier + ", " + passed + " have passed");
        }
        assertEquals(count * rounds, passed.get());
        assertEquals(rounds, actions.get());
    }

    @Test
    void itTravelsOnlyAtAStart() {
        Barrier barrier = new Barrier(2);
        NotInheritableException error = assertThrows(NotInheritableException.class,
                () -> new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(barrier));
        assertTrue(error.getMessage().contains("Barrier objects are shared with child processes only by inheritance"), error.getMessage());
    }
}
