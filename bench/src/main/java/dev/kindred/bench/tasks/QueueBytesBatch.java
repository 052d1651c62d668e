// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import dev.kindred.channel.ByteQueue;

/** One process puts messages of 32 bytes, many a call; another reads as many a call, where they are. */
public final class QueueBytesBatch extends Transfer<ByteQueue> {

    /** How many messages a call has. */
    public static final int BATCH = 256;

    /** How many messages a round has, of ours and of the peer. */
    public static final int MESSAGES = 20_000 * BATCH;

    /** Starts the other process. */
    public QueueBytesBatch() {
        super(2, new ByteQueue(QueueBytes.RING_BYTES), MESSAGES, QueueBytesBatch::transfer);
    }

    private static void transfer(ByteQueue queue, int process) throws InterruptedException {
        if (process == 0) {
            putAll(queue);
        } else {
            Reading.all(queue, MESSAGES, BATCH);
        }
    }

    private static void putAll(ByteQueue queue) throws InterruptedException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment messages = arena.allocate((long) BATCH * QueueBytes.BYTES, Long.BYTES);
            for (long first = 0; first < MESSAGES; first += BATCH) {
                for (int i = 0; i < BATCH; i++) {
                    messages.set(ValueLayout.JAVA_LONG, (long) i * QueueBytes.BYTES, first + i);
                }
                queue.putAll(messages, QueueBytes.BYTES);
            }
        }
    }
}
