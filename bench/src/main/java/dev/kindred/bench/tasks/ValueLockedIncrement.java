// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import dev.kindred.bench.Round;
import dev.kindred.bench.Task;
import dev.kindred.memory.Value;

/** Adds one to a value under its own lock. Figure: nanoseconds an increment. */
public final class ValueLockedIncrement implements Task {

    private static final int INCREMENTS = 2_000_000;

    private final Value value = Value.ofLong(0);

    @Override
    public Round play() {
        long start = System.nanoTime();
        for (int i = 0; i < INCREMENTS; i++) {
            value.lock();
            try {
                value.setLong(value.getLong() + 1);
            } finally {
                value.unlock();
            }
        }
        return Round.of((double) (System.nanoTime() - start) / INCREMENTS);
    }
}
