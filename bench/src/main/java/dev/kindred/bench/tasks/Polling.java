// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import dev.kindred.channel.ByteQueue;

/** Puts and takes without ever sleeping, as whoever has a core to himself does. */
final class Polling {

    private Polling() {}

    static void put(ByteQueue queue, byte[] message) {
        while (!queue.offer(message)) {
            Thread.onSpinWait();
        }
    }

    static void take(ByteQueue queue, byte[] message) {
        while (queue.poll(message, 0) < 0) {
            Thread.onSpinWait();
        }
    }
}
