// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.explorer;

import java.util.ArrayList;
import java.util.List;

/** Very many ints. */
final class IntList {

    private static final int CHUNK_BITS = 16;
    private static final int CHUNK = 1 << CHUNK_BITS;

    private final List<int[]> chunks = new ArrayList<>();
    private long size;

    long size() {
        return size;
    }

    void add(int value) {
        if (size >> CHUNK_BITS == chunks.size()) {
            chunks.add(new int[CHUNK]);
        }
        chunks.get((int) (size >> CHUNK_BITS))[(int) (size % CHUNK)] = value;
        size++;
    }

    int get(long index) {
        return chunks.get((int) (index >> CHUNK_BITS))[(int) (index % CHUNK)];
    }

    void set(long index, int value) {
        chunks.get((int) (index >> CHUNK_BITS))[(int) (index % CHUNK)] = value;
    }
}
