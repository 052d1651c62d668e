// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import java.io.Serializable;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import dev.kindred.bench.Round;
import dev.kindred.bench.Task;
import dev.kindred.memory.RawArray;
import dev.kindred.memory.CType;
import dev.kindred.memory.RawValue;
import dev.kindred.sync.Lock;

/**
 * Some processes on two cores take turns at one lock as fast as they can, for a time; each adds one to a shared counter while it holds the lock.
 * Figure: nanoseconds a pair of acquire and release, of all together; then what each process did a second, and what a fair share is of what
 * the least of them got.
 */
public class LockContended implements Task {

    /** How long a round takes, of ours and of the peer. */
    public static final long ROUND_MILLISECONDS = 500;

    /** How many pairs between two looks at the clock. */
    private static final int BATCH = 64;

    /** Longs in a cache line, so that no two processes count in the same. */
    private static final int SPACING = 16;

    private record Shared(Lock lock, RawValue counter, RawArray pairs, long milliseconds) implements Serializable {}

    private final int processes;
    private final Shared shared;
    private final Ensemble<Shared> ensemble;

    /** Two processes, each with a core of its own. */
    public LockContended() {
        this(2, ROUND_MILLISECONDS);
    }

    LockContended(int processes, long milliseconds) {
        this.processes = processes;
        shared = new Shared(new Lock(), RawValue.ofLong(0), RawArray.of(CType.LONG, (long) processes * SPACING), milliseconds);
        ensemble = Ensemble.start(processes, shared, LockContended::contend);
    }

    @Override
    public final Round play() throws Exception {
        shared.counter.setLong(0);
        double elapsed = ensemble.play();
        long[] pairs = IntStream.range(0, processes).mapToLong(i -> shared.pairs.getLong((long) i * SPACING)).toArray();
        long sum = LongStream.of(pairs).sum();
        if (shared.counter.getLong() != sum) {
            throw new IllegalStateException("the lock let two in: counted " + shared.counter.getLong() + " of " + sum);
        }
        Round round = Round.of(elapsed / sum);
        for (int i = 0; i < processes; i++) {
            round = round.with("p" + i, Math.round(pairs[i] * 1e9 / elapsed) + "/s");
        }
        double fair = (double) sum / processes;
        return round.with("fair/least", Math.round(100 * fair / LongStream.of(pairs).min().orElseThrow()) / 100.0);
    }

    private static void contend(Shared shared, int process) {
        long end = System.nanoTime() + shared.milliseconds * 1_000_000;
        long done = 0;
        do {
            for (int i = 0; i < BATCH; i++) {
                shared.lock.lock();
                shared.counter.setLong(shared.counter.getLong() + 1);
                shared.lock.unlock();
            }
            done += BATCH;
        } while (System.nanoTime() - end < 0);
        shared.pairs.setLong((long) process * SPACING, done);
    }
}
