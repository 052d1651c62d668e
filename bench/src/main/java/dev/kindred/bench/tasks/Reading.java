// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import dev.kindred.bench.Numbered;
import dev.kindred.channel.ByteQueue;

/** Reads numbered messages where they are. */
final class Reading implements ByteQueue.MessageHandler {

    private final Numbered numbered = new Numbered();

    private Reading() {}

    @Override
    public void onMessage(MemorySegment memory, long offset, int length) {
        numbered.check(memory.get(ValueLayout.JAVA_LONG_UNALIGNED, offset));
    }

    /**
     * Reads messages and spins where there are none.
     *
     * @param limit how many a call at most
     */
    static void all(ByteQueue queue, int messages, int limit) {
        Reading reading = new Reading();
        while (reading.numbered.count() < messages) {
            if (queue.read(reading, limit) == 0) {
                Thread.onSpinWait();
            }
        }
    }
}
