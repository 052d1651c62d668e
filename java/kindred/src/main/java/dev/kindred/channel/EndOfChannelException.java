// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

/** Thrown when there is nothing to receive and nothing will come, because the other end is closed in all processes. */
public final class EndOfChannelException extends ChannelException {

    private static final long serialVersionUID = 1;

    /** Whether it came in the middle of a message. */
    private final boolean cut;

    /**
     * Creates one.
     *
     * @param message what happened
     * @param cut     whether the end came in the middle of a message
     */
    public EndOfChannelException(String message, boolean cut) {
        super(message);
        this.cut = cut;
    }

    /** {@return whether the end came in the middle of a message, whose sender died or gave up} */
    public boolean isCut() {
        return cut;
    }
}
