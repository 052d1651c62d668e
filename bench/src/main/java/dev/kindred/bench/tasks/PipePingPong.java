// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import dev.kindred.channel.Connection;
import dev.kindred.channel.Pipe;

/** Sends messages to the other process over a two-way pipe, and gets as many back, into memory that is there. */
abstract class PipePingPong extends PingPong<Pipe> {

    /** What each process receives into and sends. */
    private static final class Buffer {
        private static byte[] bytes = {};

        static byte[] of(int size) {
            if (bytes.length != size) {
                bytes = new byte[size];
            }
            return bytes;
        }
    }

    PipePingPong(int roundTrips, int size) {
        super(Pipe.twoWay(), roundTrips, (pipe, process) -> exchange(pipe, process, size));
    }

    private static void exchange(Pipe pipe, int process, int size) throws InterruptedException {
        byte[] message = Buffer.of(size);
        if (process == 0) {
            pipe.first().sendBytes(message);
            receive(pipe.first(), message);
        } else {
            receive(pipe.second(), message);
            pipe.second().sendBytes(message);
        }
    }

    private static void receive(Connection connection, byte[] message) throws InterruptedException {
        if (connection.receiveBytesInto(message, 0) != message.length) {
            throw new IllegalStateException("a message of another length came");
        }
    }
}
