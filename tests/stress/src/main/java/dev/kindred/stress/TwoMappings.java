// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.stress;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;

import dev.kindred.internal.os.Descriptors;
import dev.kindred.internal.os.Mappings;
import dev.kindred.internal.os.SharedObjects;
import dev.kindred.internal.words.MappedWords;

/**
 * A memfd that is mapped twice, as by two processes: the same bytes at two addresses, so that neither the compiler nor the processor can tell by the
 * address that two accesses meet. Each test takes fresh lines of it for each state.
 */
final class TwoMappings {

    /** The words of the first actor. */
    static final MappedWords FIRST;

    /** The words of the second actor. */
    static final MappedWords SECOND;

    /** The size of what a state may use, a multiple of a cache line. */
    private static final int STATE = 512;

    /** So many that a state's lines are used again only when its test has long ended. */
    private static final int STATES = 1 << 17;

    /** The first page is the epoch's. */
    private static final long BEGIN = 4096;
    private static final long SIZE = BEGIN + (long) STATES * STATE;
    private static final long EPOCH = 64;

    private static final AtomicInteger NEXT = new AtomicInteger();

    static {
        int descriptor = SharedObjects.memfdCreate("kindred-stress");
        SharedObjects.truncate(descriptor, SIZE);
        SharedObjects.reserve(descriptor, 0, SIZE, "the words under stress");
        FIRST = map(descriptor);
        SECOND = map(descriptor);
        Descriptors.close(descriptor);
    }

    private TwoMappings() {}

    @SuppressWarnings("restricted")
    private static MappedWords map(int descriptor) {
        long address = Mappings.map(descriptor, 0, SIZE, Mappings.PROT_READ | Mappings.PROT_WRITE, Mappings.MAP_SHARED);
        return new MappedWords(MemorySegment.ofAddress(address).reinterpret(SIZE), EPOCH);
    }

    /** {@return the offset of zeroed words for a state} */
    static long fresh() {
        long offset = BEGIN + (long) (NEXT.getAndIncrement() & (STATES - 1)) * STATE;
        FIRST.zero(offset, STATE);
        return offset;
    }
}
