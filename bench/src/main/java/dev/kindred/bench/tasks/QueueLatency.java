// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import java.io.Serializable;

import dev.kindred.bench.HalfRate;
import dev.kindred.bench.Numbered;
import dev.kindred.bench.Round;
import dev.kindred.bench.Samples;
import dev.kindred.bench.Task;
import dev.kindred.channel.ByteQueue;
import dev.kindred.memory.RawValue;

/**
 * One process puts messages of 32 bytes at half of the rate at which it can, another looks for them without a pause. Figure: the latency that 99.9 of
 * 100 messages have at most, in nanoseconds; then other percentiles and the rate.
 */
public final class QueueLatency implements Task {

    private record Shared(ByteQueue queue, RawValue picoseconds) implements Serializable {}

    /** Of process 0 only. */
    private static final Samples SAMPLES = new Samples(HalfRate.MESSAGES);

    private final Shared shared = new Shared(new ByteQueue(QueueBytes.RING_BYTES), RawValue.ofLong(0));
    private final Ensemble<Shared> ensemble = Ensemble.start(2, shared, QueueLatency::transfer);

    @Override
    public void warmUp() throws Exception {
        shared.picoseconds.setVolatile(HalfRate.warmUp(this::play));
    }

    @Override
    public Round play() throws Exception {
        long picoseconds = shared.picoseconds.getVolatile();
        double _ = play(picoseconds);
        return HalfRate.round(SAMPLES, picoseconds);
    }

    private double play(long picoseconds) throws Exception {
        shared.picoseconds.setVolatile(picoseconds);
        SAMPLES.clear();
        return ensemble.play();
    }

    private static void transfer(Shared shared, int process) throws Exception {
        byte[] message = new byte[QueueBytes.BYTES];
        if (process == 0) {
            for (int i = 0; i < HalfRate.MESSAGES; i++) {
                Polling.take(shared.queue, message);
                SAMPLES.add(System.nanoTime() - Numbered.get(message));
            }
        } else {
            HalfRate.send(shared.picoseconds.getVolatile(), due -> {
                Numbered.set(message, due);
                Polling.put(shared.queue, message);
            });
        }
    }
}
