// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import dev.kindred.bench.Round;
import dev.kindred.bench.Task;
import dev.kindred.sync.Semaphore;

/** Takes and gives a permit that nobody else wants. Figure: nanoseconds a pair. */
public final class SemaphoreUncontended implements Task {

    private static final int PAIRS = 5_000_000;

    private final Semaphore semaphore = new Semaphore(1);

    @Override
    public Round play() {
        long start = System.nanoTime();
        for (int i = 0; i < PAIRS; i++) {
            semaphore.acquireUninterruptibly();
            semaphore.release();
        }
        return Round.of((double) (System.nanoTime() - start) / PAIRS);
    }
}
