// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

import java.lang.ref.Cleaner;

import dev.kindred.internal.os.DescriptorCleaner;
import dev.kindred.internal.poll.OpenDescriptor;

/** What a connection works with, apart from the connection, so that it can be closed when the connection has become unreachable. */
final class Transport {

    private final ByteStream stream;
    private final MessageSender sender;
    private final MessageReceiver receiver;

    Transport(int number, ByteStream.Kind kind) {
        stream = new ByteStream(new OpenDescriptor(number), kind);
        sender = new MessageSender(stream);
        receiver = new MessageReceiver(stream);
    }

    /** Has it closed when its owner is closed or forgotten. */
    Cleaner.Cleanable closeWhenUnreachable(Object owner) {
        return DescriptorCleaner.cleanWhenUnreachable(owner, this::close);
    }

    private void close() {
        // In this order: who still receives is woken by the first and leaves, and nobody comes any more who could keep something.
        stream.descriptor().close();
        receiver.discard();
    }

    ByteStream stream() {
        return stream;
    }

    MessageSender sender() {
        return sender;
    }

    MessageReceiver receiver() {
        return receiver;
    }
}
