// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.sync;

import java.util.concurrent.TimeUnit;

import dev.kindred.internal.sync.Deadlines;
import dev.kindred.internal.sync.Mutex;

/** What a caller says of how long it waits, in the terms of the algorithms. */
final class Waits {

    private Waits() {}

    /** {@return when a wait of that length that begins now ends; {@link Mutex#AT_ONCE} for one of no length} */
    static long deadline(long time, TimeUnit unit) {
        return Deadlines.after(time, unit);
    }

    /** Ends an interruptible call of an interrupted thread. */
    static void throwIfInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    /** Ends a call whose wait was interrupted. */
    static void throwIfInterrupted(int outcome) throws InterruptedException {
        if (outcome == Mutex.INTERRUPTED) {
            throw new InterruptedException();
        }
    }
}
