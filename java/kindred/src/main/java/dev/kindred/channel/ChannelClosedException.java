// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

/** Thrown by calls on a connection or listener that this process has closed, also by those that were waiting. */
public final class ChannelClosedException extends ChannelException {

    private static final long serialVersionUID = 1;

    /**
     * Creates one.
     *
     * @param message what happened, and what to do
     */
    public ChannelClosedException(String message) {
        super(message);
    }
}
