// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.sync;

import java.io.ObjectStreamException;
import java.io.Serial;
import java.io.Serializable;

import dev.kindred.internal.inheritance.Inheritance;
import dev.kindred.internal.space.Block;

/**
 * How a semaphore travels to a child: where it lies, and its kind.
 *
 * @param offset where in the space
 * @param kind   what it is
 */
record SemaphoreTicket(long offset, Kind kind) implements Serializable {

    /** The kinds of semaphores that lie in the space. */
    enum Kind { COUNTING, BOUNDED, ROBUST }

    @Serial
    private Object readResolve() throws ObjectStreamException {
        Block block = Inheritance.adopt(offset);
        return switch (kind) {
            case COUNTING -> new Semaphore(block);
            case BOUNDED -> new BoundedSemaphore(block);
            case ROBUST -> new RobustSemaphore(block);
        };
    }
}
