// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.sync;

import java.util.concurrent.TimeUnit;

import dev.kindred.internal.words.Words;

/** What a caller says of how long it waits, in the terms of the algorithms. */
public final class Deadlines {

    private Deadlines() {}

    /** {@return when a wait of that length that begins now ends; {@link Words#AT_ONCE} for one of no length} */
    public static long after(long time, TimeUnit unit) {
        long nanoseconds = unit.toNanos(time);
        if (nanoseconds <= 0) {
            return Words.AT_ONCE;
        }
        long deadline = System.nanoTime() + nanoseconds;
        return deadline < 0 ? Words.NO_DEADLINE : deadline;
    }
}
