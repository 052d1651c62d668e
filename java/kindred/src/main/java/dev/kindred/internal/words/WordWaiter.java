// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.words;

import java.util.concurrent.atomic.AtomicReference;

/** What waits for a word through a pump: a virtual thread, or a thread that waits for many things. */
final class WordWaiter {

    private enum State { WAITING, WOKEN, CANCELLED }

    /** Where the word lies. That they are referred to from here keeps them mapped while a pump sleeps on the word. */
    final MappedWords words;

    /** Where in them. */
    final long offset;

    /** What it held when the thread decided to wait. */
    final int expected;

    /** What the death epoch was then. */
    final int epoch;

    private final Runnable waking;
    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);

    WordWaiter(Runnable waking, MappedWords words, long offset, int expected, int epoch) {
        this.waking = waking;
        this.words = words;
        this.offset = offset;
        this.expected = expected;
        this.epoch = epoch;
    }

    boolean isWoken() {
        return state.get() == State.WOKEN;
    }

    boolean isCancelled() {
        return state.get() == State.CANCELLED;
    }

    /** {@return whether the thread gave up before it was woken} */
    boolean cancel() {
        return state.compareAndSet(State.WAITING, State.CANCELLED);
    }

    /** {@return whether the thread was still waiting and is woken now} */
    boolean wake() {
        boolean woken = state.compareAndSet(State.WAITING, State.WOKEN);
        if (woken) {
            waking.run();
        }
        return woken;
    }
}
