// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.sync;

import java.io.ObjectStreamException;
import java.io.Serial;
import java.io.Serializable;

import dev.kindred.internal.inheritance.Inheritance;

/**
 * How a condition travels to a child: where it lies, and its lock, which is one with whatever else refers to that lock in the same task.
 *
 * @param offset where in the space
 * @param lock   the lock; on its way it is a ticket
 */
record ConditionTicket(long offset, OwnedLock lock) implements Serializable {

    @Serial
    private Object readResolve() throws ObjectStreamException {
        return new Condition(lock, Inheritance.adopt(offset));
    }
}
