// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.domain;

/**
 * The locks by which the kernel says who is alive. Each ends with the memory of the process that holds it, however that ends, and with nothing
 * else: no forked child, no descriptor sent elsewhere keeps it.
 */
interface SlotLocks {

    /** A lease that is held. */
    interface Lease extends AutoCloseable {
        @Override
        void close();
    }

    /** {@return whether some process holds the slot's live byte} */
    boolean isLive(int slot);

    /** Takes the slot's live byte for the rest of this process's life, or until it drops it. {@return false when another holds it} */
    boolean takeLive(int slot);

    /** Gives the slot's live byte back, which this process has taken. */
    void dropLive(int slot);

    /** {@return the slot's lease, or null when another holds it} */
    @org.jspecify.annotations.Nullable
    Lease tryLease(int slot);
}
