// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import java.io.Serializable;

import dev.kindred.bench.Round;
import dev.kindred.bench.Task;
import dev.kindred.process.ChildProcess;
import dev.kindred.process.ChildProcessBuilder;

/**
 * Two processes, each pinned to a core of its own, hand something to each other and back, again and again. Figure: nanoseconds a round trip.
 *
 * @param <S> what they share
 */
abstract class PingPong<S extends Serializable> implements Task {

    /** One side of a round trip. */
    @FunctionalInterface
    interface Side<S> extends Serializable {
        /** Does what process {@code process} does. */
        void play(S shared, int process) throws Exception;
    }

    private final int roundTrips;
    private final Ensemble<S> ensemble;

    PingPong(S shared, int roundTrips, Side<S> side) {
        this(shared, roundTrips, side, ChildProcess.builder());
    }

    PingPong(S shared, int roundTrips, Side<S> side, ChildProcessBuilder options) {
        this.roundTrips = roundTrips;
        this.ensemble = Ensemble.start(2, shared, (common, process) -> {
            for (int i = 0; i < roundTrips; i++) {
                side.play(common, process);
            }
        }, options);
    }

    @Override
    public final Round play() throws Exception {
        return Round.of(ensemble.play() / roundTrips);
    }
}
