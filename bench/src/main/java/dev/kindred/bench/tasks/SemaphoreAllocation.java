// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import dev.kindred.bench.jmh.Uncontended;

/** Takes a permit and gives it back. Figure: bytes allocated a pair. */
public final class SemaphoreAllocation extends JmhTask.Allocation {

    /** What {@link Uncontended#semaphore} does. */
    public SemaphoreAllocation() {
        super(Uncontended.class, "semaphore");
    }
}
