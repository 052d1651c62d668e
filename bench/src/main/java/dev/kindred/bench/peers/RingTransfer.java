// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.peers;

import dev.kindred.bench.Course;
import dev.kindred.bench.Numbered;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;

/** Process 0 writes numbered messages into a ring buffer, process 1 reads them where they are; both spin. */
abstract class RingTransfer implements Course.Part {

    private final RingBuffer ring;
    private final int process;
    private final UnsafeBuffer message;
    private final int messages;
    private final int limit;

    /** {@code limit} is how many messages a call reads at most. */
    RingTransfer(RingBuffer ring, int process, int bytes, int messages, int limit) {
        this.ring = ring;
        this.process = process;
        this.message = new UnsafeBuffer(new byte[bytes]);
        this.messages = messages;
        this.limit = limit;
    }

    @Override
    public final void play() {
        if (process == 0) {
            write();
        } else {
            read();
        }
    }

    private void write() {
        for (int i = 0; i < messages; i++) {
            message.putLong(0, i);
            write(ring, message);
        }
    }

    static void write(RingBuffer ring, DirectBuffer message) {
        while (!ring.write(Rings.TYPE, message, 0, message.capacity())) {
            Thread.onSpinWait();
        }
    }

    private void read() {
        Reading reading = new Reading();
        while (reading.numbered.count() < messages) {
            if (ring.read(reading, limit) == 0) {
                Thread.onSpinWait();
            }
        }
    }

    private static final class Reading implements MessageHandler {

        private final Numbered numbered = new Numbered();

        @Override
        public void onMessage(int type, MutableDirectBuffer buffer, int index, int length) {
            numbered.check(buffer.getLong(index));
        }
    }
}
