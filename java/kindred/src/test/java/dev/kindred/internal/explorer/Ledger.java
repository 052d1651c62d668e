// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.explorer;

/** A state in which something is to be recorded. */
public interface Ledger extends World {

    /** Adds to what is recorded in common under a name, as {@link Actor#add} does. */
    void add(String name, long delta);

    /** Writes an int of the shared memory, as the kernel does. */
    void setInt(long offset, int value);
}
