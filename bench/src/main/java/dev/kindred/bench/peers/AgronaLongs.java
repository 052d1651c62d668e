// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.peers;

import java.io.IOException;

import dev.kindred.bench.Round;
import dev.kindred.bench.tasks.QueueLongs;

/** A OneToOneRingBuffer: one call writes a number or reads a batch of them. Figure: nanoseconds a message. */
public final class AgronaLongs extends JvmPair<AgronaLongs.Transfer> {

    /** What both processes do. */
    static final class Transfer extends RingTransfer {
        Transfer(SharedFolder folder, int process) throws IOException {
            super(Rings.oneToOne(folder, "ring"), process, Long.BYTES, QueueLongs.NUMBERS, QueueLongs.BATCH);
        }
    }

    /**
     * Starts the other process.
     *
     * @throws Exception if that fails
     */
    public AgronaLongs() throws Exception {
        super(Transfer.class);
    }

    @Override
    Round round(double nanoseconds) {
        return Round.of(nanoseconds / QueueLongs.NUMBERS);
    }
}
