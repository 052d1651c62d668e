// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.sync;

import java.io.Serializable;
import java.lang.foreign.ValueLayout;

import dev.kindred.memory.SharedMemory;

/** Longs in shared memory that a test protects by what it tests, and by nothing else. */
record SharedCounter(SharedMemory memory) implements Serializable, AutoCloseable {

    static SharedCounter create() {
        return new SharedCounter(SharedMemory.create(4096));
    }

    long get(int index) {
        return (long) ValueLayout.JAVA_LONG.varHandle().getVolatile(memory.segment(), index * 8L);
    }

    void set(int index, long value) {
        ValueLayout.JAVA_LONG.varHandle().setVolatile(memory.segment(), index * 8L, value);
    }

    /** A read and a write, between which others may come. */
    void addUnprotected(int index, long delta) {
        long before = memory.segment().get(ValueLayout.JAVA_LONG, index * 8L);
        memory.segment().set(ValueLayout.JAVA_LONG, index * 8L, before + delta);
    }

    void addAtomically(int index, long delta) {
        long _ = getAndAdd(index, delta);
    }

    /** {@return what it was before} */
    long getAndAdd(int index, long delta) {
        return (long) ValueLayout.JAVA_LONG.varHandle().getAndAdd(memory.segment(), index * 8L, delta);
    }

    @Override
    public void close() {
        memory.unlink();
        memory.close();
    }
}
