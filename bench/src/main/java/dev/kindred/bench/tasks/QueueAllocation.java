// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import dev.kindred.bench.jmh.QueueUse;

/** Puts and takes bytes and a number. Figure: bytes allocated by all four. */
public final class QueueAllocation extends JmhTask.Allocation {

    /** What {@link QueueUse#bytesAndLongs} does. */
    public QueueAllocation() {
        super(QueueUse.class, "bytesAndLongs");
    }
}
