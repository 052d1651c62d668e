// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.channel;

import dev.kindred.Space;
import dev.kindred.channel.ByteQueue;
import dev.kindred.channel.Codec;
import dev.kindred.channel.DoubleQueue;
import dev.kindred.channel.IntQueue;
import dev.kindred.channel.JoinableQueue;
import dev.kindred.channel.LongQueue;
import dev.kindred.channel.Queue;

/** The kinds of queues. */
enum QueueKind {
    BYTES {
        @Override
        NumberQueue create(int elements) {
            return new NumberQueue.Bytes(new ByteQueue(bytes(elements)));
        }

        @Override
        NumberQueue open(Space space, String name, int elements) {
            return new NumberQueue.Bytes(ByteQueue.open(space, name, bytes(elements)));
        }

        private static long bytes(int elements) {
            return Math.max(256, elements * 16L);
        }
    },
    INTS {
        @Override
        NumberQueue create(int elements) {
            return new NumberQueue.Ints(new IntQueue(elements));
        }

        @Override
        NumberQueue open(Space space, String name, int elements) {
            return new NumberQueue.Ints(IntQueue.open(space, name, elements));
        }
    },
    LONGS {
        @Override
        NumberQueue create(int elements) {
            return new NumberQueue.Longs(new LongQueue(elements));
        }

        @Override
        NumberQueue open(Space space, String name, int elements) {
            return new NumberQueue.Longs(LongQueue.open(space, name, elements));
        }
    },
    DOUBLES {
        @Override
        NumberQueue create(int elements) {
            return new NumberQueue.Doubles(new DoubleQueue(elements));
        }

        @Override
        NumberQueue open(Space space, String name, int elements) {
            return new NumberQueue.Doubles(DoubleQueue.open(space, name, elements));
        }
    },
    OBJECTS {
        @Override
        NumberQueue create(int elements) {
            return new NumberQueue.Objects(new Queue<>(elements));
        }

        @Override
        NumberQueue open(Space space, String name, int elements) {
            return new NumberQueue.Objects(Queue.open(space, name, elements, Codec.objects()));
        }
    },
    JOINABLE {
        @Override
        NumberQueue create(int elements) {
            return new NumberQueue.Objects(new JoinableQueue<>(elements));
        }

        @Override
        NumberQueue open(Space space, String name, int elements) {
            return new NumberQueue.Objects(JoinableQueue.open(space, name, elements, false, Codec.objects()));
        }
    };

    /** {@return a queue of so many elements; of BYTES, of at least so many} */
    abstract NumberQueue create(int elements);

    /** {@return the queue of a name in a space} */
    abstract NumberQueue open(Space space, String name, int elements);
}
