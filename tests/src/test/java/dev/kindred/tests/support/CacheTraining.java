// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.support;

import java.lang.ProcessBuilder.Redirect;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeUnit;

import dev.kindred.Space;
import dev.kindred.memory.Value;
import dev.kindred.process.ChildProcess;
import dev.kindred.process.StartMethod;
import dev.kindred.sync.Barrier;
import dev.kindred.sync.Condition;
import dev.kindred.sync.Event;
import dev.kindred.sync.Lock;
import dev.kindred.sync.RLock;
import dev.kindred.sync.RobustSemaphore;
import dev.kindred.sync.Semaphore;

/** Makes the AOT cache with which the tests' children start, out of what one child does. Run by the build, before the tests. */
final class CacheTraining {

    private CacheTraining() {}

    /** The argument names the file to make. */
    static void main(String[] arguments) throws Exception {
        Lock lock = Lock.takeOver();
        RLock reentrant = new RLock();
        Condition condition = reentrant.newCondition();
        Event event = new Event();
        Barrier barrier = new Barrier(1);
        Semaphore semaphore = new Semaphore(1);
        RobustSemaphore robust = new RobustSemaphore(1);
        Value value = Value.ofInt(0);
        ChildProcess child = ChildProcess.builder().method(StartMethod.SPAWN).maxHeap(32 << 20).stdout(Redirect.DISCARD)
                .stderr(Redirect.DISCARD).jvmOptions("-XX:AOTCacheOutput=" + arguments[0]).start(() -> {
            lock.lock();
            lock.unlock();
            useSignals(reentrant, condition, event, barrier);
            usePermits(semaphore, robust);
            value.getAndAdd(1);
            openSpace();
            startChild(event);
        });
        child.join();
        if (child.exitCode().orElseThrow() != 0) {
            throw new IllegalStateException("the child that should leave " + arguments[0] + " behind ended with " + child);
        }
    }

    private static void useSignals(RLock lock, Condition condition, Event event, Barrier barrier)
            throws InterruptedException, BrokenBarrierException {
        boolean _ = event.await(1, TimeUnit.NANOSECONDS);
        event.set();
        event.await();
        lock.lock();
        try {
            boolean _ = condition.await(1, TimeUnit.NANOSECONDS);
            condition.signalAll();
        } finally {
            lock.unlock();
        }
        int _ = barrier.await();
    }

    private static void usePermits(Semaphore semaphore, RobustSemaphore robust) throws InterruptedException {
        semaphore.acquire();
        boolean _ = semaphore.tryAcquire(1, TimeUnit.NANOSECONDS);
        semaphore.release();
        robust.acquire();
        boolean _ = robust.tryAcquire(1, TimeUnit.NANOSECONDS);
        robust.release();
    }

    private static void openSpace() {
        String name = "training-" + ProcessHandle.current().pid();
        try (Space space = Space.open(name)) {
            Lock named = Lock.open(space, "lock");
            named.lock();
            named.unlock();
        }
    }

    private static void startChild(Event event) throws InterruptedException {
        try (ChildProcess child = ChildProcess.builder().maxHeap(32 << 20).start(event::set)) {
            child.join();
        }
    }
}
