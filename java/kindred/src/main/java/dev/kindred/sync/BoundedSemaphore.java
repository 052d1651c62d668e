// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.sync;

import java.io.Serial;

import dev.kindred.Space;
import dev.kindred.internal.space.Block;
import dev.kindred.internal.space.NamedObject;

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

    /**
     * Opens the bounded semaphore of a name in a space, which is created if there is none. However many processes do so at once, they get
     * the same semaphore.
     *
     * @param space   where
     * @param name    1 to 128 ASCII letters, digits, dots, dashes and underscores
     * @param permits how many permits it has at first, if it is created, and at most
     * @return the semaphore
     * @throws IllegalArgumentException               if that is no name for an object, or {@code permits} is negative
     * @throws IllegalStateException                  if something else has the name, be it a bounded semaphore of another bound
     * @throws dev.kindred.SpaceClosedException       if the space is closed
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left for a new one
     */
    public static BoundedSemaphore open(Space space, String name, int permits) {
        int bound = requirePermits("BoundedSemaphore", permits);
        NamedObject object = new NamedObject(name, "BoundedSemaphore", "permits: at most " + bound, false);
        return new BoundedSemaphore(open(space, object, bound, bound));
    }

    BoundedSemaphore(Block block) {
        super(block);
    }

    /** {@return the type, the number of permits, and how many it can have} */
    @Override
    public String toString() {
        return describe(() -> "BoundedSemaphore[value " + getValue() + " of " + limit() + "]");
    }
}
