// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.sync;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import dev.kindred.internal.words.Words;

/** What a caller says of how long it waits, in the terms of the algorithms. */
public final class Deadlines {

    private Deadlines() {}

    /** {@return when a wait of that length that begins now ends; {@link Words#AT_ONCE} for one of no length} */
    public static long after(Duration time) {
        try {
            return after(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ArithmeticException tooLong) {
            return time.isNegative() ? Words.AT_ONCE : Words.NO_DEADLINE;
        }
    }

    /** {@return when a wait of that length that begins now ends; {@link Words#AT_ONCE} for one of no length} */
    public static long after(long time, TimeUnit unit) {
        long nanoseconds = unit.toNanos(time);
        if (nanoseconds <= 0) {
            return Words.AT_ONCE;
        }
        long deadline = System.nanoTime() + nanoseconds;
        return deadline < 0 ? Words.NO_DEADLINE : deadline;
    }

    /** Ends an interruptible call of an interrupted thread. */
    public static void throwIfInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }
}
