// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import com.sun.management.ThreadMXBean;
import dev.kindred.NotInheritableException;
import dev.kindred.ProcessIdentity;
import dev.kindred.internal.os.Processes;
import dev.kindred.sync.BoundedSemaphore;
import dev.kindred.sync.RobustSemaphore;
import dev.kindred.sync.Semaphore;
import dev.kindred.tests.support.Delays;
import dev.kindred.tests.support.Eventually;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What semaphores promise within one process. */
class SemaphoreTest {

    private static final int VALUE_MAX = 2147483647;

    static Stream<Arguments> kindsAndThreads() {
        return Stream.of(SemaphoreKind.values()).flatMap(kind -> Stream.of(Arguments.of(kind, false), Arguments.of(kind, true)));
    }

    private static Thread start(boolean virtual, Runnable task) {
        return virtual ? Thread.startVirtualThread(task) : Thread.ofPlatform().start(task);
    }

    private static boolean sleepsInTheKernel(Thread thread) {
        return Arrays.stream(thread.getStackTrace()).anyMatch(frame -> frame.getMethodName().equals("futexWait"));
    }

    private static void awaitParked(Thread thread) {
        Eventually.holds(thread + " waits", () -> switch (thread.getState()) {
            case WAITING, TIMED_WAITING -> true;
            // A platform thread that sleeps in the kernel by our own call is runnable to the JVM.
            default -> sleepsInTheKernel(thread);
        });
    }

    /** CPython's _TestSemaphore._test_semaphore. */
    private static void countFromTwo(AnySemaphore semaphore) throws InterruptedException {
        assertEquals(2, semaphore.getValue());
        semaphore.acquire();
        assertEquals(1, semaphore.getValue());
        assertFalse(semaphore.locked());
        semaphore.acquireUninterruptibly();
        assertEquals(0, semaphore.getValue());
        assertTrue(semaphore.locked());
        assertFalse(semaphore.tryAcquire());
        assertEquals(0, semaphore.getValue());
        semaphore.release();
        assertEquals(1, semaphore.getValue());
        semaphore.release();
        assertEquals(2, semaphore.getValue());
        assertTrue(semaphore.tryAcquire());
        assertTrue(semaphore.tryAcquire(1, TimeUnit.SECONDS));
        semaphore.release();
        semaphore.release();
    }

    @ParameterizedTest
    @EnumSource
    void permitsAreCounted(SemaphoreKind kind) throws Exception {
        try (AnySemaphore semaphore = kind.create(2)) {
            countFromTwo(semaphore);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"COUNTING", "NAMED"})
    void aSemaphoreGrowsBeyondWhatItHadAtFirst(SemaphoreKind kind) throws Exception {
        try (AnySemaphore semaphore = kind.create(2)) {
            countFromTwo(semaphore);
            semaphore.release();
            assertEquals(3, semaphore.getValue());
            semaphore.release();
            assertEquals(4, semaphore.getValue());
        }
        Semaphore semaphore = new Semaphore(0);
        semaphore.release(0);
        assertEquals(0, semaphore.getValue());
        semaphore.release(1_000_000);
        assertEquals(1_000_000, semaphore.getValue());
    }

    @Test
    void aBoundedSemaphoreRefusesWhatIsBeyondItsBound() throws Exception {
        BoundedSemaphore semaphore = new BoundedSemaphore(2);
        countFromTwo(new AnySemaphore(semaphore));
        IllegalStateException error = assertThrows(IllegalStateException.class, semaphore::release);
        assertEquals("BoundedSemaphore[value 2 of 2] cannot take 1 permit more: it had 2 of at most 2", error.getMessage());
        semaphore.acquire();
        assertThrows(IllegalStateException.class, () -> semaphore.release(2));
        assertEquals(1, semaphore.getValue());
        semaphore.release(1);
        assertThrows(IllegalStateException.class, new BoundedSemaphore(0)::release);
        assertFalse(new BoundedSemaphore(0).tryAcquire());
    }

    /** CPython looks at the value and adds to it in two steps, between which others may come. */
    @Test
    void ofManyWhoReleaseTheLastPermitOneSucceeds() throws Exception {
        BoundedSemaphore semaphore = new BoundedSemaphore(3);
        for (int round = 0; round < 2_000; round++) {
            semaphore.acquire();
            AtomicInteger succeeded = new AtomicInteger();
            Actors.THREADS.run(2, _ -> {
                try {
                    semaphore.release();
                    succeeded.incrementAndGet();
                } catch (IllegalStateException beyond) {
                    assertTrue(beyond.getMessage().contains("it had 3 of at most 3"), beyond.getMessage());
                }
            });
            assertEquals(1, succeeded.get());
            assertEquals(3, semaphore.getValue());
        }
    }

    @Test
    void numbersOfPermitsThatCannotBeAreRefused() {
        assertEquals("a Semaphore cannot have -1 permits",
                assertThrows(IllegalArgumentException.class, () -> new Semaphore(-1)).getMessage());
        assertThrows(IllegalArgumentException.class, () -> new BoundedSemaphore(-5));
        assertEquals("a RobustSemaphore has 1 to 4096 permits, not 0",
                assertThrows(IllegalArgumentException.class, () -> new RobustSemaphore(0)).getMessage());
        assertThrows(IllegalArgumentException.class, () -> new RobustSemaphore(4097));
        Semaphore semaphore = new Semaphore(1);
        assertEquals("a semaphore cannot be released -1 times",
                assertThrows(IllegalArgumentException.class, () -> semaphore.release(-1)).getMessage());
        assertEquals(1, semaphore.getValue());
    }

    @Test
    void aValueBeyondTheMostIsRefused() {
        Semaphore semaphore = new Semaphore(VALUE_MAX);
        IllegalStateException error = assertThrows(IllegalStateException.class, semaphore::release);
        assertEquals("Semaphore[value 2147483647] cannot take 1 permit more: it had 2147483647 of at most 2147483647", error.getMessage());
        assertTrue(semaphore.tryAcquire());
        assertThrows(IllegalStateException.class, () -> semaphore.release(VALUE_MAX));
        assertEquals(VALUE_MAX - 1, semaphore.getValue());
        semaphore.release();
        assertEquals(VALUE_MAX, semaphore.getValue());
    }

    @Test
    void theStateShows() throws Exception {
        assertEquals("Semaphore[value 3]", new Semaphore(3).toString());
        BoundedSemaphore bounded = new BoundedSemaphore(1);
        assertEquals("BoundedSemaphore[value 1 of 1]", bounded.toString());
        bounded.acquire();
        assertEquals("BoundedSemaphore[value 0 of 1]", bounded.toString());
        RobustSemaphore robust = new RobustSemaphore(3);
        assertEquals("RobustSemaphore[value 3 of 3]", robust.toString());
        assertEquals(Map.of(), robust.holders());
        robust.acquire();
        robust.acquire();
        long pid = ProcessHandle.current().pid();
        assertEquals("RobustSemaphore[value 1 of 3, 2 held by this process (main, pid " + pid + ")]", robust.toString());
        assertEquals(Map.of(new ProcessIdentity("main", pid), 2), robust.holders());
    }

    @Test
    void whatWasNotTakenIsNotGivenBackToARobustSemaphore() throws Exception {
        RobustSemaphore semaphore = new RobustSemaphore(2);
        IllegalMonitorStateException error = assertThrows(IllegalMonitorStateException.class, semaphore::release);
        assertEquals("RobustSemaphore[value 2 of 2] cannot be released: this process holds no permit of it", error.getMessage());
        semaphore.acquire();
        Thread.ofPlatform().start(semaphore::release).join();
        assertThrows(IllegalMonitorStateException.class, semaphore::release);
        assertEquals(2, semaphore.getValue());
    }

    @Test
    void aRobustSemaphoreHasAllItsPermits() throws Exception {
        for (int permits : new int[] {1, 14, 15, 100, 4096}) {
            RobustSemaphore semaphore = new RobustSemaphore(permits);
            for (int i = 0; i < permits; i++) {
                assertEquals(permits - i, semaphore.getValue());
                assertTrue(semaphore.tryAcquire());
            }
            assertFalse(semaphore.tryAcquire());
            for (int i = 0; i < permits; i++) {
                semaphore.release();
            }
            assertEquals(permits, semaphore.getValue());
            assertThrows(IllegalMonitorStateException.class, semaphore::release);
        }
    }

    /** While one looks for its permit, others take one behind it and give one back before it; it finds one all the same. */
    @Test
    void aThreadThatHoldsAPermitAlwaysFindsOneToGiveBack() throws Exception {
        RobustSemaphore semaphore = new RobustSemaphore(64);
        Actors.THREADS.run(4, _ -> {
            for (int i = 0; i < 100_000; i++) {
                semaphore.acquire();
                semaphore.release();
            }
        });
        assertEquals(64, semaphore.getValue());
    }

    @ParameterizedTest
    @EnumSource(names = "NAMED", mode = EnumSource.Mode.EXCLUDE)
    void semaphoresTravelOnlyAtAStart(SemaphoreKind kind) {
        NotInheritableException error = assertThrows(NotInheritableException.class,
                () -> new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(kind.create(1).semaphore()));
        assertTrue(error.getMessage().contains("Semaphore objects are shared with child processes only by inheritance"),
                error.getMessage());
    }

    @ParameterizedTest
    @MethodSource("kindsAndThreads")
    void anInterruptEndsAnInterruptibleWaitAtOnce(SemaphoreKind kind, boolean virtual) throws Exception {
        try (AnySemaphore semaphore = kind.create(1)) {
            semaphore.acquire();
            List<Long> delays = new ArrayList<>();
            for (int round = 0; round < 11; round++) {
                AtomicLong ended = new AtomicLong();
                AtomicReference<Object> outcome = new AtomicReference<>();
                Thread waiter = start(virtual, () -> {
                    try {
                        semaphore.acquire();
                        outcome.set("acquired");
                    } catch (InterruptedException e) {
                        ended.set(System.nanoTime());
                        outcome.set(Thread.currentThread().isInterrupted() ? "still interrupted" : "interrupted");
                    }
                });
                awaitParked(waiter);
                long interrupted = System.nanoTime();
                waiter.interrupt();
                assertTrue(waiter.join(Delays.LONG));
                assertEquals("interrupted", outcome.get());
                delays.add(ended.get() - interrupted);
            }
            delays.sort(null);
            // The median: a machine that is busy with something else holds up one or the other.
            assertTrue(delays.get(5) < Delays.scaled(10).toNanos(), "an interrupt was obeyed after (ns): " + delays);
            semaphore.release();
            assertEquals(1, semaphore.getValue());
            assertTrue(semaphore.tryAcquire(), "the interrupted threads left nothing behind");
        }
    }

    @ParameterizedTest
    @MethodSource("kindsAndThreads")
    void anInterruptDoesNotEndAnUninterruptibleWaitAndIsKept(SemaphoreKind kind, boolean virtual) throws Exception {
        try (AnySemaphore semaphore = kind.create(1)) {
            semaphore.acquire();
            AtomicBoolean interrupted = new AtomicBoolean();
            Thread waiter = start(virtual, () -> {
                semaphore.acquireUninterruptibly();
                interrupted.set(Thread.currentThread().isInterrupted());
                semaphore.release();
            });
            awaitParked(waiter);
            waiter.interrupt();
            assertFalse(waiter.join(Delays.SHORT));
            semaphore.release();
            assertTrue(waiter.join(Delays.LONG));
            assertTrue(interrupted.get());
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptedThreadAcquiresNothing(SemaphoreKind kind) {
        try (AnySemaphore semaphore = kind.create(1)) {
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, semaphore::acquire);
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, () -> semaphore.tryAcquire(1, TimeUnit.SECONDS));
            assertFalse(Thread.interrupted());
            assertEquals(1, semaphore.getValue());
            Thread.currentThread().interrupt();
            assertTrue(semaphore.tryAcquire(), "which does not wait");
            semaphore.release();
            assertTrue(Thread.interrupted());
        }
    }

    @ParameterizedTest
    @EnumSource
    void waitersThatGiveUpDoNotTakeAWakeUpWithThem(SemaphoreKind kind) throws Exception {
        try (AnySemaphore semaphore = kind.create(1)) {
            for (int round = 0; round < 200; round++) {
                semaphore.acquire();
                List<Thread> waiters = new ArrayList<>();
                for (int i = 0; i < 6; i++) {
                    int manner = i % 3;
                    waiters.add(start(i < 3, () -> takeAndGiveBack(semaphore, manner)));
                }
                waiters.get(0).interrupt();
                semaphore.release();
                waiters.get(3).interrupt();
                for (Thread waiter : waiters) {
                    assertTrue(waiter.join(Delays.LONG), "round " + round + ": " + waiter + " sleeps, though there is " + semaphore);
                }
                assertEquals(1, semaphore.getValue());
            }
        }
    }

    private static void takeAndGiveBack(AnySemaphore semaphore, int manner) {
        try {
            switch (manner) {
                case 0 -> semaphore.acquire();
                case 1 -> {
                    if (!semaphore.tryAcquire(50, TimeUnit.MICROSECONDS)) {
                        return;
                    }
                }
                default -> semaphore.acquireUninterruptibly();
            }
        } catch (InterruptedException _) {
            return;
        }
        semaphore.release();
    }

    @ParameterizedTest
    @EnumSource(names = {"COUNTING", "BOUNDED"})
    void permitsReleasedAtOnceWakeAsManyWaiters(SemaphoreKind kind) throws Exception {
        try (AnySemaphore any = kind.create(4)) {
            Semaphore semaphore = (Semaphore) any.semaphore();
            for (int round = 0; round < 100; round++) {
                for (int i = 0; i < 4; i++) {
                    semaphore.acquire();
                }
                List<Thread> waiters = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    waiters.add(start(i % 2 == 0, semaphore::acquireUninterruptibly));
                }
                semaphore.release(4);
                for (Thread waiter : waiters) {
                    assertTrue(waiter.join(Delays.LONG), "round " + round + ": " + waiter + " sleeps, though there is " + semaphore);
                }
                assertEquals(0, semaphore.getValue());
                semaphore.release(4);
            }
        }
    }

    /**
     * Who gives the permit back and at once asks for it again, while the other one is asleep, would have it every time. Once the other has
     * waited for a millisecond and has been woken in vain, it goes first.
     */
    @ParameterizedTest
    @EnumSource(names = "NAMED", mode = EnumSource.Mode.EXCLUDE)
    void whoWaitsLongIsNotPassedOver(SemaphoreKind kind) throws Exception {
        try (AnySemaphore semaphore = kind.create(1)) {
            for (int round = 0; round < 20; round++) {
                semaphore.acquire();
                AtomicInteger kernelThread = new AtomicInteger();
                AtomicBoolean had = new AtomicBoolean();
                CountDownLatch looked = new CountDownLatch(1);
                Thread waiter = Thread.ofPlatform().start(() -> {
                    kernelThread.set(Processes.threadId());
                    semaphore.acquireUninterruptibly();
                    had.set(true);
                    semaphore.release();
                    awaitUninterruptibly(looked);
                });
                Eventually.holds("the waiter sleeps", () -> sleepsInTheKernel(waiter) && isAsleep(kernelThread.get()));
                long start = System.nanoTime();
                int turns = 0;
                while (!had.get()) {
                    long sleeps = sleeps(kernelThread.get());
                    semaphore.release();
                    semaphore.acquire();
                    turns += System.nanoTime() - start > 5_000_000 ? 1 : 0;
                    Eventually.holds("the waiter has been woken and is through or sleeps again", () -> had.get()
                            || sleeps(kernelThread.get()) > sleeps && isAsleep(kernelThread.get()));
                }
                looked.countDown();
                assertTrue(turns <= 3, "the permit passed the waiter by " + turns + " times after 5 ms");
                semaphore.release();
                assertTrue(waiter.join(Delays.LONG));
            }
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String status(int kernelThread, String field) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/task/" + kernelThread + "/status")).stream()
                .filter(line -> line.startsWith(field)).findFirst().orElseThrow().substring(field.length()).trim();
    }

    private static boolean isAsleep(int kernelThread) throws IOException {
        return status(kernelThread, "State:").startsWith("S");
    }

    /** {@return how often it has gone to sleep} */
    private static long sleeps(int kernelThread) throws IOException {
        return Long.parseLong(status(kernelThread, "voluntary_ctxt_switches:"));
    }

    @ParameterizedTest
    @EnumSource
    void takingAndGivingBackMakeNoGarbage(SemaphoreKind kind) throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (AnySemaphore semaphore = kind.create(1)) {
            // Until the code is compiled, calls of variable handles may leave some.
            long least = Long.MAX_VALUE;
            for (int round = 0; round < 50 && least > 0; round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < 10_000; i++) {
                    semaphore.acquire();
                    semaphore.release();
                }
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }
            assertEquals(0, least, "bytes for 10000 times");
        }
    }

    @ParameterizedTest
    @EnumSource
    void virtualThreadsThatWaitHoldNoCarriers(SemaphoreKind kind) throws Exception {
        int count = 300;
        List<AnySemaphore> semaphores = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            AnySemaphore semaphore = kind.create(1);
            semaphore.acquire();
            semaphores.add(semaphore);
        }
        int before = ManagementFactory.getThreadMXBean().getThreadCount();
        CountDownLatch done = new CountDownLatch(count);
        List<Thread> waiters = new ArrayList<>();
        for (AnySemaphore semaphore : semaphores) {
            waiters.add(Thread.startVirtualThread(() -> {
                semaphore.acquireUninterruptibly();
                semaphore.release();
                done.countDown();
            }));
        }
        waiters.forEach(SemaphoreTest::awaitParked);
        int more = ManagementFactory.getThreadMXBean().getThreadCount() - before;
        assertTrue(more <= count / 125 + 30, count + " waiting virtual threads took " + more + " more platform threads");
        semaphores.forEach(AnySemaphore::release);
        assertTrue(done.await(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS), done.getCount() + " were not woken");
        semaphores.forEach(AnySemaphore::close);
    }
}
