// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

/** Thrown when a connection, a listener or what belongs to them cannot do what it was told to. Its subclasses say why.
 *
 * <p>They are unchecked, as all failures of Kindred but interrupts are: most of them end a conversation, which is seldom dealt with where the one message is
 * sent. Of what the operating system refuses for reasons of its own, a {@link dev.kindred.SystemCallException} tells, also here.
 */
public class ChannelException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /**
     * Creates one.
     *
     * @param message what happened, and what to do
     */
    public ChannelException(String message) {
        super(message);
    }

    /**
     * Creates one.
     *
     * @param message what happened, and what to do
     * @param cause   why
     */
    public ChannelException(String message, Throwable cause) {
        super(message, cause);
    }
}
