// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.jmh;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import dev.kindred.memory.Value;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Adding to a number that others may change, too: one that all processes of a family see, and the JDK's, which one JVM sees. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class AtomicAdd {

    private final Value value = Value.ofLong(0);
    private final AtomicLong atomicLong = new AtomicLong();

    /** {@return the number before} */
    @Benchmark
    public long value() {
        return value.getAndAdd(1);
    }

    /** {@return the number before} */
    @Benchmark
    public long atomicLong() {
        return atomicLong.getAndAdd(1);
    }
}
