// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.sync;

import java.io.ObjectStreamException;
import java.io.Serial;
import java.io.Serializable;

import dev.kindred.internal.inheritance.Inheritance;
import org.jspecify.annotations.Nullable;

/**
 * How a barrier travels to a child: where it lies, and what is not in shared memory.
 *
 * @param offset      where in the space
 * @param action      what the last to come does; a copy of it arrives
 * @param nanoseconds how long a wait takes at most that says nothing of it
 */
record BarrierTicket(long offset, Barrier.@Nullable Action action, long nanoseconds) implements Serializable {

    @Serial
    private Object readResolve() throws ObjectStreamException {
        return new Barrier(Inheritance.adopt(offset), action, nanoseconds);
    }
}
