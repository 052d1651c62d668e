// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.sync;

import java.io.ObjectStreamException;
import java.io.Serial;
import java.io.Serializable;

import dev.kindred.internal.inheritance.Inheritance;

/**
 * How an event travels to a child.
 *
 * @param offset where in the space it lies
 */
record EventTicket(long offset) implements Serializable {

    @Serial
    private Object readResolve() throws ObjectStreamException {
        return new Event(Inheritance.adopt(offset));
    }
}
