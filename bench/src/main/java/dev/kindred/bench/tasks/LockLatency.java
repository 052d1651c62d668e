// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import java.io.Serializable;
import java.util.Arrays;

import dev.kindred.bench.Round;
import dev.kindred.bench.Task;
import dev.kindred.memory.RawValue;
import dev.kindred.sync.Lock;

/**
 * Two processes, each pinned to a core of its own, take turns at one lock as fast as they can. Figure: nanoseconds that an acquire of process 0 takes
 * at most, in 99.9 of 100 cases; then the median and the largest.
 */
public final class LockLatency implements Task {

    /** How many acquires of process 0 a round has, of ours and of the peer. */
    public static final int SAMPLES = 1_000_000;

    private record Shared(Lock lock, RawValue counter, RawValue ended) implements Serializable {}

    /** Of process 0 only. */
    private static final long[] TIMES = new long[SAMPLES];

    private final Shared shared = new Shared(new Lock(), RawValue.ofLong(0), RawValue.ofLong(0));
    private final Ensemble<Shared> ensemble = Ensemble.start(2, shared, LockLatency::contend);

    @Override
    public Round play() throws Exception {
        shared.ended.setVolatile(0);
        double _ = ensemble.play();
        Arrays.sort(TIMES);
        return Round.of(TIMES[SAMPLES / 1000 * 999]).with("median", TIMES[SAMPLES / 2]).with("worst", TIMES[SAMPLES - 1]);
    }

    private static void contend(Shared shared, int process) {
        if (process == 0) {
            for (int i = 0; i < SAMPLES; i++) {
                TIMES[i] = acquire(shared);
            }
            shared.ended.setVolatile(1);
        } else {
            while (shared.ended.getVolatile() == 0) {
                long _ = acquire(shared);
            }
        }
    }

    private static long acquire(Shared shared) {
        long start = System.nanoTime();
        shared.lock.lock();
        long time = System.nanoTime() - start;
        shared.counter.setLong(shared.counter.getLong() + 1);
        shared.lock.unlock();
        return time;
    }
}
