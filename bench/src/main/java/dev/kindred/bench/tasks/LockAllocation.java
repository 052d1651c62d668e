// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import dev.kindred.bench.jmh.Uncontended;

/** Acquires and releases a lock. Figure: bytes allocated a pair. */
public final class LockAllocation extends JmhTask.Allocation {

    /** What {@link Uncontended#lock} does. */
    public LockAllocation() {
        super(Uncontended.class, "lock");
    }
}
