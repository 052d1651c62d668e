// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import dev.kindred.bench.jmh.Uncontended;

/** Adds one to a value under its lock. Figure: bytes allocated an increment. */
public final class ValueAllocation extends JmhTask.Allocation {

    /** What {@link Uncontended#value} does. */
    public ValueAllocation() {
        super(Uncontended.class, "value");
    }
}
