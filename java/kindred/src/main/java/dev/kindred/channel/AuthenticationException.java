// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

/** Thrown when one end of a connection has not shown that it has the key, or may not connect. */
public final class AuthenticationException extends ChannelException {

    private static final long serialVersionUID = 1;

    /**
     * Creates one.
     *
     * @param message what happened, and what to do
     */
    public AuthenticationException(String message) {
        super(message);
    }
}
