// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

/** Thrown when what is sent can reach nobody, because the other end is closed in all processes, or the connection was reset. */
public final class BrokenPipeException extends ChannelException {

    private static final long serialVersionUID = 1;

    /**
     * Creates one.
     *
     * @param message what happened, and what to do
     */
    public BrokenPipeException(String message) {
        super(message);
    }
}
