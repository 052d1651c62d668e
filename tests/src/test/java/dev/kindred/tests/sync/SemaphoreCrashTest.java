// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import dev.kindred.internal.crash.CrashPoint;
import dev.kindred.process.ChildProcess;
import dev.kindred.sync.RobustSemaphore;
import dev.kindred.sync.Semaphore;
import dev.kindred.tests.support.Delays;
import dev.kindred.tests.support.Eventually;
import dev.kindred.tests.support.Family;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Of processes that contend for permits, one dies at a named step: the others go on, and all permits are there that can be. */
class SemaphoreCrashTest {

    private static final int PERMITS = 2;

    private static final int STOP = 0;
    private static final int ROUNDS = 1;

    private final SharedCounter counter = SharedCounter.create();
    private final Family family = new Family();

    @AfterEach
    void endAll() throws InterruptedException {
        family.end();
        counter.close();
    }

    static Stream<CrashPoint> points() {
        return Stream.of(CrashPoint.values())
                .filter(point -> Stream.of("SEMAPHORE_", "PERMIT_", "WAIT_").anyMatch(point.name()::startsWith));
    }

    /** Takes permits and gives them back until it is told to stop, in all ways, now and then for long enough that others sleep. */
    private static void contend(AnySemaphore semaphore, SharedCounter counter) throws Exception {
        for (int i = 0; counter.get(STOP) == 0; i++) {
            boolean taken = switch (i % 3) {
                case 0 -> semaphore.tryAcquire(100, TimeUnit.MICROSECONDS);
                case 1 -> semaphore.tryAcquire();
                default -> {
                    semaphore.acquire();
                    yield true;
                }
            };
            if (taken) {
                if (i % 8 == 0) {
                    LockSupport.parkNanos(200_000);
                }
                semaphore.release();
                counter.addAtomically(ROUNDS, 1);
            }
        }
    }

    /** Does what it takes to come to every point, again and again. */
    private static void contendUntilDead(AnySemaphore semaphore, SharedCounter counter) throws Exception {
        Semaphore never = new Semaphore(0);
        for (int round = 0; ; round++) {
            for (int i = 0; i < 200; i++) {
                semaphore.acquire();
                semaphore.release();
            }
            boolean _ = never.tryAcquire(1, TimeUnit.MILLISECONDS);
            if (round % 20 == 10) {
                // Its permit is a dead process's then, and who asks for one at that moment gets it.
                ChildProcess child = ChildProcess.builder().maxHeap(32 << 20).start(semaphore::acquire);
                while (child.isAlive()) {
                    semaphore.acquire();
                    semaphore.release();
                }
                if (!(semaphore.semaphore() instanceof RobustSemaphore)) {
                    semaphore.release();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("points")
    void whoDiesAtThePointHoldsUpNobody(CrashPoint point) throws Exception {
        boolean robust = point.name().startsWith("PERMIT_");
        AnySemaphore semaphore = (robust ? SemaphoreKind.ROBUST : SemaphoreKind.COUNTING).create(PERMITS);
        SharedCounter shared = counter;
        ChildProcess survivor = family.start("survivor", () -> contend(semaphore, shared));
        List<Thread> threads = new ArrayList<>();
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 2; i++) {
            Thread.Builder builder = i == 0 ? Thread.ofVirtual() : Thread.ofPlatform();
            threads.add(builder.start(() -> {
                try {
                    contend(semaphore, shared);
                } catch (Exception | AssertionError e) {
                    failures.add(e);
                }
            }));
        }
        ChildProcess victim = family.startDoomed("victim", point, point == CrashPoint.PERMIT_INHERITED ? 1 : 10, "KILL",
                () -> contendUntilDead(semaphore, shared));
        assertTrue(victim.join(Delays.LONG.multipliedBy(2)), "the victim never came to " + point);
        assertEquals(-9, victim.exitCode().orElseThrow(), "the victim did not die at the point, but of something else");

        long rounds = counter.get(ROUNDS);
        Eventually.holds("the others go on", () -> counter.get(ROUNDS) > rounds + 100);
        counter.set(STOP, 1);
        assertTrue(survivor.join(Delays.LONG));
        assertEquals(0, survivor.exitCode().orElseThrow());
        for (Thread thread : threads) {
            assertTrue(thread.join(Delays.LONG));
        }
        assertEquals(List.of(), failures);
        // Only who dies with a permit that has no owner takes it along.
        int lost = point == CrashPoint.SEMAPHORE_ACQUIRED ? 1 : 0;
        Eventually.becomes("all permits are back that can be", semaphore::getValue, value -> value == PERMITS - lost);
    }
}
