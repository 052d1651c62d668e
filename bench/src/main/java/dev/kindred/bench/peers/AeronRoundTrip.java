// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.peers;

import dev.kindred.bench.Course;
import dev.kindred.bench.Round;
import dev.kindred.bench.Samples;
import dev.kindred.bench.tasks.QueueBytes;
import dev.kindred.bench.tasks.QueueRoundTrip;
import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Two processes send each other messages of 32 bytes through Aeron IPC; the driver is a thread of process 0. Figure: the median of the nanoseconds a round
 * trip takes; then other percentiles.
 */
public final class AeronRoundTrip extends JvmPair<AeronRoundTrip.Side> {

    private static final String CHANNEL = "aeron:ipc";
    private static final int THERE = 1;
    private static final int BACK = 2;

    /** What both processes do. */
    static final class Side implements Course.Part {

        private final int process;
        private final ExclusivePublication out;
        private final Subscription in;
        private final UnsafeBuffer message = new UnsafeBuffer(new byte[QueueBytes.BYTES]);
        private final FragmentHandler receive = this::receive;
        private final Samples samples = new Samples(QueueRoundTrip.ROUND_TRIPS);

        Side(SharedFolder folder, int process) {
            this.process = process;
            String driver = folder.file("aeron").getPath();
            if (process == 0) {
                // One thread for all of the driver: there are two cores, and both sides spin on one.
                MediaDriver _ = MediaDriver.launch(new MediaDriver.Context().aeronDirectoryName(driver)
                        .threadingMode(ThreadingMode.SHARED).ipcTermBufferLength(QueueBytes.RING_BYTES));
            }
            Aeron aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(driver));
            in = aeron.addSubscription(CHANNEL, process == 0 ? BACK : THERE);
            out = aeron.addExclusivePublication(CHANNEL, process == 0 ? THERE : BACK);
        }

        @Override
        public void play() {
            samples.clear();
            for (int i = 0; i < QueueRoundTrip.ROUND_TRIPS; i++) {
                if (process == 0) {
                    long start = System.nanoTime();
                    send();
                    receiveOne();
                    samples.add(System.nanoTime() - start);
                } else {
                    receiveOne();
                    send();
                }
            }
        }

        private void send() {
            // Negative, too, as long as nobody has subscribed.
            while (out.offer(message) < 0) {
                Thread.onSpinWait();
            }
        }

        private void receiveOne() {
            while (in.poll(receive, 1) == 0) {
                Thread.onSpinWait();
            }
        }

        private void receive(DirectBuffer buffer, int offset, int length, Header header) {
            message.putBytes(0, buffer, offset, length);
        }
    }

    /**
     * Starts the other process.
     *
     * @throws Exception if that fails
     */
    public AeronRoundTrip() throws Exception {
        super(Side.class);
    }

    @Override
    Round round(double nanoseconds) {
        return part().samples.round(50, 99, 99.9);
    }
}
