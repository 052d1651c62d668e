// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.domain;

/** What the kernel shows of a process's end before it has freed the process's memory and, with that, let go of its live byte. */
@FunctionalInterface
interface EndProof {

    /**
     * {@return whether a process executes nothing any more, and never will} False where that cannot be told.
     *
     * @param pid          its number when it joined
     * @param pidNamespace the inode of the namespace of that number
     */
    boolean hasEnded(int pid, long pidNamespace);
}
