// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import java.io.IOException;

import dev.kindred.bench.Round;
import dev.kindred.bench.Task;
import dev.kindred.process.ChildProcess;

/** Starts children one after the other without a pause, so that the spares cannot keep up. Figure: milliseconds a child. */
public final class StartSustained implements Task {

    /** How many children make a round, of ours and of the peer. */
    public static final int STARTS = 50;

    private final Starts starts = new Starts(ChildProcess.builder());

    /**
     * Starts a first child.
     *
     * @throws IOException          if a core cannot be chosen
     * @throws InterruptedException if the thread is interrupted
     */
    public StartSustained() throws IOException, InterruptedException {}

    @Override
    public void warmUp() {}

    @Override
    public Round play() throws IOException, InterruptedException {
        Starts.awaitSpares();
        long start = System.nanoTime();
        for (int i = 0; i < STARTS; i++) {
            starts.once();
        }
        return Round.of((System.nanoTime() - start) / 1e6 / STARTS);
    }
}
