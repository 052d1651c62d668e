// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import dev.kindred.bench.Round;
import dev.kindred.bench.Task;
import dev.kindred.memory.CType;
import dev.kindred.memory.RawArray;

/** Copies one array of 64 MiB to another. Figure: milliseconds a copy. */
public final class ArrayCopy implements Task {

    /** What is copied, in bytes. */
    public static final long BYTES = 64L << 20;

    /** How many copies make a round. */
    public static final int COPIES = 10;

    private final RawArray from = RawArray.of(CType.LONG_LONG, BYTES / Long.BYTES);
    private final RawArray to = RawArray.of(CType.LONG_LONG, BYTES / Long.BYTES);

    @Override
    public Round play() {
        long start = System.nanoTime();
        for (int i = 0; i < COPIES; i++) {
            from.setLong(i, i);
            from.copyTo(0, to, 0, from.length());
        }
        return Round.of((System.nanoTime() - start) / 1e6 / COPIES);
    }
}
