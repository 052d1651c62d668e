// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

/**
 * Thrown when a message is longer than the receiver accepts, or its length is none. Nothing has been received or allocated for it. One that is too long is
 * still there: the next receive finds it, and takes it if it accepts it. After a length that is none the connection cannot receive any more.
 */
public final class MessageLengthException extends ChannelException {

    private static final long serialVersionUID = 1;

    /** What the message says of itself. */
    private final long length;

    /**
     * Creates one.
     *
     * @param message what happened, and what to do
     * @param length  what the message says of its length
     */
    public MessageLengthException(String message, long length) {
        super(message);
        this.length = length;
    }

    /** {@return the length that the message claims to have; negative for one that is none} */
    public long length() {
        return length;
    }
}
