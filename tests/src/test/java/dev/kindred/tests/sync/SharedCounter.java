// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.sync;

import java.io.Serializable;
import java.lang.foreign.ValueLayout;

import dev.kindred.memory.SharedMemory;

/** Longs in shared memory that a test protects by what it tests, and by nothing else. */
public record SharedCounter(SharedMemory memory) implements Serializable, AutoCloseable {

    public static SharedCounter create() {
        return new SharedCounter(SharedMemory.create(4096));
    }

    public long get(int index) {
        return (long) ValueLayout.JAVA_LONG.varHandle().getVolatile(memory.segment(), index * 8L);
    }

    public void set(int index, long value) {
        ValueLayout.JAVA_LONG.varHandle().setVolatile(memory.segment(), index * 8L, value);
    }

    /** A read and a write, between which others may come. */
    public void addUnprotected(int index, long delta) {
        long before = memory.segment().get(ValueLayout.JAVA_LONG, index * 8L);
        memory.segment().set(ValueLayout.JAVA_LONG, index * 8L, before + delta);
    }

    public void addAtomically(int index, long delta) {
        long _ = getAndAdd(index, delta);
    }

    /** {@return what it was before} */
    public long getAndAdd(int index, long delta) {
        return (long) ValueLayout.JAVA_LONG.varHandle().getAndAdd(memory.segment(), index * 8L, delta);
    }

    @Override
    public void close() {
        memory.unlink();
        memory.close();
    }
}
