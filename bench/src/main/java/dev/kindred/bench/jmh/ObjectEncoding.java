// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.jmh;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.kindred.channel.Codec;
import dev.kindred.internal.codec.ByteSink;
import dev.kindred.internal.codec.ByteSource;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Objects that are encoded and decoded again, as on their way through a queue. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ObjectEncoding {

    /**
     * What travels.
     *
     * @param id   a number
     * @param x    another one
     * @param name a text
     */
    public record Point(int id, double x, String name) {}

    private final Codec<Object> codec = Codec.objects();
    private final ByteSink sink = new ByteSink();
    private final ByteSource source = new ByteSource();
    private final Point point = new Point(7, 2.5, "a point");
    private final List<Point> points = points();

    private static List<Point> points() {
        List<Point> made = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            made.add(new Point(i, i / 2.0, "a point"));
        }
        return made;
    }

    /** {@return a small record that has travelled} */
    @Benchmark
    public Object record() throws IOException, ClassNotFoundException {
        return travel(point);
    }

    /** {@return a text that has travelled} */
    @Benchmark
    public Object text() throws IOException, ClassNotFoundException {
        return travel("a text of some 30 characters..");
    }

    /** {@return a list of a hundred records that has travelled} */
    @Benchmark
    public Object list() throws IOException, ClassNotFoundException {
        return travel(points);
    }

    private Object travel(Object element) throws IOException, ClassNotFoundException {
        sink.reset();
        codec.encode(element, sink);
        source.reset(sink.array(), 0, sink.size());
        return codec.decode(source);
    }
}
