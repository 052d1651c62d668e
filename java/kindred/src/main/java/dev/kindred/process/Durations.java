// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import java.time.Duration;

/** Durations as the waits below the public methods count them. */
final class Durations {

    private Durations() {}

    /** {@return the duration in nanoseconds; {@link Long#MAX_VALUE} for one that is longer than 292 years} */
    static long toNanoseconds(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException tooLong) {
            return duration.isNegative() ? 0 : Long.MAX_VALUE;
        }
    }
}
