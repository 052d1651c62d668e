// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.peers;

import java.io.IOException;

import dev.kindred.bench.Course;
import dev.kindred.bench.HalfRate;
import dev.kindred.bench.Round;
import dev.kindred.bench.Samples;
import dev.kindred.bench.tasks.QueueBytes;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;

/**
 * Process 1 writes messages of 32 bytes into a ManyToOneRingBuffer at half of the rate at which it can, process 0 reads what there is. Figure: the latency
 * that 99.9 of 100 messages have at most, in nanoseconds; then other percentiles and the rate.
 */
public final class AgronaLatency extends JvmPair<AgronaLatency.Side> {

    /** What both processes do. */
    static final class Side implements Course.Part {

        private final int process;
        private final RingBuffer ring;
        private final Course.Counter picoseconds;
        private final UnsafeBuffer message = new UnsafeBuffer(new byte[QueueBytes.BYTES]);
        private final Samples samples = new Samples(HalfRate.MESSAGES);

        Side(SharedFolder folder, int process) throws IOException {
            this.process = process;
            ring = Rings.manyToOne(folder, "ring");
            picoseconds = folder.parameter();
        }

        @Override
        public void play() throws Exception {
            if (process == 0) {
                read();
            } else {
                HalfRate.send(picoseconds.get(), due -> {
                    message.putLong(0, due);
                    RingTransfer.write(ring, message);
                });
            }
        }

        private void read() {
            int read = 0;
            while (read < HalfRate.MESSAGES) {
                int more = ring.read(this::receive);
                read += more;
                if (more == 0) {
                    Thread.onSpinWait();
                }
            }
        }

        private void receive(int type, MutableDirectBuffer buffer, int index, int length) {
            samples.add(System.nanoTime() - buffer.getLong(index));
        }
    }

    /**
     * Starts the other process.
     *
     * @throws Exception if that fails
     */
    public AgronaLatency() throws Exception {
        super(Side.class);
    }

    @Override
    public void warmUp() throws Exception {
        part().picoseconds.set(HalfRate.warmUp(this::play));
    }

    private double play(long picoseconds) throws Exception {
        part().picoseconds.set(picoseconds);
        part().samples.clear();
        return playTogether();
    }

    @Override
    public Round play() throws Exception {
        return round(play(part().picoseconds.get()));
    }

    @Override
    Round round(double nanoseconds) {
        return HalfRate.round(part().samples, part().picoseconds.get());
    }
}
