// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred;

/**
 * Thrown when shared memory cannot be reserved: the file system that holds it is full, the memory cgroup has no room left, or the space of
 * the domain has reached its limit.
 *
 * <p>Room is reserved when an object is created, so this is thrown there and nothing is created; an access to an object that exists never
 * fails for want of memory.
 */
public class OutOfSharedMemoryException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** How many bytes were asked for. */
    private final long requested;

    /**
     * Creates one.
     *
     * @param requested how many bytes were asked for
     * @param message   what was being created, where room is missing, how much is left, and what to do
     */
    public OutOfSharedMemoryException(long requested, String message) {
        super(message);
        this.requested = requested;
    }

    /** {@return how many bytes were asked for} */
    public final long requested() {
        return requested;
    }
}
