// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import java.io.IOException;
import java.util.stream.DoubleStream;

import dev.kindred.bench.Figures;
import dev.kindred.bench.Round;
import dev.kindred.bench.Task;
import dev.kindred.process.ChildProcess;
import dev.kindred.process.StartMethod;

/** Starts children cold, each in a new JVM. Figure: milliseconds from the call of start to the return of join, the median of the round's starts. */
public class StartSpawn implements Task {

    /** How many starts make a round, of ours and of the peer. */
    public static final int STARTS = 5;

    private final Starts starts;

    /**
     * Starts a first child, without an AOT cache.
     *
     * @throws IOException          if a core cannot be chosen
     * @throws InterruptedException if the thread is interrupted
     */
    public StartSpawn() throws IOException, InterruptedException {
        this(new String[0]);
    }

    StartSpawn(String... options) throws IOException, InterruptedException {
        starts = new Starts(ChildProcess.builder().method(StartMethod.SPAWN).jvmOptions(options));
    }

    @Override
    public final void warmUp() throws InterruptedException {
        play();
    }

    @Override
    public final Round play() throws InterruptedException {
        DoubleStream.Builder times = DoubleStream.builder();
        for (int i = 0; i < STARTS; i++) {
            times.add(starts.once().joined());
        }
        return Round.of(Figures.median(times.build().toArray()));
    }
}
