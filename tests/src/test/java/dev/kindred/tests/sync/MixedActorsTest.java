// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;

import dev.kindred.process.ChildProcess;
import dev.kindred.tests.support.Delays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One lock for threads, virtual threads and processes at once, and for threads of all of these processes. */
class MixedActorsTest {

    private static final int ROUNDS = 2_000;

    private static void countOnBoth(Lock lock, SharedCounter counter) throws InterruptedException {
        List<Thread> threads = List.of(Thread.ofPlatform().start(() -> count(lock, counter)),
                Thread.ofVirtual().start(() -> count(lock, counter)));
        for (Thread thread : threads) {
            assertTrue(thread.join(Delays.LONG), thread + " does not end");
        }
    }

    /** Raises a number by a read and a write. */
    private static void count(Lock lock, SharedCounter counter) {
        for (int i = 0; i < ROUNDS; i++) {
            lock.lock();
            counter.addUnprotected(0, 1);
            lock.unlock();
        }
        counter.addAtomically(1, 1);
    }

    @ParameterizedTest
    @EnumSource
    void excludeEachOther(LockKind kind) throws Exception {
        Lock lock = kind.create();
        List<ChildProcess> children = new ArrayList<>();
        try (SharedCounter counter = SharedCounter.create()) {
            for (int i = 0; i < 2; i++) {
                children.add(ChildProcess.builder().maxHeap(32 << 20).start(() -> countOnBoth(lock, counter)));
            }
            countOnBoth(lock, counter);
            for (ChildProcess child : children) {
                assertTrue(child.join(Delays.LONG), child + " does not end");
                assertEquals(0, child.exitCode().orElseThrow());
                child.close();
            }
            assertEquals(6, counter.get(1));
            assertEquals(6 * ROUNDS, counter.get(0));
            assertTrue(lock.tryLock(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS));
            lock.unlock();
        }
    }
}
