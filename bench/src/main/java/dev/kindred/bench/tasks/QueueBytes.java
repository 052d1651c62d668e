// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import dev.kindred.bench.Numbered;
import dev.kindred.channel.ByteQueue;

/** One process puts messages of 32 bytes, another takes them into an array, one a call. */
public class QueueBytes extends Transfer<ByteQueue> {

    /** Of the messages. */
    public static final int BYTES = 32;

    /** How much the queue and that of the peer hold; a message takes 40 of them in both. */
    public static final int RING_BYTES = 1 << 20;

    /** How many messages a round has, of ours and of the peer. */
    public static final int MESSAGES = 3_000_000;

    /** Starts the other process. */
    public QueueBytes() {
        this(BYTES, MESSAGES);
    }

    QueueBytes(int bytes, int messages) {
        super(2, new ByteQueue(RING_BYTES), messages, (queue, process) -> {
            byte[] message = new byte[bytes];
            if (process == 0) {
                put(queue, message, messages);
            } else {
                take(queue, message, messages);
            }
        });
    }

    static void put(ByteQueue queue, byte[] message, int messages) throws InterruptedException {
        for (int i = 0; i < messages; i++) {
            Numbered.set(message, i);
            queue.put(message);
        }
    }

    private static void take(ByteQueue queue, byte[] message, int messages) throws InterruptedException {
        Numbered numbered = new Numbered();
        for (int i = 0; i < messages; i++) {
            int _ = queue.take(message, 0);
            numbered.check(Numbered.get(message));
        }
    }
}
