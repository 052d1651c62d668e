// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import dev.kindred.SystemCallException;
import dev.kindred.internal.os.Descriptors;
import dev.kindred.internal.os.Errno;
import dev.kindred.internal.os.Sockets;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One end of the socket between a parent and its child.
 *
 * <p>One thread at a time may send, and one may receive. Calls block in the kernel. Works on arrays, not on memory
 * segments: those take a new JVM several milliseconds to link, and this is the first that a child does.
 */
final class FrameSocket {

    private static final int[] NO_DESCRIPTORS = {};

    private final int descriptor;

    FrameSocket(int descriptor) {
        this.descriptor = descriptor;
    }

    int descriptor() {
        return descriptor;
    }

    /** {@return whether the frame was sent; false if the other end is closed} */
    boolean send(Frame frame) {
        try {
            sendAll(frame);
            return true;
        } catch (SystemCallException e) {
            if (e.errno() == Errno.EPIPE || e.errno() == Errno.ECONNRESET) {
                return false;
            }
            throw e;
        }
    }

    private void sendAll(Frame frame) {
        byte[] body = frame.body();
        int[] descriptors = frame.descriptors();
        checkLimits(body.length, descriptors.length);
        byte[] bytes = new byte[FrameLayout.HEAD_SIZE + body.length];
        head(bytes)
                .putInt(FrameLayout.MAGIC_OFFSET, FrameLayout.MAGIC)
                .putShort(FrameLayout.VERSION_OFFSET, FrameLayout.VERSION)
                .putShort(FrameLayout.KIND_OFFSET, frame.kind().number())
                .putInt(FrameLayout.LENGTH_OFFSET, body.length)
                .putInt(FrameLayout.DESCRIPTORS_OFFSET, descriptors.length)
                .put(FrameLayout.HEAD_SIZE, body);
        int sent = Sockets.send(descriptor, bytes, 0, descriptors, 0);
        while (sent < bytes.length) {
            sent += Sockets.send(descriptor, bytes, sent, NO_DESCRIPTORS, 0);
        }
    }

    private static ByteBuffer head(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    }

    /** {@return the next frame, or null when the other end is closed and nothing is left to read} Waits for it. */
    @Nullable
    Frame receive() {
        return receive(0);
    }

    /**
     * {@return the next frame, or null when none has come or the other end is closed} Does not wait for a frame to
     * begin.
     */
    @Nullable
    Frame poll() {
        return receive(Sockets.MSG_DONTWAIT);
    }

    /** {@return whether a frame has begun to come, or the other end is closed} */
    boolean isReadable() {
        return Descriptors.poll(descriptor, Descriptors.POLLIN, System.nanoTime()) != 0;
    }

    private @Nullable Frame receive(int flags) {
        byte[] bytes = new byte[FrameLayout.HEAD_SIZE];
        int[] descriptors = new int[FrameLayout.DESCRIPTORS_LIMIT];
        int received = receive(bytes, 0, descriptors, flags);
        if (received == -Errno.EAGAIN || received == 0) {
            return null;
        }
        // From here on the rest is certain to come, or else the other end has died.
        if (!fill(bytes, received)) {
            return null;
        }
        ByteBuffer head = head(bytes);
        Frame.Kind kind = checkHead(head);
        int length = head.getInt(FrameLayout.LENGTH_OFFSET);
        int count = head.getInt(FrameLayout.DESCRIPTORS_OFFSET);
        checkLimits(length, count);
        byte[] body = new byte[length];
        if (!fill(body, 0)) {
            return null;
        }
        return new Frame(kind, body, Arrays.copyOf(descriptors, count));
    }

    /** {@return whether all of it came} False means that the other end died while it was sending. */
    private boolean fill(byte[] bytes, int present) {
        int filled = present;
        while (filled < bytes.length) {
            int received = receive(bytes, filled, NO_DESCRIPTORS, 0);
            if (received == 0) {
                return false;
            }
            filled += received;
        }
        return true;
    }

    /** {@return the bytes received, 0 when the other end is closed, -EAGAIN when nothing is there} */
    private int receive(byte[] bytes, int from, int[] descriptors, int flags) {
        try {
            return Sockets.receive(descriptor, bytes, from, descriptors, flags);
        } catch (SystemCallException e) {
            // The other end was closed with something unread in it, and everything it had sent before has been read.
            if (e.errno() == Errno.ECONNRESET) {
                return 0;
            }
            throw e;
        }
    }

    private static Frame.Kind checkHead(ByteBuffer head) {
        int magic = head.getInt(FrameLayout.MAGIC_OFFSET);
        short version = head.getShort(FrameLayout.VERSION_OFFSET);
        short number = head.getShort(FrameLayout.KIND_OFFSET);
        Frame.Kind kind = Frame.Kind.of(number);
        if (magic != FrameLayout.MAGIC || version != FrameLayout.VERSION || kind == null) {
            throw new IllegalStateException("a frame begins with magic=0x" + Integer.toHexString(magic) + ", version="
                    + version + ", kind=" + number + " instead of 0x" + Integer.toHexString(FrameLayout.MAGIC) + ", "
                    + FrameLayout.VERSION
                    + " and a known kind: the other process uses another version of Kindred");
        }
        return kind;
    }

    private static void checkLimits(int length, int descriptors) {
        if (length < 0 || length > FrameLayout.LENGTH_LIMIT || descriptors < 0
                || descriptors > FrameLayout.DESCRIPTORS_LIMIT) {
            throw new IllegalArgumentException("a frame of " + length + " bytes and " + descriptors
                    + " descriptors, but the limits are " + FrameLayout.LENGTH_LIMIT + " and "
                    + FrameLayout.DESCRIPTORS_LIMIT + ": share large data in a SharedMemory or an Array instead of "
                    + "copying it into the task");
        }
    }

    void close() {
        Descriptors.close(descriptor);
    }
}
