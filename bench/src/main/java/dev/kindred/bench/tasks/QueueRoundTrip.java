// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import java.io.Serializable;

import dev.kindred.bench.Round;
import dev.kindred.bench.Samples;
import dev.kindred.bench.Task;
import dev.kindred.channel.ByteQueue;

/**
 * Two processes send each other a message of 32 bytes and look for the answer without a pause. Figure: the median of the nanoseconds a round trip takes;
 * then other percentiles.
 */
public final class QueueRoundTrip implements Task {

    /** How many round trips a round has, of ours and of the peer. */
    public static final int ROUND_TRIPS = 500_000;

    private record Shared(ByteQueue there, ByteQueue back) implements Serializable {}

    /** Of process 0 only. */
    private static final Samples SAMPLES = new Samples(ROUND_TRIPS);

    private final Ensemble<Shared> ensemble = Ensemble.start(2,
            new Shared(new ByteQueue(QueueBytes.RING_BYTES), new ByteQueue(QueueBytes.RING_BYTES)), QueueRoundTrip::answer);

    @Override
    public Round play() throws Exception {
        SAMPLES.clear();
        double _ = ensemble.play();
        return SAMPLES.round(50, 99, 99.9);
    }

    private static void answer(Shared shared, int process) {
        byte[] message = new byte[QueueBytes.BYTES];
        for (int i = 0; i < ROUND_TRIPS; i++) {
            if (process == 0) {
                long start = System.nanoTime();
                Polling.put(shared.there, message);
                Polling.take(shared.back, message);
                SAMPLES.add(System.nanoTime() - start);
            } else {
                Polling.take(shared.there, message);
                Polling.put(shared.back, message);
            }
        }
    }
}
