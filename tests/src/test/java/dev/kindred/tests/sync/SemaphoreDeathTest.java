// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.kindred.ProcessIdentity;
import dev.kindred.internal.crash.CrashPoint;
import dev.kindred.process.ChildProcess;
import dev.kindred.sync.BoundedSemaphore;
import dev.kindred.sync.RobustSemaphore;
import dev.kindred.tests.support.Delays;
import dev.kindred.tests.support.Eventually;
import dev.kindred.tests.support.Family;
import dev.kindred.tests.support.Posix;
import dev.kindred.tests.support.Processes;
import jnr.constants.platform.Signal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of semaphores when processes die, and when they are merely stopped. */
class SemaphoreDeathTest {

    private final SharedCounter counter = SharedCounter.create();
    private final Family family = new Family();

    @AfterEach
    void endAll() throws InterruptedException {
        family.end();
        counter.close();
    }

    /** Starts a child that takes a permit and then does nothing. */
    private ChildProcess startHolder(String name, AnySemaphore semaphore) {
        SharedCounter shared = counter;
        long before = shared.get(0);
        ChildProcess holder = family.start(name, () -> {
            semaphore.acquire();
            shared.addAtomically(0, 1);
            Family.sleepForEver();
        });
        Eventually.holds(name + " holds a permit", () -> shared.get(0) == before + 1);
        return holder;
    }

    private static Thread startTaker(AnySemaphore semaphore) {
        return Thread.ofPlatform().start(() -> {
            semaphore.acquireUninterruptibly();
            semaphore.release();
        });
    }

    private static boolean sleepsInTheKernel(Thread thread) {
        return Arrays.stream(thread.getStackTrace()).anyMatch(frame -> frame.getMethodName().equals("futexWait"));
    }

    private static boolean isStopped(ChildProcess child) {
        Processes.Entry entry = Processes.entry(child.pid());
        return entry != null && entry.isStopped();
    }

    @ParameterizedTest
    @EnumSource(names = "ROBUST", mode = EnumSource.Mode.EXCLUDE)
    void thePermitOfAKilledHolderIsLostUntilSomebodyReleasesOneInItsPlace(SemaphoreKind kind) throws Exception {
        try (AnySemaphore semaphore = kind.create(1)) {
            ChildProcess holder = startHolder("holder", semaphore);
            holder.kill();
            holder.join();
            assertFalse(semaphore.tryAcquire(Delays.SMALL.toNanos(), TimeUnit.NANOSECONDS));
            assertEquals(0, semaphore.getValue());
            semaphore.release();
            assertTrue(semaphore.tryAcquire());
        }
    }

    @Test
    void thePermitsOfAKilledHolderComeBackToThoseWhoWait() throws Exception {
        RobustSemaphore semaphore = new RobustSemaphore(3);
        SharedCounter shared = counter;
        ChildProcess holder = family.start("holder", () -> {
            for (int i = 0; i < 3; i++) {
                semaphore.acquire();
            }
            shared.set(0, 1);
            Family.sleepForEver();
        });
        Eventually.holds("the holder holds all permits", () -> shared.get(0) == 1);
        assertEquals(Map.of(new ProcessIdentity("holder", holder.pid()), 3), semaphore.holders());
        assertEquals("RobustSemaphore[value 0 of 3, 3 held by holder (pid " + holder.pid() + ")]", semaphore.toString());
        assertThrows(IllegalMonitorStateException.class, semaphore::release);
        List<Thread> waiters = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            waiters.add(Thread.ofPlatform().start(semaphore::acquireUninterruptibly));
        }
        ChildProcess other = family.start("other", () -> {
            semaphore.acquire();
            shared.set(1, 1);
            Family.sleepForEver();
        });
        Eventually.holds("a thread sleeps", () -> waiters.stream().anyMatch(SemaphoreDeathTest::sleepsInTheKernel));
        holder.kill();
        for (Thread waiter : waiters) {
            assertTrue(waiter.join(Delays.LONG), "a thread sleeps, though there is " + semaphore);
        }
        Eventually.holds("the other child has its permit", () -> shared.get(1) == 1);
        assertEquals(0, semaphore.getValue());
        assertEquals(Map.of(new ProcessIdentity("main", ProcessHandle.current().pid()), 2, new ProcessIdentity("other", other.pid()), 1),
                semaphore.holders());
        semaphore.release();
        semaphore.release();
        assertThrows(IllegalMonitorStateException.class, semaphore::release);
        assertEquals(2, semaphore.getValue());
    }

    @Test
    void theDeathOfAHolderShowsInTheValue() throws Exception {
        RobustSemaphore semaphore = new RobustSemaphore(2);
        ChildProcess holder = startHolder("holder", new AnySemaphore(semaphore));
        assertEquals(1, semaphore.getValue());
        holder.kill();
        Eventually.holds("the permit is back", () -> semaphore.getValue() == 2);
        assertEquals("RobustSemaphore[value 2 of 2]", semaphore.toString());
        assertTrue(semaphore.tryAcquire());
        assertTrue(semaphore.tryAcquire());
        assertFalse(semaphore.tryAcquire());
    }

    @Test
    void aHolderThatEndsByItselfGivesItsPermitBackToo() throws Exception {
        RobustSemaphore semaphore = new RobustSemaphore(1);
        family.start("leaver", semaphore::acquire).join();
        assertTrue(semaphore.tryAcquire(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS));
        semaphore.release();
        family.start("exiter", () -> {
            semaphore.acquire();
            System.exit(3);
        }).join();
        assertTrue(semaphore.tryAcquire(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS));
    }

    @Test
    void aStoppedHolderKeepsItsPermit() throws Exception {
        RobustSemaphore semaphore = new RobustSemaphore(1);
        ChildProcess holder = startHolder("holder", new AnySemaphore(semaphore));
        Posix.kill(holder.pid(), Signal.SIGSTOP);
        // Another death makes everybody look at who lives.
        family.start("passer-by", () -> {}).join();
        assertFalse(semaphore.tryAcquire(Delays.SMALL.toNanos(), TimeUnit.NANOSECONDS));
        assertEquals(0, semaphore.getValue());
        holder.kill();
        assertTrue(semaphore.tryAcquire(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** Of 300 permits, all of processes that die at once. */
    @Test
    void theLargestNumberOfHoldersComesBack() throws Exception {
        RobustSemaphore semaphore = new RobustSemaphore(300);
        SharedCounter shared = counter;
        List<ChildProcess> holders = new ArrayList<>();
        for (int child = 0; child < 3; child++) {
            holders.add(family.start("holder " + child, () -> {
                for (int i = 0; i < 100; i++) {
                    semaphore.acquire();
                }
                shared.addAtomically(0, 1);
                Family.sleepForEver();
            }));
        }
        Eventually.holds("all permits are taken", () -> shared.get(0) == 3);
        assertFalse(semaphore.tryAcquire());
        assertEquals(3, semaphore.holders().size());
        holders.forEach(ChildProcess::kill);
        for (int i = 0; i < 300; i++) {
            assertTrue(semaphore.tryAcquire(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS), i + " permits came back");
        }
        assertFalse(semaphore.tryAcquire());
    }

    static List<List<Object>> waitersThatDie() {
        List<List<Object>> all = new ArrayList<>();
        for (SemaphoreKind kind : SemaphoreKind.values()) {
            all.add(List.of(kind, "WAIT_ANNOUNCED"));
            all.add(List.of(kind, "WAIT_WOKEN"));
        }
        return all;
    }

    /** In the second case, it has got the wake-up that was to lead to the permit. */
    @ParameterizedTest
    @MethodSource("waitersThatDie")
    void aWaiterThatDiesTakesNothingWithIt(List<Object> kindAndPoint) throws Exception {
        String point = (String) kindAndPoint.get(1);
        try (AnySemaphore semaphore = ((SemaphoreKind) kindAndPoint.get(0)).create(1)) {
            semaphore.acquire();
            ChildProcess waiter = family.startDoomed("waiter", CrashPoint.valueOf(point), 1, "KILL", semaphore::acquire);
            Eventually.holds("the waiter says that it sleeps", semaphore::hasWaiters);
            List<Thread> others = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                others.add(startTaker(semaphore));
            }
            semaphore.release();
            for (Thread other : others) {
                assertTrue(other.join(Delays.LONG), "a thread sleeps, though there is " + semaphore);
            }
            assertTrue(waiter.join(Delays.LONG));
            assertEquals(-9, waiter.exitCode().orElseThrow());
            assertEquals(1, semaphore.getValue());
            // Where the number of those who wait stays too high, everything goes on all the same.
            semaphore.acquire();
            Thread next = startTaker(semaphore);
            Eventually.holds("a thread sleeps", () -> sleepsInTheKernel(next));
            semaphore.release();
            assertTrue(next.join(Delays.LONG));
            assertEquals(1, semaphore.getValue());
        }
    }

    /** It is woken for the permit, and stopped before it takes it. */
    @ParameterizedTest
    @EnumSource
    void aWaiterThatIsStoppedWithAWakeUpHoldsUpNobody(SemaphoreKind kind) throws Exception {
        try (AnySemaphore semaphore = kind.create(1)) {
            semaphore.acquire();
            SharedCounter shared = counter;
            ChildProcess stopped = family.startDoomed("stopped", CrashPoint.WAIT_WOKEN, 1, "STOP", () -> {
                semaphore.acquire();
                // A permit that comes back with its holder's end might do so before it is seen to be out.
                Family.sleepForEver();
            });
            Eventually.holds("the one to be stopped says that it sleeps", semaphore::hasWaiters);
            family.start("other", () -> {
                semaphore.acquire();
                semaphore.release();
                shared.set(0, 1);
                Family.sleepForEver();
            });
            Thread thread = startTaker(semaphore);
            Eventually.holds("a thread sleeps", () -> sleepsInTheKernel(thread));
            semaphore.release();
            Eventually.holds("it is stopped", () -> isStopped(stopped));
            assertTrue(thread.join(Delays.LONG), "a thread sleeps, though there is " + semaphore);
            Eventually.holds("the other child has had the permit", () -> shared.get(0) == 1);
            assertEquals(1, semaphore.getValue());
            Posix.kill(stopped.pid(), Signal.SIGCONT);
            Eventually.holds("it has the permit now", semaphore::locked);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoDiesBetweenReleasingAndWakingLeavesNobodyAsleep(SemaphoreKind kind) throws Exception {
        List<String> points = kind == SemaphoreKind.ROBUST ? List.of("PERMIT_FREED", "PERMIT_ANNOUNCED") : List.of("SEMAPHORE_RELEASED");
        for (String point : points) {
            try (AnySemaphore semaphore = kind.create(1)) {
                counter.set(0, 0);
                counter.set(1, 0);
                SharedCounter shared = counter;
                ChildProcess holder = family.startDoomed("holder", CrashPoint.valueOf(point), 1, "KILL", () -> {
                    semaphore.acquire();
                    shared.set(0, 1);
                    Eventually.holds("the parent waits", () -> shared.get(1) == 1);
                    semaphore.release();
                });
                Eventually.holds("the child holds the permit", () -> shared.get(0) == 1);
                Thread waiter = startTaker(semaphore);
                Eventually.holds("the waiter sleeps", () -> sleepsInTheKernel(waiter));
                shared.set(1, 1);
                assertTrue(waiter.join(Delays.LONG), "the waiter sleeps, though there is " + semaphore);
                assertTrue(holder.join(Delays.LONG));
                assertEquals(-9, holder.exitCode().orElseThrow());
                assertEquals(1, semaphore.getValue());
            }
        }
    }

    /** The one who gets a dead process's permit dies, too, before or after it has woken the next. */
    @ParameterizedTest
    @ValueSource(strings = {"PERMIT_INHERITED", "PERMIT_MARKED"})
    void whoDiesTakingThePermitOfADeadProcessLeavesItToTheNext(String point) throws Exception {
        RobustSemaphore semaphore = new RobustSemaphore(1);
        ChildProcess holder = startHolder("holder", new AnySemaphore(semaphore));
        ChildProcess heir = family.startDoomed("heir", CrashPoint.valueOf(point), 1, "KILL", semaphore::acquire);
        Eventually.holds("the heir says that it sleeps", new AnySemaphore(semaphore)::hasWaiters);
        holder.kill();
        assertTrue(heir.join(Delays.LONG));
        assertEquals(-9, heir.exitCode().orElseThrow());
        assertTrue(semaphore.tryAcquire(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS), "lost: " + semaphore);
        semaphore.release();
        assertEquals(1, semaphore.getValue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"RECOVERY_MARKED_DEAD", "RECOVERY_EPOCH_RAISED", "RECOVERY_SLEEPERS_WOKEN", "RECOVERY_LEASED",
        "RECOVERY_SPACE_RECOVERED"})
    void aRecovererThatDiesOrStopsHalfWayHoldsUpNobody(String point) throws Exception {
        for (String end : List.of("KILL", "STOP")) {
            RobustSemaphore semaphore = new RobustSemaphore(1);
            counter.set(0, 0);
            counter.set(1, 0);
            SharedCounter shared = counter;
            // The recoverer is the parent of the victim and notices its death first or second; either way it gets to the point or there is
            // nothing left for it to do.
            ChildProcess recoverer = family.startUnderSentence("recoverer", CrashPoint.valueOf(point), 1, end, () -> {
                ChildProcess victim = ChildProcess.builder().maxHeap(32 << 20).start(() -> {
                    semaphore.acquire();
                    shared.set(0, 1);
                    Family.sleepForEver();
                });
                Eventually.holds("the victim holds the permit", () -> shared.get(0) == 1);
                Eventually.holds("the test waits", () -> shared.get(1) == 1);
                CrashPoint.countFromHere();
                victim.kill();
                Family.sleepForEver();
            });
            Eventually.holds("the victim holds the permit", () -> shared.get(0) == 1);
            Thread waiter = startTaker(new AnySemaphore(semaphore));
            Eventually.holds("a thread sleeps", () -> sleepsInTheKernel(waiter));
            shared.set(1, 1);
            assertTrue(waiter.join(Delays.LONG), "a thread sleeps, though there is " + semaphore);
            recoverer.kill();
            recoverer.join();
        }
    }

    @Test
    void thePermitsOfAWholeFamilyThatDiesAtOnceComeBack() throws Exception {
        RobustSemaphore semaphore = new RobustSemaphore(4);
        SharedCounter shared = counter;
        ChildProcess elder = family.start("elder", () -> {
            for (int i = 0; i < 3; i++) {
                ChildProcess.builder().maxHeap(32 << 20).start(() -> {
                    semaphore.acquire();
                    shared.addAtomically(0, 1);
                    Family.sleepForEver();
                });
            }
            semaphore.acquire();
            shared.addAtomically(0, 1);
            Family.sleepForEver();
        });
        Eventually.holds("all hold their permits", () -> shared.get(0) == 4);
        elder.kill();
        for (int i = 0; i < 4; i++) {
            assertTrue(semaphore.tryAcquire(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS), i + " permits came back");
        }
    }

    @Test
    void aBoundedSemaphoreTakesThePermitsOfTheDeadFromOthersButNoMore() throws Exception {
        BoundedSemaphore semaphore = new BoundedSemaphore(2);
        startHolder("holder", new AnySemaphore(semaphore)).kill();
        semaphore.release();
        assertThrows(IllegalStateException.class, semaphore::release);
        assertEquals(2, semaphore.getValue());
    }
}
