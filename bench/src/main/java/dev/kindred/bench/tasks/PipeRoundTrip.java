// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

/** Sends small messages to the other process over a two-way pipe, and gets as many back. */
public final class PipeRoundTrip extends PipePingPong {

    /** How many round trips a round has, the peers' too. */
    public static final int ROUND_TRIPS = 20_000;

    /** How long a message is. */
    public static final int BYTES = 32;

    /** Starts the other process. */
    public PipeRoundTrip() {
        super(ROUND_TRIPS, BYTES);
    }
}
