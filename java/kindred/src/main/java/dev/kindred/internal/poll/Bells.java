// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.poll;

import java.util.ArrayDeque;
import java.util.Deque;

import dev.kindred.internal.os.Descriptors;
import dev.kindred.internal.os.Events;
import org.jspecify.annotations.Nullable;

/** Descriptors by which threads that poll are woken, kept for the next who polls: one that does not wait holds none. */
final class Bells {

    /** How many are kept. */
    private static final int IDLE_LIMIT = 8;

    private static final Deque<Integer> IDLE = new ArrayDeque<>();

    private Bells() {}

    /**
     * {@return one that is silent}
     *
     * @throws dev.kindred.SystemCallException if this process may have no more descriptors
     */
    static int borrow() {
        @Nullable Integer idle;
        synchronized (IDLE) {
            idle = IDLE.pollLast();
        }
        return idle != null ? idle : Events.create();
    }

    /** Takes one back that nobody rings any more. */
    static void giveBack(int bell) {
        boolean _ = Events.clear(bell);
        synchronized (IDLE) {
            if (IDLE.size() < IDLE_LIMIT) {
                IDLE.addLast(bell);
                return;
            }
        }
        Descriptors.close(bell);
    }

    /** Closes those that are kept. */
    static void closeIdle() {
        synchronized (IDLE) {
            for (Integer bell = IDLE.pollLast(); bell != null; bell = IDLE.pollLast()) {
                Descriptors.close(bell);
            }
        }
    }
}
