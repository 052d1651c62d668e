// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.sync;

import dev.kindred.internal.words.Parker;
import dev.kindred.internal.words.Words;
import org.jspecify.annotations.Nullable;

/**
 * The threads of one process that wait for the same object, in the order in which they came. The first of them watches shared memory, the
 * others park; who leaves wakes the one that is first then.
 *
 * <p>A {@link WaitQueue}'s gate lets its threads in as they happen to run. That does where all wait for the same; where a later thread
 * may wait for what comes later, it would bar the way to an earlier one whose wait is over.
 *
 * @param <P> a thread's place, with what the object must know of its wait
 */
final class Line<P extends Line.Place<P>> {

    /** Where a thread stands in a line. */
    abstract static class Place<P extends Place<P>> {
        private @Nullable P previous;
        private @Nullable P next;

        /** Where the thread waits until it is first; null if it was from the beginning. */
        private @Nullable Parker parker;

        /** For subclasses. */
        Place() {}

        /**
         * {@return {@link Words#WOKEN} when the calling thread, whose place this is, has become first in its line; else why it did not
         * wait for that}
         */
        final int awaitTurn(long deadline, boolean interruptible) {
            return parker == null ? Words.WOKEN : parker.await(deadline, interruptible);
        }

        /** Lets the thread know that it is first. */
        final void wake() {
            if (parker != null) {
                parker.wake();
            }
        }

        /** {@return whether it never had to wait for its turn, so that nobody will ever wake it} */
        final boolean wasAlwaysFirst() {
            return parker == null;
        }
    }

    private final Words words;
    private @Nullable P first;
    private @Nullable P last;

    Line(Words words) {
        this.words = words;
    }

    /** Adds a place for the calling thread at the end. */
    synchronized void enter(P place) {
        if (last == null) {
            first = place;
        } else {
            ((Place<P>) place).parker = words.newParker();
            ((Place<P>) place).previous = last;
            ((Place<P>) last).next = place;
        }
        last = place;
    }

    /** {@return the place to be woken, because it has become first by this leaving; or null} */
    synchronized @Nullable P leave(P place) {
        P previous = ((Place<P>) place).previous;
        P next = ((Place<P>) place).next;
        ((Place<P>) place).previous = null;
        ((Place<P>) place).next = null;
        if (next == null) {
            last = previous;
        } else {
            ((Place<P>) next).previous = previous;
        }
        if (previous != null) {
            ((Place<P>) previous).next = next;
            return null;
        }
        first = next;
        return next;
    }

    /** {@return whether nobody is in it} */
    synchronized boolean isEmpty() {
        return first == null;
    }

    /** {@return the place behind another, or null if it is the last} */
    synchronized @Nullable P after(P place) {
        return ((Place<P>) place).next;
    }
}
