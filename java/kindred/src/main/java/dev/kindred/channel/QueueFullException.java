// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

/** Thrown by a method of a queue that neither waits for room nor reports by its result that there is none. Nothing was put. */
public class QueueFullException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    /**
     * Creates one.
     *
     * @param queue the queue, as messages call it
     */
    public QueueFullException(String queue) {
        super(queue + " has no room: use put to wait for it, or offer to learn of it by the result");
    }
}
