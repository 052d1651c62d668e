// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import dev.kindred.internal.sync.Deadlines;
import dev.kindred.internal.words.Words;
import org.jspecify.annotations.Nullable;

/** Sends the messages of one connection, one after the other, whoever sends them. */
final class MessageSender {

    /** How much of memory that is no array goes at once. */
    private static final int CHUNK = 1 << 16;

    private static final byte[] EMPTY = {};

    private final ByteStream stream;
    private final ReentrantLock lock = new ReentrantLock();
    private final byte[] head = new byte[FrameHead.LONG];
    private byte[] chunk = EMPTY;

    /** Why nothing can be sent any more, or null. */
    private @Nullable String broken;

    MessageSender(ByteStream stream) {
        this.stream = stream;
    }

    /** Sends a message with descriptors, all of it or, if it throws before anything went, nothing. */
    void send(Bytes body, int[] descriptors, long deadline) throws InterruptedException {
        enter(lock, stream, deadline);
        try {
            stream.begin();
            try {
                requireWhole();
                sendAll(body, descriptors, deadline);
            } finally {
                stream.end();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes a connection's lock, or throws as its wait would. */
    static void enter(ReentrantLock lock, ByteStream stream, long deadline) throws InterruptedException {
        Deadlines.throwIfInterrupted();
        if (lock.tryLock()) {
            return;
        }
        if (deadline == Words.NO_DEADLINE) {
            lock.lockInterruptibly();
        } else if (deadline == Words.AT_ONCE || !lock.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            throw stream.timedOut("was left by the threads of this process that use it");
        }
    }

    private void requireWhole() {
        if (broken != null) {
            throw new ChannelException(broken);
        }
    }

    private void sendAll(Bytes body, int[] descriptors, long deadline) throws InterruptedException {
        int headLength = FrameHead.write(head, body.length());
        long total = headLength + body.length();
        long sent = 0;
        try {
            while (sent < total) {
                int now = sendSome(body, headLength, sent, sent == 0 ? descriptors : ByteStream.noDescriptors());
                sent += now;
                if (now == 0) {
                    stream.awaitRoom(deadline);
                }
            }
        } finally {
            if (sent > 0 && sent < total) {
                broken = "nothing can be sent over the " + stream + " any more: a message of " + body.length() + " bytes was given up after " + sent + " of "
                        + total + " had gone, by its deadline, an interrupt or a failure; close it";
            }
        }
    }

    /** {@return how many bytes went} Both parts go by one call, as far as there is room. */
    private int sendSome(Bytes body, int headLength, long sent, int[] descriptors) {
        int headFrom = FrameHead.LONG - (int) Math.max(0, headLength - sent);
        long at = Math.max(0, sent - headLength);
        byte[] array = body.array();
        if (array != null) {
            return stream.send(head, headFrom, array, body.from() + (int) at, (int) (body.length() - at), descriptors);
        }
        if (chunk.length == 0) {
            chunk = new byte[CHUNK];
        }
        return stream.send(head, headFrom, chunk, 0, body.read(at, chunk), descriptors);
    }
}
