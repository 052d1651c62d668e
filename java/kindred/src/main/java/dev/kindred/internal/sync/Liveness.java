// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.sync;

/** Tells the words' owners that live from those that do not. */
public interface Liveness {

    /**
     * {@return whether the process of that id has ended} Then it executes nothing any more, though the kernel may have yet to free its memory and
     * to close its descriptors. The answer true is final. The answer false may be late; the death epoch is raised
     * after every answer that changes to true.
     *
     * @param id generation and slot of a process, as {@link MutexLayout#OWNER} bits
     */
    boolean isDead(int id);

    /**
     * Asks the kernel whether a process has ended that nobody is seen to have missed yet, and if so recovers it. Who watches it may be stopped.
     *
     * @param id as for {@link #isDead}
     */
    void examine(int id);
}
