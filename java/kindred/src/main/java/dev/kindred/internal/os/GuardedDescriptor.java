// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.os;

import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.IntFunction;

import org.jspecify.annotations.Nullable;

/**
 * A descriptor that one thread closes while others may use it: closing waits for the uses that have begun, and none begins afterwards. So
 * no use meets another file under the same number.
 */
public final class GuardedDescriptor implements AutoCloseable {

    private static final int CLOSED = -1;

    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private int descriptor;

    /** Guards a descriptor, which is this object's from now on. */
    public GuardedDescriptor(int descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Uses it.
     *
     * @param <T>      what comes of that
     * @param use      what to do with its number, which must not be used afterwards
     * @param ifClosed the result if it is closed
     * @return the result
     */
    public <T extends @Nullable Object> T use(IntFunction<T> use, T ifClosed) {
        lock.readLock().lock();
        try {
            return descriptor == CLOSED ? ifClosed : use.apply(descriptor);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** {@return its number} For one that is never closed. */
    public int number() {
        return use(Integer::valueOf, CLOSED);
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
