// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.jmh;

import java.util.concurrent.TimeUnit;

import dev.kindred.channel.ByteQueue;
import dev.kindred.channel.LongQueue;
import dev.kindred.channel.Queue;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Queues of which one thread puts and takes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class QueueUse {

    private final ByteQueue bytes = new ByteQueue(1 << 16);
    private final LongQueue longs = new LongQueue(1024);
    private final Queue<ObjectEncoding.Point> objects = new Queue<>();
    private final byte[] message = new byte[32];
    private final ObjectEncoding.Point point = new ObjectEncoding.Point(7, 2.5, "a point");

    /** {@return the length of a message that went through a queue} */
    @Benchmark
    public int bytes() throws InterruptedException {
        bytes.put(message);
        return bytes.take(message, 0);
    }

    /** {@return a number that went through a queue} */
    @Benchmark
    public long longs() throws InterruptedException {
        longs.put(42);
        return longs.take();
    }

    /** {@return what both of these return, added} */
    @Benchmark
    public long bytesAndLongs() throws InterruptedException {
        return bytes() + longs();
    }

    /** {@return a record that went through a queue} */
    @Benchmark
    public ObjectEncoding.Point objects() throws InterruptedException {
        objects.put(point);
        return objects.take();
    }
}
