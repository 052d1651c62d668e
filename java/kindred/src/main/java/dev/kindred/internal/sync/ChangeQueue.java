// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.sync;

import dev.kindred.internal.words.Words;
import org.jspecify.annotations.Nullable;

/**
 * How the threads of one process wait for a word to move on from what each of them saw in it when it came: an event's epoch, a barrier's
 * round.
 *
 * <p>They stand in line. Each looks at the word once it stands there, so whoever is ahead of one that found nothing came no later in the
 * word's history, and when the first has nothing to go on, neither has anybody behind it.
 */
abstract class ChangeQueue extends WaitQueue {

    /** A thread in line. */
    private static final class Waiter extends Line.Place<Waiter> {}

    private final Words words;
    private final long offset;
    private final Line<Waiter> line;

    /** The place of a thread that has left, for the next that comes: so one thread at a time waits without garbage. Guarded by the line. */
    private @Nullable Waiter spare;

    /** Where the thread that watches came in. */
    private int start;

    /** Waits for the word at an offset. */
    ChangeQueue(Words words, long offset) {
        super(words, offset);
        this.words = words;
        this.offset = offset;
        this.line = new Line<>(words);
    }

    /**
     * {@return the outcome for a thread that came when the word was {@code start}, {@link #WAIT} or {@link #RETRY}}
     *
     * @param word what the word holds
     */
    abstract int outcome(int word, int start);

    /**
     * Waits until there is an outcome.
     *
     * @param start what the caller saw in the word
     * @return the outcome, {@link Outcome#TIMED_OUT} or {@link Outcome#INTERRUPTED}
     */
    final int awaitChange(int start, long deadline, boolean interruptible) {
        Waiter waiter = enter();
        try {
            int outcome;
            do {
                outcome = outcome(words.getVolatile(offset), start);
            } while (outcome == RETRY);
            if (outcome >= 0) {
                return outcome;
            }
            int turn = waiter.awaitTurn(deadline, interruptible);
            if (turn != Words.WOKEN) {
                return turn == Words.INTERRUPTED ? Outcome.INTERRUPTED : Outcome.TIMED_OUT;
            }
            return await(deadline, interruptible, start);
        } finally {
            leave(waiter);
        }
    }

    private Waiter enter() {
        synchronized (line) {
            Waiter waiter = spare == null ? new Waiter() : spare;
            spare = null;
            line.enter(waiter);
            return waiter;
        }
    }

    private void leave(Waiter waiter) {
        Waiter next;
        synchronized (line) {
            next = line.leave(waiter);
            if (waiter.wasAlwaysFirst()) {
                spare = waiter;
            }
        }
        if (next != null) {
            next.wake();
        }
    }

    @Override
    final void begin(int argument) {
        start = argument;
    }

    @Override
    final int attempt(int word) {
        return outcome(word, start);
    }
}
