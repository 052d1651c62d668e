// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import dev.kindred.channel.ByteQueue;

/** One process puts messages of 32 bytes, one a call; another reads all that there are, where they are. */
public final class QueueBytesRead extends Transfer<ByteQueue> {

    /** Starts the other process. */
    public QueueBytesRead() {
        super(2, new ByteQueue(QueueBytes.RING_BYTES), QueueBytes.MESSAGES, QueueBytesRead::transfer);
    }

    private static void transfer(ByteQueue queue, int process) throws InterruptedException {
        if (process == 0) {
            QueueBytes.put(queue, new byte[QueueBytes.BYTES], QueueBytes.MESSAGES);
        } else {
            Reading.all(queue, QueueBytes.MESSAGES, Integer.MAX_VALUE);
        }
    }
}
