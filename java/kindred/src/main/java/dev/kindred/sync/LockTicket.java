// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.sync;

import java.io.ObjectStreamException;
import java.io.Serial;
import java.io.Serializable;

import dev.kindred.internal.inheritance.Inheritance;
import dev.kindred.internal.space.Block;

/**
 * How a lock travels to a child: where it lies, and its kind.
 *
 * @param offset    where in the space
 * @param policy    what becomes of it when its owner's process ends
 * @param reentrant whether it is an {@link RLock}
 */
record LockTicket(long offset, OwnedLock.Policy policy, boolean reentrant) implements Serializable {

    @Serial
    private Object readResolve() throws ObjectStreamException {
        Block block = Inheritance.adopt(offset);
        return reentrant ? new RLock(block, policy) : new Lock(block, policy);
    }
}
