// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import dev.kindred.bench.jmh.AtomicAdd;

/** Adds to an AtomicLong. Figure: nanoseconds an addition. */
public final class AtomicLongAdd extends JmhTask.Time {

    /** What {@link AtomicAdd#atomicLong} does. */
    public AtomicLongAdd() {
        super(AtomicAdd.class, "atomicLong");
    }
}
