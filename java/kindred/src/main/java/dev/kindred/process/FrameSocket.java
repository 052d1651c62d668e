// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import dev.kindred.SystemCallException;
import dev.kindred.internal.os.Descriptors;
import dev.kindred.internal.os.Errno;
import dev.kindred.internal.os.Sockets;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One end of the socket between a parent and its child.
 *
 * <p>One thread at a time may send, and one may receive. Calls block in the kernel.
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
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(FrameLayout.HEAD_SIZE + body.length, Integer.BYTES);
            bytes.set(ValueLayout.JAVA_INT, FrameLayout.MAGIC_OFFSET, FrameLayout.MAGIC);
            bytes.set(ValueLayout.JAVA_SHORT, FrameLayout.VERSION_OFFSET, FrameLayout.VERSION);
            bytes.set(ValueLayout.JAVA_SHORT, FrameLayout.KIND_OFFSET, frame.kind().number());
            bytes.set(ValueLayout.JAVA_INT, FrameLayout.LENGTH_OFFSET, body.length);
            bytes.set(ValueLayout.JAVA_INT, FrameLayout.DESCRIPTORS_OFFSET, descriptors.length);
            MemorySegment.copy(body, 0, bytes, ValueLayout.JAVA_BYTE, FrameLayout.HEAD_SIZE, body.length);
            long sent = Sockets.send(descriptor, bytes, descriptors, 0);
            while (sent < bytes.byteSize()) {
                sent += Sockets.send(descriptor, bytes.asSlice(sent), 0);
            }
        }
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
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment head = arena.allocate(FrameLayout.HEAD_SIZE, Integer.BYTES);
            int[] descriptors = new int[FrameLayout.DESCRIPTORS_LIMIT];
            long received = receive(head, descriptors, flags);
            if (received == -Errno.EAGAIN || received == 0) {
                return null;
            }
            // From here on the rest is certain to come, or else the other end has died.
            if (!fill(head, received)) {
                return null;
            }
            Frame.Kind kind = checkHead(head);
            int length = head.get(ValueLayout.JAVA_INT, FrameLayout.LENGTH_OFFSET);
            int count = head.get(ValueLayout.JAVA_INT, FrameLayout.DESCRIPTORS_OFFSET);
            checkLimits(length, count);
            MemorySegment body = arena.allocate(length);
            if (!fill(body, 0)) {
                return null;
            }
            return new Frame(kind, body.toArray(ValueLayout.JAVA_BYTE), Arrays.copyOf(descriptors, count));
        }
    }

    /** {@return whether all of it came} False means that the other end died while it was sending. */
    private boolean fill(MemorySegment bytes, long present) {
        long filled = present;
        while (filled < bytes.byteSize()) {
            long received = receive(bytes.asSlice(filled), NO_DESCRIPTORS, 0);
            if (received == 0) {
                return false;
            }
            filled += received;
        }
        return true;
    }

    /** {@return the bytes received, 0 when the other end is closed, -EAGAIN when nothing is there} */
    private long receive(MemorySegment bytes, int[] descriptors, int flags) {
        try {
            return Sockets.receive(descriptor, bytes, descriptors, flags);
        } catch (SystemCallException e) {
            // The other end was closed with something unread in it, and everything it had sent before has been read.
            if (e.errno() == Errno.ECONNRESET) {
                return 0;
            }
            throw e;
        }
    }

    private static Frame.Kind checkHead(MemorySegment head) {
        int magic = head.get(ValueLayout.JAVA_INT, FrameLayout.MAGIC_OFFSET);
        short version = head.get(ValueLayout.JAVA_SHORT, FrameLayout.VERSION_OFFSET);
        short number = head.get(ValueLayout.JAVA_SHORT, FrameLayout.KIND_OFFSET);
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
