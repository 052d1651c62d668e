// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.sync;

import java.io.Serial;

import dev.kindred.internal.space.Block;

/**
 * A {@link Semaphore} that never has more permits than it had at first: giving back what was not taken is an error.
 *
 * {@snippet :
 * BoundedSemaphore connections = new BoundedSemaphore(2);
 * connections.acquire();
 * try {
 *     System.out.println("two of us at a time");
 * } finally {
 *     connections.release();
 * }
 * connections.release();    // IllegalStateException: nothing was taken
 * }
 *
 * <p>The permits that there are and the one that is added are looked at in one step, so of two that release one permit too many, whichever
 * threads and processes they are, one gets the exception. C code that posts to the {@linkplain #segment() segment} does not know of the
 * bound.
 *
 * <p>In all else it is as {@link Semaphore}: who can reach it, what a crash leaves behind, and the memory consistency effects. Permits of
 * the dead stay lost, and releasing in their place is within the bound.
 */
public final class BoundedSemaphore extends Semaphore {

    @Serial
    private static final long serialVersionUID = 1;

    /**
     * Creates a bounded semaphore.
     *
     * @param permits how many permits it has at first and at most
     * @throws IllegalArgumentException               if {@code permits} is negative
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    public BoundedSemaphore(int permits) {
        this(allocate(requirePermits("BoundedSemaphore", permits), permits));
    }

    BoundedSemaphore(Block block) {
        super(block);
    }

    /** {@return the type, the number of permits, and how many it can have} */
    @Override
    public String toString() {
        return "BoundedSemaphore[value " + getValue() + " of " + limit() + "]";
    }
}
