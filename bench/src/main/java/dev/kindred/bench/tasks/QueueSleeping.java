// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import dev.kindred.process.ChildProcess;

/** What {@link QueueBlocking} does, with spinning switched off: who waits sleeps at once. */
public final class QueueSleeping extends QueueBlocking {

    private static final int ROUND_TRIPS = 3_000;

    private static final String SPINNING = "kindred.spin.nanoseconds";

    static {
        // Before the library is first used, in this process; the other is told by an option.
        System.setProperty(SPINNING, "0");
    }

    /** Starts the other process. */
    public QueueSleeping() {
        super(ROUND_TRIPS, ChildProcess.builder().jvmOptions("-D" + SPINNING + "=0"));
    }
}
