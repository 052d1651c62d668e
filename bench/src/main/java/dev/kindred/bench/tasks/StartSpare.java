// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import java.io.IOException;
import java.util.function.ToDoubleFunction;

import dev.kindred.bench.Round;
import dev.kindred.bench.Task;
import dev.kindred.process.ChildProcess;

/** Starts children one after the other, each when a spare is ready. Figure: milliseconds, the median of the round's starts. */
abstract class StartSpare implements Task {

    /** How many starts make a round, of ours and of the peer. */
    public static final int STARTS = 7;

    private final Starts starts = new Starts(ChildProcess.builder());
    private final ToDoubleFunction<Starts.Times> time;

    StartSpare(ToDoubleFunction<Starts.Times> time) throws IOException, InterruptedException {
        this.time = time;
    }

    @Override
    public final void warmUp() throws IOException, InterruptedException {
        play();
    }

    @Override
    public final Round play() throws IOException, InterruptedException {
        return Round.of(starts.medianWithSpare(STARTS, time));
    }
}
