// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import dev.kindred.bench.jmh.Uncontended;

/** Sets an event, waits for it and clears it. Figure: bytes allocated for all three. */
public final class EventAllocation extends JmhTask.Allocation {

    /** What {@link Uncontended#event} does. */
    public EventAllocation() {
        super(Uncontended.class, "event");
    }
}
