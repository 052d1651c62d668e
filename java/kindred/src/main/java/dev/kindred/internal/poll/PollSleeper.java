// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.poll;

import dev.kindred.internal.os.Descriptors;
import dev.kindred.internal.os.Events;
import dev.kindred.internal.os.PollSet;
import dev.kindred.internal.words.InterruptSelector;
import dev.kindred.internal.words.Words;
import org.jspecify.annotations.Nullable;

/**
 * How a platform thread polls and still obeys {@link Thread#interrupt()} at once: that rings a bell that the thread polls beside what it waits for.
 */
final class PollSleeper extends InterruptSelector {

    private static final ThreadLocal<@Nullable PollSleeper> CURRENT = new ThreadLocal<>();

    private final PollSet set = new PollSet();

    /** That of the current sleep. */
    private int bell;

    private PollSleeper() {}

    /** {@return the calling platform thread's own} */
    static PollSleeper current() {
        PollSleeper sleeper = CURRENT.get();
        if (sleeper == null) {
            sleeper = new PollSleeper();
            CURRENT.set(sleeper);
        }
        return sleeper;
    }

    /** {@return the set for the next sleep, empty} */
    PollSet newSet() {
        set.clear();
        return set;
    }

    /**
     * Sleeps until a descriptor of the set is ready.
     *
     * @param borrowed a bell that the caller keeps until this returns
     * @return {@link Words#WOKEN}, {@link Words#TIMED_OUT} or {@link Words#INTERRUPTED}
     */
    int sleep(int borrowed, long deadline) {
        bell = borrowed;
        set.add(borrowed, Descriptors.POLLIN);
        int ready = 0;
        boolean polled = false;
        // After end() nobody rings for an interrupt any more, so the bell may be another's then.
        begin();
        try {
            if (!Thread.currentThread().isInterrupted()) {
                ready = set.await(deadline);
                polled = true;
            }
        } finally {
            end();
        }
        if (Thread.interrupted()) {
            return Words.INTERRUPTED;
        }
        return polled && ready == 0 ? Words.TIMED_OUT : Words.WOKEN;
    }

    @Override
    protected void endSleep() {
        Events.signal(bell);
    }
}
