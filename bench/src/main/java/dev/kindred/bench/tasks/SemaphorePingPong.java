// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import java.io.Serializable;

import dev.kindred.process.ChildProcess;
import dev.kindred.process.ChildProcessBuilder;
import dev.kindred.sync.Semaphore;

/** Hands a permit over and back through two semaphores. */
public class SemaphorePingPong extends PingPong<SemaphorePingPong.Shared> {

    /** How many round trips a round of sem_t has, which are slower than ours. */
    public static final int THEIR_ROUND_TRIPS = 3_000;

    /** How many a round of whoever spins has. */
    public static final int ROUND_TRIPS = 300_000;

    /** What the processes share. */
    record Shared(Semaphore there, Semaphore back) implements Serializable {}

    /** As they come: who waits spins for a while and then sleeps. */
    public SemaphorePingPong() {
        this(ROUND_TRIPS, ChildProcess.builder());
    }

    SemaphorePingPong(int roundTrips, ChildProcessBuilder options) {
        super(new Shared(new Semaphore(0), new Semaphore(0)), roundTrips, SemaphorePingPong::handOver, options);
    }

    private static void handOver(Shared shared, int process) {
        if (process == 0) {
            shared.there.release();
            shared.back.acquireUninterruptibly();
        } else {
            shared.there.acquireUninterruptibly();
            shared.back.release();
        }
    }
}
