// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.words;

import dev.kindred.internal.explorer.LoneActor;

/**
 * The explorer's memory for one actor at a time, who can be killed at every step that others could see: a store, a reservation, a return of
 * memory. Touching a page that was not reserved is what SIGBUS would be.
 */
public final class SimulatedWords extends ForwardingWords {

    /** Thrown at the step at which an actor dies, and at every step that it would take afterwards, in finally blocks for example. */
    public static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    private final LoneActor actor;

    private SimulatedWords(LoneActor actor) {
        super(actor.words());
        this.actor = actor;
    }

    /** A memory that is all a hole. */
    public SimulatedWords(long epochOffset) {
        this(new LoneActor(epochOffset, Killed::new));
    }

    /** An independent copy, whose actor lives. */
    public SimulatedWords copy() {
        return new SimulatedWords(actor.copy());
    }

    /** Lets whoever acts next die instead of taking step {@code steps}, counted from 0. */
    public void killAt(long steps) {
        actor.killAt(steps);
    }

    /** Ends the reign of the dead: from now on somebody else acts. */
    public void nextActor() {
        killAt(Long.MAX_VALUE);
    }

    /** One step that others can see. */
    public void step() {
        actor.step();
    }

    /** Makes a range touchable. */
    public void reserve(long offset, long length) {
        actor.reserve(offset, length);
    }

    /** Makes pages a hole. */
    public void punch(long offset, long length) {
        actor.punch(offset, length);
    }

    @Override
    public Parker newParker() {
        return new Parker() {
            @Override
            public int await(long deadline, boolean interruptible) {
                throw new AssertionError("the only actor waits for another of its process");
            }

            @Override
            public void wake() {}
        };
    }
}
