// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.os;

import java.util.concurrent.locks.LockSupport;

/** The lack of something that objects may hold which nobody reaches any more: what failed for it is tried again after a garbage collection. */
public final class Scarcity {

    private static final long FIRST_PAUSE_NANOSECONDS = 1_000_000;

    private static final long LAST_PAUSE_NANOSECONDS = 50_000_000;

    private long pause;

    /** Something has failed for the first time. */
    public Scarcity() {}

    /**
     * Collects garbage, and waits for what that frees, at each call longer: in all about a tenth of a second.
     *
     * @return whether another attempt is worth it; false at once after that time
     */
    public boolean awaitRelief() {
        if (pause > LAST_PAUSE_NANOSECONDS) {
            return false;
        }
        if (pause == 0) {
            System.gc();
            pause = FIRST_PAUSE_NANOSECONDS;
        } else {
            pause *= 2;
        }
        // The cleaners work on threads of their own, and nothing says when they are done.
        LockSupport.parkNanos(this, pause);
        return true;
    }
}
