// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.memory;

import java.util.Objects;
import java.util.concurrent.locks.Lock;
import java.util.function.Supplier;

/**
 * Shared data with a lock that goes with them wherever they go.
 *
 * {@snippet :
 * Value counter = Value.ofInt(0);
 * counter.lock();
 * try {
 *     counter.setInt(counter.getInt() * 2);
 * } finally {
 *     counter.unlock();
 * }
 * }
 *
 * <p>The lock is for what takes several steps. Nothing takes it unasked: a single read or write is complete in itself
 * and neither waits for the lock nor keeps anybody from taking it. So that what one process does under the lock is not
 * disturbed, the others have to take it, too.
 */
public sealed interface Guarded permits Value, Array, Struct, StructArray {

    /** {@return the lock} */
    Lock getLock();

    /**
     * Takes the lock, waiting for it if need be, as {@link Lock#lock()} of {@link #getLock()} does. With the lock that
     * a value gets by itself, a process that ends while it holds it, killed or not, hands it to the next who asks; the
     * data are as it left them.
     */
    default void lock() {
        getLock().lock();
    }

    /**
     * Gives the lock back, as {@link Lock#unlock()} of {@link #getLock()} does.
     *
     * @throws IllegalMonitorStateException if the caller does not hold it
     */
    default void unlock() {
        getLock().unlock();
    }

    /**
     * Does something under the lock.
     *
     * @param action what to do
     */
    default void withLock(Runnable action) {
        Objects.requireNonNull(action);
        lock();
        try {
            action.run();
        } finally {
            unlock();
        }
    }

    /**
     * Computes something under the lock.
     *
     * @param <T>    what is computed
     * @param action how
     * @return what it has computed
     */
    default <T> T withLock(Supplier<T> action) {
        Objects.requireNonNull(action);
        lock();
        try {
            return action.get();
        } finally {
            unlock();
        }
    }
}
