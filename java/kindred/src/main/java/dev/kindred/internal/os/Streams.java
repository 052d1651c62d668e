// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.os;

import java.util.Objects;

/**
 * Sends and receives what there is room for and what is there: over sockets, and over pipes that were opened with
 * {@link Descriptors#O_NONBLOCK}. Nothing here waits.
 */
public final class Streams {

    /** How long an array for descriptors that are received is: the first element says how many came. */
    public static final int RECEIVED_LENGTH = Sockets.DESCRIPTORS_PER_MESSAGE + 1;

    private Streams() {}

    /**
     * Sends what is left of a frame.
     *
     * @param stream      a socket or a pipe
     * @param isSocket    which of the two
     * @param head        the head of the frame
     * @param headFrom    how much of it has gone
     * @param body        an array that holds the body
     * @param from        where in it begins what is left of the body
     * @param length      how long that is
     * @param descriptors go with the first byte
     * @return how many bytes went, of head and body together; {@code -Errno.EAGAIN} if there is no room
     * @throws dev.kindred.SystemCallException if nobody is at the other end, or the descriptors cannot go
     */
    public static int send(
            int stream, boolean isSocket, byte[] head, int headFrom, byte[] body, int from, int length, int[] descriptors) {
        Objects.checkFromIndexSize(from, length, body.length);
        long result = Native.sendFrame(stream, isSocket, head, headFrom, body, from, length, descriptors);
        return sent(result, stream, isSocket, length, descriptors);
    }

    private static int sent(long result, int stream, boolean isSocket, long length, int[] descriptors) {
        if (result < 0 && result != -Errno.EAGAIN) {
            String call = isSocket ? "sendmsg" : "writev";
            throw Errno.failure(result, call, "descriptor", stream, "length", length, "descriptors", descriptors.length);
        }
        return (int) result;
    }

    /**
     * Receives what is there.
     *
     * @param stream      a socket or a pipe
     * @param isSocket    which of the two
     * @param bytes       where it goes
     * @param from        where in them it begins
     * @param length      how much there is room for
     * @param descriptors of a socket: the first element is how many descriptors came, which stand behind it and are the caller's, or
     *                    {@code -Errno.EMFILE} if they are lost because this process may have no more; of a pipe it is left as it is
     * @return how many bytes came, 0 at the end, {@code -Errno.EAGAIN} if nothing is there
     * @throws dev.kindred.SystemCallException if the connection is reset, or this is no such stream
     */
    public static int receive(int stream, boolean isSocket, byte[] bytes, int from, int length, int[] descriptors) {
        Objects.checkFromIndexSize(from, length, bytes.length);
        checkRoom(descriptors);
        return received(Native.receivePart(stream, isSocket, bytes, from, length, descriptors), stream, isSocket, length);
    }

    private static void checkRoom(int[] descriptors) {
        if (descriptors.length != RECEIVED_LENGTH) {
            throw new IllegalArgumentException("room for " + descriptors.length + " numbers instead of " + RECEIVED_LENGTH);
        }
    }

    private static int received(long result, int stream, boolean isSocket, long length) {
        if (result < 0 && result != -Errno.EAGAIN) {
            throw Errno.failure(result, isSocket ? "recvmsg" : "read", "descriptor", stream, "length", length);
        }
        return (int) result;
    }
}
