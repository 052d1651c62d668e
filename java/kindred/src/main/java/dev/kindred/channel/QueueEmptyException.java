// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

import java.util.NoSuchElementException;

/** Thrown by a method of a queue that neither waits for an element nor reports by its result that there is none. */
public class QueueEmptyException extends NoSuchElementException {

    private static final long serialVersionUID = 1;

    /**
     * Creates one.
     *
     * @param queue the queue, as messages call it
     */
    public QueueEmptyException(String queue) {
        super(queue + " is empty: use take to wait for an element, or poll to learn of it by the result");
    }
}
