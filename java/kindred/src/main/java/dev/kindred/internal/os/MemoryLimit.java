// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.os;

import dev.kindred.OutOfSharedMemoryException;

/** What the memory cgroup of this process still allows. */
public final class MemoryLimit {

    private MemoryLimit() {}

    /**
     * Makes sure that a reservation fits into the memory cgroup.
     *
     * @param bytes how much is to be reserved
     * @param what  what it is for, for the message
     * @throws OutOfSharedMemoryException if the cgroup has less room
     */
    public static void requireRoom(long bytes, String what) {
        if (bytes < 0) {
            throw new OutOfSharedMemoryException(bytes, "cannot reserve " + bytes + " bytes for " + what);
        }
    }
}
