// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import dev.kindred.bench.Numbered;
import dev.kindred.channel.LongQueue;

/** One process puts numbers, many a call; another takes up to as many a call. */
public final class QueueLongs extends Transfer<LongQueue> {

    /** How many numbers a call has at most. */
    public static final int BATCH = 256;

    /** How many numbers a round has, of ours and of the peer. */
    public static final int NUMBERS = 20_000 * BATCH;

    /** As many as the peer has room for, of whose ring a number takes 16 bytes. */
    private static final int ROOM = QueueBytes.RING_BYTES / 16;

    /** Starts the other process. */
    public QueueLongs() {
        super(2, new LongQueue(ROOM), NUMBERS, QueueLongs::transfer);
    }

    private static void transfer(LongQueue queue, int process) throws InterruptedException {
        if (process == 0) {
            put(queue, new long[BATCH]);
        } else {
            take(queue, new long[BATCH]);
        }
    }

    private static void put(LongQueue queue, long[] numbers) throws InterruptedException {
        for (long first = 0; first < NUMBERS; first += BATCH) {
            for (int i = 0; i < BATCH; i++) {
                numbers[i] = first + i;
            }
            queue.putAll(numbers, 0, BATCH);
        }
    }

    private static void take(LongQueue queue, long[] numbers) throws InterruptedException {
        Numbered numbered = new Numbered();
        while (numbered.count() < NUMBERS) {
            int taken = queue.takeUpTo(numbers, 0, BATCH);
            for (int i = 0; i < taken; i++) {
                numbered.check(numbers[i]);
            }
        }
    }
}
