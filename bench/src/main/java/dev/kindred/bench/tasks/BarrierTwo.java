// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import dev.kindred.bench.Round;
import dev.kindred.bench.Task;
import dev.kindred.sync.Barrier;

/** Two processes, each pinned to a core of its own, meet at a barrier again and again. Figure: nanoseconds a meeting. */
public final class BarrierTwo implements Task {

    /** How many meetings a round has, of ours and of the peer. */
    public static final int MEETINGS = 1_000;

    private final Ensemble<Barrier> ensemble = Ensemble.start(2, new Barrier(2), BarrierTwo::meet);

    @Override
    public Round play() throws Exception {
        return Round.of(ensemble.play() / MEETINGS);
    }

    private static void meet(Barrier barrier, int process) throws Exception {
        for (int i = 0; i < MEETINGS; i++) {
            int _ = barrier.await();
        }
    }
}
