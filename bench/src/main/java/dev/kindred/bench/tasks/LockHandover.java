// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

/** What {@link LockContended} does, with four processes on two cores, a second long: so most of the time two of them are not running. */
public final class LockHandover extends LockContended {

    /** How many processes there are, of ours and of the peer. */
    public static final int PROCESSES = 4;

    /** How long a round takes, of ours and of the peer. */
    public static final long ROUND_MILLISECONDS = 1000;

    /** Starts the other processes. */
    public LockHandover() {
        super(PROCESSES, ROUND_MILLISECONDS);
    }
}
