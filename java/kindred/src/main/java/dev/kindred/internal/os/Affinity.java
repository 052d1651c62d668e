// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.os;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;

/** Which processors a thread may run on. */
public final class Affinity {

    /** The thread that calls. */
    public static final int THIS_THREAD = 0;

    /** Room for 8192 processors, the most a kernel is built for. */
    private static final long MASK_SIZE = 1024;

    private Affinity() {}

    /**
     * {@return the numbers of the processors that a thread may run on}
     *
     * @param thread the kernel's number of the thread, or {@link #THIS_THREAD}
     * @throws dev.kindred.SystemCallException if there is no such thread
     */
    public static BitSet get(int thread) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(MASK_SIZE, Long.BYTES);
            int result = Native.getAffinity(thread, mask.address(), MASK_SIZE);
            if (result < 0) {
                throw Errno.failure(result, "sched_getaffinity", "thread", thread);
            }
            return BitSet.valueOf(mask.asSlice(0, result).toArray(ValueLayout.JAVA_BYTE));
        }
    }

    /** {@return how many processors this machine has at work, whichever of them this process may run on} */
    public static int processors() {
        return Native.processors();
    }

    /**
     * Binds a thread to processors.
     *
     * @param thread     the kernel's number of the thread, or {@link #THIS_THREAD}
     * @param processors their numbers
     * @throws dev.kindred.SystemCallException if there is no such thread, or none of the processors can be used
     */
    public static void set(int thread, BitSet processors) {
        try (Arena arena = Arena.ofConfined()) {
            byte[] bytes = processors.toByteArray();
            MemorySegment mask = arena.allocate(Math.max(MASK_SIZE, bytes.length), Long.BYTES);
            MemorySegment.copy(bytes, 0, mask, ValueLayout.JAVA_BYTE, 0, bytes.length);
            int result = Native.setAffinity(thread, mask.address(), mask.byteSize());
            if (result < 0) {
                throw Errno.failure(result, "sched_setaffinity", "thread", thread, "processors", processors);
            }
        }
    }
}
