// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

import java.nio.ByteBuffer;

/**
 * What goes before each message, as CPython's connections have it, in network order:
 *
 * <pre>
 * length up to 2^31 - 1:  int length
 * longer:                 int -1, long length
 * </pre>
 */
final class FrameHead {

    /** The length of the usual head. */
    static final int SHORT = Integer.BYTES;

    /** The length of the head of a long message. */
    static final int LONG = Integer.BYTES + Long.BYTES;

    private static final int IS_LONG = -1;

    private FrameHead() {}

    /** Writes the head of a message that long, at the end of an array of {@link #LONG} bytes. {@return the length of the head} */
    static int write(byte[] head, long length) {
        ByteBuffer buffer = ByteBuffer.wrap(head);
        if (length <= Integer.MAX_VALUE) {
            buffer.putInt(LONG - SHORT, (int) length);
            return SHORT;
        }
        buffer.putInt(0, IS_LONG);
        buffer.putLong(Integer.BYTES, length);
        return LONG;
    }

    /** {@return whether the head that begins with these four bytes is a long one} */
    static boolean isLong(byte[] head) {
        return ByteBuffer.wrap(head).getInt(0) == IS_LONG;
    }

    /** {@return the length of the message with that head; negative if it is none} */
    static long length(byte[] head) {
        ByteBuffer buffer = ByteBuffer.wrap(head);
        return isLong(head) ? buffer.getLong(Integer.BYTES) : buffer.getInt(0);
    }
}
