// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.words;

/** Where one thread waits until another of the same process wakes it, once. It is local to the process, as a {@link Gate} is. */
public interface Parker {

    /**
     * Waits until it is woken; not at all if it was already. To be called by the thread for which the parker was made.
     *
     * @param deadline      when to give up, in terms of {@link Words#now()}; {@link Words#NO_DEADLINE} for never
     * @param interruptible whether an interrupt ends the wait; if not, the interrupt status is left as it is
     * @return {@link Words#WOKEN}, {@link Words#TIMED_OUT}, or {@link Words#INTERRUPTED}, with the thread's interrupt status cleared
     */
    int await(long deadline, boolean interruptible);

    /**
     * Wakes the thread, now or when it comes to wait. To be called by any thread. What it did before is visible to the thread that is
     * woken.
     */
    void wake();
}
