// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.words;

/**
 * Where the threads of one process queue up for a shared object, so that only one of them at a time watches its words. It is local to the
 * process: no other is held up by who stands here, dead or alive.
 */
public interface Gate {

    /**
     * Enters, waiting as long as another thread of this process is inside.
     *
     * @param deadline      when to give up, in terms of {@link Words#now()}; {@link Words#NO_DEADLINE} for never
     * @param interruptible whether an interrupt ends the wait; if not, the interrupt status is left as it is
     * @return {@link Words#WOKEN} if the caller is inside now, {@link Words#TIMED_OUT}, or {@link Words#INTERRUPTED}, with the thread's
     *         interrupt status cleared
     */
    int enter(long deadline, boolean interruptible);

    /** Leaves. To be called by the thread that entered. */
    void leave();
}
