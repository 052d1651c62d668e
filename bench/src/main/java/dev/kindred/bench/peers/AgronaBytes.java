// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.peers;

import java.io.IOException;

import dev.kindred.bench.Round;
import dev.kindred.bench.tasks.QueueBytes;

/** A ManyToOneRingBuffer: one call writes or reads a message of 32 bytes. Figure: nanoseconds a message. */
public final class AgronaBytes extends JvmPair<AgronaBytes.Transfer> {

    /** What both processes do. */
    static final class Transfer extends RingTransfer {
        Transfer(SharedFolder folder, int process) throws IOException {
            super(Rings.manyToOne(folder, "ring"), process, QueueBytes.BYTES, QueueBytes.MESSAGES, 1);
        }
    }

    /**
     * Starts the other process.
     *
     * @throws Exception if that fails
     */
    public AgronaBytes() throws Exception {
        super(Transfer.class);
    }

    @Override
    Round round(double nanoseconds) {
        return Round.of(nanoseconds / QueueBytes.MESSAGES);
    }
}
