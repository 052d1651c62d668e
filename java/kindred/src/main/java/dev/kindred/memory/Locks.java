// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.memory;

import java.io.Serializable;
import java.util.concurrent.locks.Lock;

import dev.kindred.sync.RLock;

/** The locks that can guard shared data. */
final class Locks {

    private Locks() {}

    /**
     * {@return a new lock of the kind that data get by themselves: reentrant, and taken over from a dead process by the
     * next who asks}
     */
    static Lock create() {
        return RLock.takeOver();
    }

    /**
     * Checks a lock that a user gave.
     *
     * @return the lock
     * @throws IllegalArgumentException if it is a lock of one process only
     */
    static Lock check(Lock lock) {
        if (lock instanceof dev.kindred.sync.Lock || lock instanceof RLock) {
            return lock;
        }
        throw new IllegalArgumentException("a " + lock.getClass().getName()
                + " cannot guard shared data, because other processes cannot take it: use a "
                + dev.kindred.sync.Lock.class.getName() + " or a " + RLock.class.getName());
    }

    /** {@return a lock as what travels with the data} */
    static Serializable ticket(Lock lock) {
        return (Serializable) lock;
    }
}
