// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.words;

import dev.kindred.internal.os.Futex;

/** Words that one thread waits for together, and what each held when it decided to wait. */
public final class WordSet {

    /** How many there can be: what futex_waitv takes, less the thread's interrupt word and the death epoch. */
    public static final int CAPACITY = Futex.WAIT_MAX - 2;

    private final long[] offsets = new long[CAPACITY];
    private final int[] expected = new int[CAPACITY];
    private int size;

    /** Makes an empty set. */
    public WordSet() {}

    /** Takes all words out. */
    public void clear() {
        size = 0;
    }

    /** {@return whether there is no room for another} */
    public boolean isFull() {
        return size == CAPACITY;
    }

    /** Puts a word in; there must be room for it. */
    public void add(long offset, int held) {
        offsets[size] = offset;
        expected[size] = held;
        size++;
    }

    /** {@return how many there are} */
    public int size() {
        return size;
    }

    /** {@return where a word lies} */
    public long offset(int index) {
        return offsets[index];
    }

    /** {@return what a word held} */
    public int expected(int index) {
        return expected[index];
    }
}
