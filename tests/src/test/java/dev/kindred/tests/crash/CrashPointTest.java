// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.kindred.internal.crash.CrashPoint;
import dev.kindred.internal.space.Block;
import dev.kindred.internal.space.Space;
import dev.kindred.process.ChildProcess;
import dev.kindred.process.StartMethod;
import dev.kindred.sync.Lock;
import dev.kindred.tests.support.Delays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * A process killed at any named step leaves the others with locks that work, memory that can be had, and children that can be started. The steps of
 * conditions, events and barriers have tests of their own beside those.
 */
class CrashPointTest {

    private static final long LARGE = 3 << 20;

    /** All that passes the points: contended locks, blocks that come and go, children that die holding a lock. */
    private static void work(Lock contended, Lock lost) throws Exception {
        for (int round = 0; ; round++) {
            for (int i = 0; i < 2_000; i++) {
                contended.lock();
                contended.unlock();
            }
            allocateAndForget();
            System.gc();
            if (round % 10 == 0) {
                ChildProcess.builder().maxHeap(32 << 20).start(lost::lock).join();
                if (lost.recover(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS)) {
                    lost.unlock();
                }
            }
        }
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

    /** Those of named memory have a test of their own, {@code MemoryCreationTest}. */
    @ParameterizedTest
    @EnumSource(mode = Mode.MATCH_NONE, names = "(BARRIER|CONDITION|EVENT|MEMORY)_.*")
    void deathAtThePointHoldsUpNobody(CrashPoint point) throws Exception {
        Lock contended = Lock.takeOver();
        Lock lost = Lock.takeOver();
        ChildProcess child = ChildProcess.builder().name("victim").method(StartMethod.SPAWN).maxHeap(32 << 20)
                .jvmOptions("-Dkindred.crash=" + point + ":1:KILL").start(() -> work(contended, lost));
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
