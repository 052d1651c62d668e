// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

import dev.kindred.internal.os.Descriptors;
import dev.kindred.internal.os.Streams;
import org.jspecify.annotations.Nullable;

/**
 * Receives the messages of one connection, one after the other, whoever receives them. What has come of a message whose receiver gave up is kept for the
 * next. Never is more taken from the stream than the message that is asked for: another process may be the next to receive.
 */
final class MessageReceiver {

    /** The most that is allocated because a head says so; beyond, memory grows as bytes come. */
    private static final int TRUSTED = 1 << 24;

    /** The longest array. */
    private static final int ARRAY_LIMIT = Integer.MAX_VALUE - 8;

    private static final int CHUNK = 1 << 16;
    private static final long UNKNOWN = -1;
    private static final byte[] EMPTY = {};

    private final ByteStream stream;
    private final ReentrantLock lock = new ReentrantLock();
    private final int[] arriving = new int[Streams.RECEIVED_LENGTH];
    private final byte[] head = new byte[FrameHead.LONG];
    private byte[] chunk = EMPTY;
    private int headFilled;

    /** Whether something of a message has come: for those who do not have the lock. */
    private volatile boolean inMessage;

    private long length = UNKNOWN;

    /** Those that came with the first byte of the message. */
    private int[] descriptors = {};

    /** Why those that came with it were lost: an error number, or 0. */
    private int lost;

    /** What has come of the body. */
    private byte[] kept = EMPTY;
    private int keptLength;

    /** Why nothing can be received any more, or null. */
    private @Nullable String broken;

    private volatile long maximum = ARRAY_LIMIT;

    MessageReceiver(ByteStream stream) {
        this.stream = stream;
    }

    long maximum() {
        return maximum;
    }

    void setMaximum(long most) {
        maximum = most;
    }

    private interface Receiving<T> {
        T run() throws InterruptedException;
    }

    private <T> T alone(long deadline, Receiving<T> receiving) throws InterruptedException {
        MessageSender.enter(lock, stream, deadline);
        try {
            stream.begin();
            try {
                if (broken != null) {
                    throw new ChannelException(broken);
                }
                return receiving.run();
            } finally {
                stream.end();
            }
        } finally {
            lock.unlock();
        }
    }

    /** {@return the next message, without the descriptors that came with it, which are closed} */
    byte[] receive(long limit, long deadline) throws InterruptedException {
        return alone(deadline, () -> {
            receiveHead(limit, deadline);
            receiveBody(deadline);
            closeDescriptors();
            return take();
        });
    }

    /** {@return the next message with all descriptors that came with it} */
    ReceivedMessage receiveWithDescriptors(long limit, long deadline) throws InterruptedException {
        return alone(deadline, () -> {
            receiveHead(limit, deadline);
            receiveBody(deadline);
            int[] came = descriptors;
            int failure = lost;
            byte[] body = take();
            if (failure != 0) {
                throw new ChannelException("the descriptors of a message of " + body.length + " bytes are lost, as this process may have no more (errno "
                        + -failure + "): close some, or raise its limit (ulimit -n)");
            }
            return new ReceivedMessage(body, came);
        });
    }

    /** Receives the next message into what the caller has. {@return its length} */
    long receiveInto(Bytes target, long limit, long deadline) throws InterruptedException {
        return alone(deadline, () -> {
            receiveHead(limit, deadline);
            if (length > target.length()) {
                requireArray();
                receiveBody(deadline);
                closeDescriptors();
                throw new BufferTooShortException(target.length(), take());
            }
            long received = length;
            fill(target, deadline);
            closeDescriptors();
            reset();
            return received;
        });
    }

    private void receiveHead(long limit, long deadline) throws InterruptedException {
        while (length == UNKNOWN) {
            int needed = headFilled >= FrameHead.SHORT && FrameHead.isLong(head) ? FrameHead.LONG : FrameHead.SHORT;
            if (headFilled < needed) {
                headFilled += receive(head, headFilled, needed - headFilled, headFilled == 0, deadline);
                inMessage = true;
            } else {
                parse();
            }
        }
        checkLength(Math.min(limit, maximum));
    }

    private void parse() {
        long announced = FrameHead.length(head);
        if (announced < 0) {
            broken = "nothing can be received from the " + stream + " any more: a message began with the length " + announced
                    + "; the other end does not speak the protocol of connections";
            forget();
            throw new MessageLengthException(broken, announced);
        }
        length = announced;
    }

    /** One that is too long stays where it is. */
    private void checkLength(long limit) {
        if (length > limit) {
            throw new MessageLengthException("a message of " + length + " bytes is waiting in the " + stream + ", and at most " + limit
                    + " are accepted: receive it with a higher maximum, or close the connection", length);
        }
    }

    private void requireArray() {
        checkLength(ARRAY_LIMIT);
    }

    private void receiveBody(long deadline) throws InterruptedException {
        requireArray();
        int size = (int) length;
        while (keptLength < size) {
            if (keptLength == kept.length) {
                int larger = (int) Math.min(size, Math.max(TRUSTED, 2L * kept.length));
                kept = Arrays.copyOf(kept, larger);
            }
            keptLength += receive(kept, keptLength, Math.min(kept.length, size) - keptLength, false, deadline);
        }
    }

    /** Fills memory of the caller's; if that is given up, what has come is kept. */
    private void fill(Bytes target, long deadline) throws InterruptedException {
        target.write(0, kept, 0, keptLength);
        long filled = keptLength;
        try {
            while (filled < length) {
                byte[] array = target.array();
                if (array != null) {
                    filled += receive(array, target.from() + (int) filled, (int) (length - filled), false, deadline);
                } else {
                    if (chunk.length == 0) {
                        chunk = new byte[CHUNK];
                    }
                    int count = receive(chunk, 0, (int) Math.min(chunk.length, length - filled), false, deadline);
                    target.write(filled, chunk, 0, count);
                    filled += count;
                }
            }
        } finally {
            if (filled < length) {
                keep(target, filled);
            }
        }
    }

    private void keep(Bytes target, long filled) {
        if (filled > ARRAY_LIMIT) {
            broken = "nothing can be received from the " + stream + " any more: a message of " + length + " bytes was given up after " + filled
                    + " of them, more than can be kept for the next who receives";
        } else if (filled > keptLength) {
            kept = target.first((int) filled);
            keptLength = (int) filled;
        }
    }

    /** {@return how many bytes came, at least one} */
    private int receive(byte[] into, int from, int count, boolean first, long deadline) throws InterruptedException {
        while (true) {
            int received = stream.receive(into, from, count, arriving);
            if (stream.kind() != ByteStream.Kind.PIPE) {
                takeDescriptors(first && received > 0);
            }
            if (received > 0) {
                return received;
            }
            if (received < 0) {
                throw endOfChannel();
            }
            stream.awaitBytes(deadline);
        }
    }

    /** Those that come with anything but the first byte belong to no message. */
    private void takeDescriptors(boolean first) {
        int count = arriving[0];
        if (first) {
            lost = Math.min(count, 0);
            descriptors = Arrays.copyOfRange(arriving, 1, 1 + Math.max(count, 0));
        } else {
            for (int i = 1; i <= count; i++) {
                Descriptors.close(arriving[i]);
            }
        }
        arriving[0] = 0;
    }

    private EndOfChannelException endOfChannel() {
        if (headFilled == 0) {
            return new EndOfChannelException("the other end of the " + stream + " is closed, and all that it has sent is received", false);
        }
        String what = length == UNKNOWN ? "the head of a message" : "a message of " + length + " bytes";
        return new EndOfChannelException("the other end of the " + stream + " was closed in the middle of " + what, true);
    }

    /** {@return the message, which is complete} */
    private byte[] take() {
        byte[] message = kept.length == length ? kept : Arrays.copyOf(kept, (int) length);
        reset();
        return message;
    }

    private void reset() {
        headFilled = 0;
        inMessage = false;
        length = UNKNOWN;
        kept = EMPTY;
        keptLength = 0;
        descriptors = ByteStream.noDescriptors();
        lost = 0;
    }

    private void closeDescriptors() {
        for (int each : descriptors) {
            Descriptors.close(each);
        }
        descriptors = ByteStream.noDescriptors();
    }

    /** {@return whether something of a message has been received, and not all} It does not wait for who receives. */
    boolean isInMessage() {
        return inMessage;
    }

    /** Lets go of what is kept, of a connection that is closed: who still receives is awake and about to leave. */
    void discard() {
        lock.lock();
        try {
            forget();
        } finally {
            lock.unlock();
        }
    }

    private void forget() {
        closeDescriptors();
        reset();
    }
}
