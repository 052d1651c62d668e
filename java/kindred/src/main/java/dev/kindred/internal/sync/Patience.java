// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.sync;

import dev.kindred.internal.words.Words;

/**
 * How long a waiter sleeps before it looks for itself at what somebody should have told it, such as whether the owner lives: 50 milliseconds at first, then ever longer, up to a second. It is
 * woken at once by a death that somebody notices; this is for the case that all who would notice are stopped.
 */
final class Patience {

    private static final long LEAST_NANOSECONDS = 50_000_000;
    private static final long MOST_NANOSECONDS = 1_000_000_000;

    private long nanoseconds;

    /** A wait begins. */
    void begin() {
        nanoseconds = LEAST_NANOSECONDS;
    }

    /** {@return when the sleep that begins at {@code now} is to end; before {@link Words#NO_DEADLINE}} */
    long next(long now) {
        long end = now + nanoseconds;
        nanoseconds = Math.min(nanoseconds * 2, MOST_NANOSECONDS);
        return end;
    }
}
