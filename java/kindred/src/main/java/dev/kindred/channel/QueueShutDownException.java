// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

/**
 * Thrown when something is put into a queue that is shut down, or taken from one that is shut down and has nothing left. Whoever shuts it down does so for
 * all processes.
 */
public class QueueShutDownException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    /**
     * Creates one.
     *
     * @param queue the queue, as messages call it
     */
    public QueueShutDownException(String queue) {
        super(queue + " is shut down: nothing can be put into it any more, and nothing is left in it to be taken");
    }
}
