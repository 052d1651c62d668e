// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.peers;

import java.io.IOException;

import dev.kindred.bench.tasks.QueueBytes;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/** Ring buffers of Agrona, on mapped files. */
final class Rings {

    /** What the messages are, for whoever has several kinds. */
    static final int TYPE = 1;

    private Rings() {}

    static ManyToOneRingBuffer manyToOne(SharedFolder folder, String name) throws IOException {
        return new ManyToOneRingBuffer(memory(folder, name));
    }

    static OneToOneRingBuffer oneToOne(SharedFolder folder, String name) throws IOException {
        return new OneToOneRingBuffer(memory(folder, name));
    }

    private static UnsafeBuffer memory(SharedFolder folder, String name) throws IOException {
        return new UnsafeBuffer(folder.map(name, QueueBytes.RING_BYTES + RingBufferDescriptor.TRAILER_LENGTH));
    }
}
