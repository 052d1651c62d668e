// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import java.io.Serializable;

import dev.kindred.channel.ByteQueue;
import dev.kindred.process.ChildProcess;
import dev.kindred.process.ChildProcessBuilder;

/** Sends a message of 32 bytes to the other and waits for the answer. */
public class QueueBlocking extends PingPong<QueueBlocking.Shared> {

    private static final int ROUND_TRIPS = 300_000;

    /** Of each process. */
    private static final byte[] MESSAGE = new byte[QueueBytes.BYTES];

    /** What the processes share. */
    record Shared(ByteQueue there, ByteQueue back) implements Serializable {}

    /** As they come: who waits spins for a while and then sleeps. */
    public QueueBlocking() {
        this(ROUND_TRIPS, ChildProcess.builder());
    }

    QueueBlocking(int roundTrips, ChildProcessBuilder options) {
        super(new Shared(new ByteQueue(QueueBytes.RING_BYTES), new ByteQueue(QueueBytes.RING_BYTES)), roundTrips, QueueBlocking::answer, options);
    }

    private static void answer(Shared shared, int process) throws InterruptedException {
        if (process == 0) {
            shared.there.put(MESSAGE);
            int _ = shared.back.take(MESSAGE, 0);
        } else {
            int _ = shared.there.take(MESSAGE, 0);
            shared.back.put(MESSAGE);
        }
    }
}
