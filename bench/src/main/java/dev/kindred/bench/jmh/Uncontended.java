// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.jmh;

import java.util.concurrent.TimeUnit;

import dev.kindred.memory.Value;
import dev.kindred.sync.Event;
import dev.kindred.sync.Lock;
import dev.kindred.sync.Semaphore;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Locks, values, semaphores and events that nobody else wants: run for what they allocate. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Uncontended {

    private final Lock lock = new Lock();
    private final Value value = Value.ofLong(0);
    private final Semaphore semaphore = new Semaphore(1);
    private final Event event = new Event();

    /** Acquires and releases. */
    @Benchmark
    public void lock() {
        lock.lock();
        lock.unlock();
    }

    /** Takes a permit and gives it back. */
    @Benchmark
    public void semaphore() {
        semaphore.acquireUninterruptibly();
        semaphore.release();
    }

    /** {@return whether an event that was just set is set} It is cleared again. */
    @Benchmark
    public boolean event() throws InterruptedException {
        event.set();
        event.await();
        boolean set = event.isSet();
        event.clear();
        return set;
    }

    /** {@return the number after one was added to it under its lock} */
    @Benchmark
    public long value() {
        value.lock();
        try {
            value.setLong(value.getLong() + 1);
            return value.getLong();
        } finally {
            value.unlock();
        }
    }
}
