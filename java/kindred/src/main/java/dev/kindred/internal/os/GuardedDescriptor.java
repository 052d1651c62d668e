// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.os;

import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A descriptor that one thread closes while others may use it: closing waits for the uses that have begun, and none begins afterwards. So
 * no use meets another file under the same number.
 */
public final class GuardedDescriptor implements AutoCloseable {

    private static final int CLOSED = -1;

    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final Use use = new Use();
    private int descriptor;

    /** A use of it, which is over when this is closed: by the thread that has begun it. */
    public final class Use implements AutoCloseable {

        private Use() {}

        /** {@return whether the descriptor is open, and so stays open until the use is over} */
        public boolean isPossible() {
            return descriptor != CLOSED;
        }

        /** {@return its number, which must not be used afterwards} For a use that is possible. */
        public int number() {
            return descriptor;
        }

        @Override
        public void close() {
            lock.readLock().unlock();
        }
    }

    /** Guards a descriptor, which is this object's from now on. */
    public GuardedDescriptor(int descriptor) {
        this.descriptor = descriptor;
    }

    /** Begins to use it. {@return the use, which must be closed, also if it is not possible} */
    public Use use() {
        lock.readLock().lock();
        return use;
    }

    /** {@return its number} For one that is never closed. */
    public int number() {
        try (Use begun = use()) {
            return begun.number();
        }
    }

    /** Closes it, unless it is closed. */
    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (descriptor != CLOSED) {
                int number = descriptor;
                descriptor = CLOSED;
                Descriptors.close(number);
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
