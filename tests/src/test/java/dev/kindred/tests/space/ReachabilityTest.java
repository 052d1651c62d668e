// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.space;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;

import dev.kindred.internal.os.Descriptors;
import dev.kindred.internal.space.Block;
import dev.kindred.internal.space.Space;
import dev.kindred.process.ChildProcess;
import dev.kindred.sync.Lock;
import dev.kindred.tests.support.Delays;
import dev.kindred.tests.support.Eventually;
import org.junit.jupiter.api.Test;

/** A block lives as long as some living process can reach it, and no longer. */
class ReachabilityTest {

    private static final long LARGE = 64L << 20;

    private static long reserved() {
        return Descriptors.status(Space.current().domain().file().descriptor()).blocks() * 512;
    }

    private static void collectUntil(String what, java.util.concurrent.Callable<Boolean> condition) {
        Eventually.holds(what, () -> {
            System.gc();
            return condition.call();
        });
    }

    @Test
    void whatNobodyReachesGoesBackToTheSystem() {
        long before = reserved();
        Block block = Space.current().allocate(LARGE);
        assertTrue(reserved() >= before + LARGE);
        Reference.reachabilityFence(block);
        block = null;
        collectUntil("the block is freed", () -> reserved() < before + LARGE / 2);
    }

    @Test
    void aViewKeepsItsBlock() {
        MemorySegment view = Space.current().allocate(LARGE).view();
        view.set(ValueLayout.JAVA_LONG, LARGE - 8, 42);
        long with = reserved();
        for (int i = 0; i < 5; i++) {
            System.gc();
            Block other = Space.current().allocate(LARGE / 2);
            assertEquals(0, other.view().get(ValueLayout.JAVA_LONG, 0));
        }
        assertEquals(42, view.get(ValueLayout.JAVA_LONG, LARGE - 8));
        assertTrue(reserved() >= with);
        assertEquals(LARGE, view.byteSize());
    }

    @Test
    void whatOnlyADeadProcessReachedIsFreed() throws Exception {
        long before = reserved();
        ChildProcess child = ChildProcess.builder().maxHeap(32 << 20).start(() -> {
            Block block = Space.current().allocate(LARGE);
            Reference.reachabilityFence(block);
            Runtime.getRuntime().halt(0);
        });
        assertTrue(child.join(Delays.LONG));
        child.close();
        Eventually.holds("the dead child's block is freed", () -> reserved() < before + LARGE / 2);
    }

    @Test
    void whatAChildInheritedOutlivesItsParentsLastReference() throws Exception {
        ChildProcess child = startWithOwnLock();
        List<Lock> others = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            System.gc();
            for (int j = 0; j < 100; j++) {
                Lock lock = new Lock();
                lock.lock();
                others.add(lock);
            }
        }
        assertTrue(child.join(Delays.LONG));
        assertEquals(0, child.exitCode().orElseThrow(), "the child's lock became another's");
        child.close();
        Reference.reachabilityFence(others);
    }

    private static ChildProcess startWithOwnLock() {
        Lock lock = new Lock();
        return ChildProcess.builder().maxHeap(32 << 20).start(() -> {
            for (int i = 0; i < 300_000; i++) {
                if (!lock.tryLock()) {
                    System.exit(9);
                }
                lock.unlock();
            }
        });
    }
}
