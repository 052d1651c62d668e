// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.words;

import java.util.concurrent.locks.LockSupport;

/** A parker for a real thread. */
public final class ThreadParker implements Parker {

    private final Thread thread = Thread.currentThread();
    private volatile boolean woken;

    /** Makes one for the calling thread. */
    public ThreadParker() {}

    @Override
    public int await(long deadline, boolean interruptible) {
        boolean restoreInterrupt = false;
        try {
            while (!woken) {
                if (Thread.interrupted()) {
                    if (interruptible) {
                        return Words.INTERRUPTED;
                    }
                    restoreInterrupt = true;
                }
                if (deadline == Words.NO_DEADLINE) {
                    LockSupport.park(this);
                } else {
                    long remaining = deadline - System.nanoTime();
                    if (remaining <= 0) {
                        return Words.TIMED_OUT;
                    }
                    LockSupport.parkNanos(this, remaining);
                }
            }
            return Words.WOKEN;
        } finally {
            if (restoreInterrupt) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void wake() {
        woken = true;
        LockSupport.unpark(thread);
    }
}
