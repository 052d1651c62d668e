// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.sync;

/**
 * The words of a counting semaphore. The first 32 bytes are what glibc, from 2.21 on, takes for a {@code sem_t} that processes share on a
 * 64-bit machine, so that C code can use it, too. Two words of our own may follow.
 *
 * <pre>
 *       63                       32 31                        0
 *      +---------------------------+---------------------------+
 *    0 | how many wait for it      | how many permits it has   |
 *      +---------------------------+---------------------------+
 *    8 | 0                         | 0x80: processes share it  |
 *      +---------------------------+---------------------------+
 *   16 | 0                                                     |
 *      +-------------------------------------------------------+
 *   24 | 0                                                     |
 *      +---------------------------+---------------------------+
 *   32 | the most permits          | is somebody waiting long? |
 *      +---------------------------+---------------------------+
 * </pre>
 *
 * <p>C code counts each of its waiting threads, we one for each process. It sleeps, as we do, on the word of the permits.
 *
 * <p>In the word that says whether processes share it stands what is <i>taken away</i> from an operation on a futex: FUTEX_PRIVATE_FLAG.
 */
public final class SemaphoreLayout {

    /** How many bytes a {@code sem_t} has. */
    public static final int LIBRARY_SIZE = 32;

    /** How many bytes a semaphore of our own has. */
    public static final int SIZE = 40;

    /** The most permits that any semaphore can have: SEM_VALUE_MAX. */
    public static final int VALUE_MAX = Integer.MAX_VALUE;

    /** The permits, in an int; with the waiters, in a long. */
    static final int STATE = 0;

    /** One of those who wait, in the long. */
    static final long WAITER = 1L << 32;

    /** Whether processes share it. */
    static final int SHARING = 8;

    /** What stands there if they do. */
    static final int SHARED = 0x80;

    /** Whether somebody has waited long, so that those who come new do not take a permit at once: 0 or 1. A hint. */
    static final int RESERVED = 32;

    /** The most permits that it can have. */
    static final int LIMIT = 36;

    private SemaphoreLayout() {}

    /** {@return the permits in a state} */
    static int permits(long state) {
        return (int) state;
    }

    /** {@return how many wait, as a state says} */
    static long waiters(long state) {
        return state >>> 32;
    }
}
