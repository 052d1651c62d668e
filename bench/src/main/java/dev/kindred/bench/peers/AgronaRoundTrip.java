// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.peers;

import java.io.IOException;

import dev.kindred.bench.Course;
import dev.kindred.bench.Round;
import dev.kindred.bench.Samples;
import dev.kindred.bench.tasks.QueueBytes;
import dev.kindred.bench.tasks.QueueRoundTrip;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;

/**
 * Two processes send each other messages of 32 bytes through ManyToOneRingBuffers. Figure: the median of the nanoseconds a round trip takes; then other
 * percentiles.
 */
public final class AgronaRoundTrip extends JvmPair<AgronaRoundTrip.Side> {

    /** What both processes do. */
    static final class Side implements Course.Part {

        private final int process;
        private final RingBuffer there;
        private final RingBuffer back;
        private final UnsafeBuffer message = new UnsafeBuffer(new byte[QueueBytes.BYTES]);
        private final MessageHandler receive = this::receive;
        private final Samples samples = new Samples(QueueRoundTrip.ROUND_TRIPS);

        Side(SharedFolder folder, int process) throws IOException {
            this.process = process;
            there = Rings.manyToOne(folder, "there");
            back = Rings.manyToOne(folder, "back");
        }

        @Override
        public void play() {
            samples.clear();
            for (int i = 0; i < QueueRoundTrip.ROUND_TRIPS; i++) {
                if (process == 0) {
                    long start = System.nanoTime();
                    RingTransfer.write(there, message);
                    readOne(back);
                    samples.add(System.nanoTime() - start);
                } else {
                    readOne(there);
                    RingTransfer.write(back, message);
                }
            }
        }

        private void readOne(RingBuffer ring) {
            while (ring.read(receive, 1) == 0) {
                Thread.onSpinWait();
            }
        }

        private void receive(int type, MutableDirectBuffer buffer, int index, int length) {
            message.putBytes(0, buffer, index, length);
        }
    }

    /**
     * Starts the other process.
     *
     * @throws Exception if that fails
     */
    public AgronaRoundTrip() throws Exception {
        super(Side.class);
    }

    @Override
    Round round(double nanoseconds) {
        return part().samples.round(50, 99, 99.9);
    }
}
