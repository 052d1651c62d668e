// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import dev.kindred.bench.jmh.AtomicAdd;

/** Adds to a value, atomically. Figure: nanoseconds an addition. */
public final class ValueAtomicAdd extends JmhTask.Time {

    /** What {@link AtomicAdd#value} does. */
    public ValueAtomicAdd() {
        super(AtomicAdd.class, "value");
    }
}
