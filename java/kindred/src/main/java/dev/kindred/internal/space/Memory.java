// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.space;

/** The memory under the space: what is a hole must be reserved before it is touched. */
interface Memory {

    /**
     * Reserves a range; what was a hole is zero then, the rest is as it was.
     *
     * @throws dev.kindred.OutOfSharedMemoryException if there is no room
     */
    void reserve(long offset, long length);

    /** Makes a range a hole. */
    void punch(long offset, long length);
}
