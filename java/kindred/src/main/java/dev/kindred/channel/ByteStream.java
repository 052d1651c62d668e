// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

import dev.kindred.SystemCallException;
import dev.kindred.internal.os.Descriptors;
import dev.kindred.internal.os.Errno;
import dev.kindred.internal.os.Streams;
import dev.kindred.internal.poll.OpenDescriptor;
import dev.kindred.internal.words.Words;

/** A pipe or a socket as bytes that go and come, with the failures that they can have by themselves. */
final class ByteStream {

    /** What the descriptor is of. */
    enum Kind {
        /** A pipe of the kernel, with O_NONBLOCK: a pipe has no call that does not wait otherwise. */
        PIPE,

        /** A Unix socket, over which descriptors travel. */
        UNIX_SOCKET,

        /** Another socket. */
        SOCKET
    }

    private static final int[] NONE = {};

    private final OpenDescriptor descriptor;
    private final Kind kind;
    private final String name;

    ByteStream(OpenDescriptor descriptor, Kind kind) {
        this.descriptor = descriptor;
        this.kind = kind;
        this.name = "connection " + descriptor.number();
    }

    OpenDescriptor descriptor() {
        return descriptor;
    }

    Kind kind() {
        return kind;
    }

    /** Begins a use of the descriptor, which the caller ends. */
    void begin() {
        if (!descriptor.begin()) {
            throw closed();
        }
    }

    void end() {
        descriptor.end();
    }

    ChannelClosedException closed() {
        return new ChannelClosedException("the " + name + " has been closed in this process");
    }

    /** {@return how many bytes went, of what is left of head and body; 0 if there is no room} */
    int send(byte[] head, int headFrom, byte[] body, int from, int length, int[] descriptors) {
        try {
            int sent = Streams.send(descriptor.number(), kind != Kind.PIPE, head, headFrom, body, from, length, descriptors);
            return sent == -Errno.EAGAIN ? 0 : sent;
        } catch (SystemCallException e) {
            if (isGone(e)) {
                BrokenPipeException broken = new BrokenPipeException("nobody receives from the " + name + " any more: " + e.getMessage());
                broken.initCause(e);
                throw broken;
            }
            throw e;
        }
    }

    /** {@return how many bytes came, 0 if nothing is there, -1 at the end} */
    int receive(byte[] into, int from, int length, int[] descriptors) {
        try {
            int received = Streams.receive(descriptor.number(), kind != Kind.PIPE, into, from, length, descriptors);
            return received == -Errno.EAGAIN ? 0 : received == 0 ? -1 : received;
        } catch (SystemCallException e) {
            // The other end was closed with something unread in it, and all that it had sent before has been received. Over TCP it may not have.
            if (e.errno() == Errno.ECONNRESET && kind == Kind.UNIX_SOCKET) {
                return -1;
            }
            if (isGone(e)) {
                BrokenPipeException broken = new BrokenPipeException("the " + name + " was reset: " + e.getMessage());
                broken.initCause(e);
                throw broken;
            }
            throw e;
        }
    }

    private static boolean isGone(SystemCallException e) {
        return e.errno() == Errno.EPIPE || e.errno() == Errno.ECONNRESET;
    }

    void awaitRoom(long deadline) throws InterruptedException {
        await(Descriptors.POLLOUT, deadline, "could be sent to");
    }

    void awaitBytes(long deadline) throws InterruptedException {
        await(Descriptors.POLLIN, deadline, "had the message");
    }

    private void await(int events, long deadline, String what) throws InterruptedException {
        int outcome = descriptor.await(events, deadline);
        if (outcome == Words.INTERRUPTED) {
            throw new InterruptedException();
        }
        if (descriptor.isClosed()) {
            throw closed();
        }
        if (outcome == Words.TIMED_OUT) {
            throw timedOut(what);
        }
    }

    ChannelTimeoutException timedOut(String what) {
        return new ChannelTimeoutException("the time was up before the " + name + " " + what);
    }

    static int[] noDescriptors() {
        return NONE;
    }

    @Override
    public String toString() {
        return name;
    }
}
