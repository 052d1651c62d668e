// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

/** Sends large messages to the other process over a two-way pipe, and gets as many back. */
public final class PipeBulk extends PipePingPong {

    /** How many round trips a round has, the peer's too. */
    public static final int ROUND_TRIPS = 10;

    /** How long a message is. */
    public static final int BYTES = 16 << 20;

    /** Starts the other process. */
    public PipeBulk() {
        super(ROUND_TRIPS, BYTES);
    }
}
