// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import java.util.Arrays;

import dev.kindred.bench.Figures;
import dev.kindred.bench.Round;
import dev.kindred.bench.Task;
import dev.kindred.internal.crash.CrashPoint;
import dev.kindred.memory.RawValue;
import dev.kindred.process.ChildProcess;
import dev.kindred.process.ChildProcessBuilder;
import dev.kindred.process.StartMethod;
import dev.kindred.sync.Event;

/**
 * Lets children set an event and kill themselves (SIGKILL) before they wake who waits for it. Figure: milliseconds from just before that to the moment the
 * waiter goes on; the median of the round's deaths. Then the worst of them.
 */
public final class RecoverEvent implements Task {

    private static final int DEATHS = 9;

    /** No spares, which set an event in their rehearsal. */
    private final ChildProcessBuilder settings = ChildProcess.builder().method(StartMethod.SPAWN)
            .jvmOptions("-Dkindred.crash=EVENT_SET:1:KILL:LATER");

    @Override
    public void warmUp() throws Exception {
        double _ = die();
    }

    @Override
    public Round play() throws Exception {
        double[] times = new double[DEATHS];
        for (int i = 0; i < DEATHS; i++) {
            times[i] = die();
        }
        return Round.of(Figures.median(times)).with("worst", Arrays.stream(times).max().orElseThrow());
    }

    private double die() throws InterruptedException {
        Event event = new Event();
        RawValue start = RawValue.ofLong(0);
        try (ChildProcess child = settings.start(() -> setAndDie(event, start))) {
            event.await();
            double milliseconds = (System.nanoTime() - start.getLong()) / 1e6;
            child.join();
            return milliseconds;
        }
    }

    private static void setAndDie(Event event, RawValue start) {
        CrashPoint.countFromHere();
        start.setLong(System.nanoTime());
        event.set();
    }
}
