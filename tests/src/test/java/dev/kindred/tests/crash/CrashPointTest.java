// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import dev.kindred.internal.crash.CrashPoint;
import dev.kindred.internal.space.Block;
import dev.kindred.internal.space.Space;
import dev.kindred.process.ChildProcess;
import dev.kindred.process.StartMethod;
import dev.kindred.sync.Lock;
import dev.kindred.sync.RobustSemaphore;
import dev.kindred.sync.Semaphore;
import dev.kindred.tests.support.Delays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * A process killed at any named step leaves the others with locks and semaphores that work, memory that can be had, and children that can be
 * started. The steps of conditions, events, barriers and queues have tests of their own beside those.
 */
class CrashPointTest {

    private static final long LARGE = 3 << 20;

    /** All that passes the points: contended locks, permits, blocks that come and go, children that die holding a lock and a permit. */
    private static void work(Lock contended, Lock lost, Semaphore counted, RobustSemaphore robust) throws Exception {
        Semaphore never = new Semaphore(0);
        for (int round = 0; ; round++) {
            for (int i = 0; i < 2_000; i++) {
                contended.lock();
                contended.unlock();
            }
            counted.acquire();
            counted.release();
            boolean _ = never.tryAcquire(1, TimeUnit.MILLISECONDS);
            passPermit(robust);
            allocateAndForget();
            System.gc();
            if (round % 10 == 0) {
                ChildProcess.builder().maxHeap(32 << 20).start(() -> {
                    lost.lock();
                    robust.acquire();
                }).join();
                if (lost.recover(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS)) {
                    lost.unlock();
                }
            }
        }
    }

    /** Has a thread wait for the only permit, most likely asleep, and get it. */
    private static void passPermit(RobustSemaphore robust) throws InterruptedException {
        robust.acquire();
        Thread waiter = Thread.ofPlatform().start(robust::acquireUninterruptibly);
        LockSupport.parkNanos(2_000_000);
        robust.release();
        waiter.join();
        robust.release();
    }

    private static void allocateAndForget() {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            blocks.add(Space.current().allocate(64L * (i + 1)));
        }
        for (int i = 0; i < 3; i++) {
            blocks.add(Space.current().allocate(LARGE));
        }
        Reference.reachabilityFence(blocks);
    }

    /** Those of named memory and named spaces have tests of their own, {@code MemoryCreationTest} and {@code NamedSpaceCrashTest}. */
    @ParameterizedTest
    @EnumSource(mode = Mode.MATCH_NONE, names = "((BARRIER|CONDITION|EVENT|JOINABLE|MEMORY|NAMED|RING)|SPACE_(PARCEL|CONSIGNMENT|COLLECTION))_.*")
    void deathAtThePointHoldsUpNobody(CrashPoint point) throws Exception {
        Lock contended = Lock.takeOver();
        Lock lost = Lock.takeOver();
        Semaphore counted = new Semaphore(2);
        RobustSemaphore robust = new RobustSemaphore(1);
        ChildProcess child = ChildProcess.builder().name("victim").method(StartMethod.SPAWN).maxHeap(32 << 20)
                .jvmOptions("-Dkindred.crash=" + point + ":1:KILL").start(() -> work(contended, lost, counted, robust));
        long deadline = System.nanoTime() + 2 * Delays.LONG.toNanos();
        while (child.isAlive()) {
            assertTrue(System.nanoTime() < deadline, "the child never came to " + point);
            contended.lock();
            contended.unlock();
        }
        assertEquals(-9, child.exitCode().orElseThrow(), "the child did not die at the point, but of something else");
        child.close();

        assertTrue(contended.tryLock(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS), contended + " cannot be had");
        contended.unlock();
        assertTrue(lost.tryLock(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS), lost + " cannot be had");
        lost.unlock();
        assertTrue(counted.tryAcquire(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS), counted + ": one of two is left");
        assertTrue(robust.tryAcquire(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS), robust + " does not have its permit back");
        allocateAndForget();
        ChildProcess next = ChildProcess.builder().maxHeap(32 << 20).start(() -> {
            contended.lock();
            allocateAndForget();
            contended.unlock();
        });
        assertTrue(next.join(Delays.LONG), "a child that is started after the death hangs");
        assertEquals(0, next.exitCode().orElseThrow());
        next.close();
    }
}
