// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

/** Thrown when a queue is used that this process has closed. Other processes can go on using it. */
public class QueueClosedException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    /**
     * Creates one.
     *
     * @param queue the queue, as messages call it
     */
    public QueueClosedException(String queue) {
        super(queue + " was closed by this process, which cannot use it any more");
    }
}
