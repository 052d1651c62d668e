// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.explorer;

import java.time.Duration;

/**
 * What an exploration has seen.
 *
 * @param scenario its name
 * @param states   how many states there are
 * @param moves    how many ways lead from one to another
 * @param memories how many contents the memory has in them
 * @param contents a sum over these contents, which is most likely another for any other contents
 * @param ends     how many of these the memory can have in the end
 * @param endings  a sum over those
 * @param points   at how many points actors stand in them
 * @param runs     how often the code of an actor was run
 * @param time     it took
 */
public record Report(
        String scenario,
        int states,
        long moves,
        int memories,
        long contents,
        int ends,
        long endings,
        int points,
        int runs,
        Duration time) {

    @Override
    public String toString() {
        return "%s: %,d states, %,d moves, %,d memories, %,d of them in the end; %,d points from %,d runs; %.1f s"
                .formatted(scenario, states, moves, memories, ends, points, runs, time.toMillis() / 1e3);
    }
}
