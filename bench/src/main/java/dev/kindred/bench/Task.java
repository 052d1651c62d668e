// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench;

/**
 * What one of our own processes plays: made in a JVM of its own by {@link Worker}, with a constructor that has no parameters.
 *
 * <p>The JVM is pinned to a core from its first instruction. The constructor prepares; {@link #warmUp} runs until the JIT compiler has nothing left to
 * do; each {@link #play} is one round.
 */
public interface Task {

    /**
     * Plays one round.
     *
     * @throws Exception if it cannot be played, which ends the row
     */
    Round play() throws Exception;

    /**
     * Plays {@value #WARM_UP_ROUNDS} rounds whose figures nobody sees.
     *
     * @throws Exception if one cannot be played
     */
    default void warmUp() throws Exception {
        for (int i = 0; i < WARM_UP_ROUNDS; i++) {
            play();
        }
    }

    /** How many rounds warm a task up, unless it says otherwise. */
    int WARM_UP_ROUNDS = 10;
}
