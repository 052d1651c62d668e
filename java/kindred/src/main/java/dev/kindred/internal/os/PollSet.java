// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.os;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;

/** Several descriptors that one thread waits for at once. Not for several threads. */
public final class PollSet {

    private static final VarHandle INT = SegmentHandles.of(int.class);
    private static final VarHandle SHORT = SegmentHandles.of(short.class);

    private static final int ITEM_SIZE = 8;
    private static final long EVENTS = 4;
    private static final long READY = 6;
    private static final int FIRST_CAPACITY = 4;

    private MemorySegment items = allocate(FIRST_CAPACITY);
    private int size;

    /** Makes an empty set. */
    public PollSet() {}

    private static MemorySegment allocate(int capacity) {
        return Arena.ofAuto().allocate((long) capacity * ITEM_SIZE, Long.BYTES);
    }

    /** Takes all out. */
    public void clear() {
        size = 0;
    }

    /** Puts a descriptor in, with the {@code POLL} constants that it is waited for. */
    public void add(int descriptor, int events) {
        long at = (long) size * ITEM_SIZE;
        if (at == items.byteSize()) {
            MemorySegment larger = allocate(2 * size);
            MemorySegment.copy(items, 0, larger, 0, at);
            items = larger;
        }
        INT.set(items, at, descriptor);
        SHORT.set(items, at + EVENTS, (short) events);
        SHORT.set(items, at + READY, (short) 0);
        size++;
    }

    /** {@return what the descriptor of that index was found ready for} */
    public int ready(int index) {
        return (short) SHORT.get(items, (long) index * ITEM_SIZE + READY);
    }

    /**
     * Waits until one is ready. A thread that waits here is not woken by {@link Thread#interrupt()}.
     *
     * @param deadline when to give up: {@link System#nanoTime()}, or {@link Long#MAX_VALUE} for never
     * @return how many are ready, 0 at the deadline
     * @throws dev.kindred.SystemCallException if there are more than this process may have descriptors
     */
    public int await(long deadline) {
        try {
            int result = Native.pollMany(items.address(), size, deadline);
            if (result < 0) {
                throw Errno.failure(result, "ppoll", "count", size);
            }
            return result;
        } finally {
            Reference.reachabilityFence(items);
        }
    }
}
