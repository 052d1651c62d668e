// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

/** What {@link QueueObjects} does, with two processes that put and two that take. */
public final class QueueManyToMany extends QueueObjects {

    /** How many there are of each, of ours and of the peer. */
    public static final int PAIRS = 2;

    /** Starts the other processes. */
    public QueueManyToMany() {
        super(PAIRS);
    }
}
