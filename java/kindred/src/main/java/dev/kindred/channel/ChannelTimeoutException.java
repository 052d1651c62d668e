// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

/** Thrown when a connection or listener has not done within its time what it was told to. */
public final class ChannelTimeoutException extends ChannelException {

    private static final long serialVersionUID = 1;

    /**
     * Creates one.
     *
     * @param message what happened, and what to do
     */
    public ChannelTimeoutException(String message) {
        super(message);
    }
}
