// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.sync;

import java.util.concurrent.locks.ReentrantLock;

import dev.kindred.internal.words.Words;

/**
 * Where the threads of one process queue up for a mutex that another holds. Whoever holds the gate watches the shared word for all of them,
 * and remembers here how long watching without sleeping has paid.
 */
final class Gate extends ReentrantLock {

    private static final long serialVersionUID = 1;

    /** About what a sleep and a wake-up cost together. */
    private static final int MOST_NANOSECONDS = Runtime.getRuntime().availableProcessors() > 1 ? 20_000 : 0;

    private static final int LEAST_NANOSECONDS = MOST_NANOSECONDS / 16;

    private int nanoseconds = MOST_NANOSECONDS;

    /**
     * Watches the word for as long as it lately paid. Called by the holder of this gate.
     *
     * @return what the word holds, which is {@code seen} if it did not change in that time
     */
    int spin(Words words, long offset, int seen) {
        int now = words.spin(offset, seen, nanoseconds);
        nanoseconds = now != seen ? Math.min(MOST_NANOSECONDS, nanoseconds * 2) : Math.max(LEAST_NANOSECONDS, nanoseconds / 2);
        return now;
    }
}
