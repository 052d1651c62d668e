// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

/** What {@link QueueBytes} does, with messages of 40 bytes. */
public final class QueueBytes40 extends QueueBytes {

    /** Of the messages. */
    public static final int BYTES = 40;

    /** How many messages a round has of the peer, which keeps them all. */
    public static final int THEIR_MESSAGES = 300_000;

    /** Starts the other process. */
    public QueueBytes40() {
        super(BYTES, MESSAGES);
    }
}
