// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

/** Thrown when a message does not fit where it was to be received. It is received all the same, and is in here. */
public final class BufferTooShortException extends ChannelException {

    private static final long serialVersionUID = 1;

    /** The whole message. */
    private final byte[] bytes;

    /**
     * Creates one.
     *
     * @param room  how many bytes there was room for
     * @param bytes the whole message
     */
    public BufferTooShortException(long room, byte[] bytes) {
        super("a message of " + bytes.length + " bytes does not fit into the " + room + " bytes of the buffer: take it from this exception");
        this.bytes = bytes.clone();
    }

    /** {@return the whole message} */
    public byte[] bytes() {
        return bytes.clone();
    }
}
