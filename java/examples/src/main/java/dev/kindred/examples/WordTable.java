// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.examples;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * A hash table of words and their counts in a piece of memory, which knows nothing of processes: whoever changes it
 * holds a lock.
 *
 * <p>It is an array of places, each with a count, the length of the word's UTF-8 bytes, and these bytes. A word lies in
 * the first place that was free when it came, from the one its hash names. A count of zero is a free place, and so
 * zeroed memory is an empty table.
 */
final class WordTable {

    /** In code points, of up to four bytes each. */
    static final int LONGEST_WORD = 32;

    private static final long COUNT_OFFSET = 0;
    private static final long LENGTH_OFFSET = 4;
    private static final long WORD_OFFSET = 8;
    private static final long PLACE_SIZE = WORD_OFFSET + 4 * LONGEST_WORD;
    private static final long FEWEST_PLACES = 1 << 14;
    private static final long MOST_PLACES = 1 << 21;

    private final MemorySegment memory;
    private final long places;

    WordTable(MemorySegment memory) {
        this.memory = memory;
        this.places = memory.byteSize() / PLACE_SIZE;
    }

    /** {@return how much memory a table for so much text needs: far fewer words are different than there are words} */
    static long sizeFor(long bytesOfText) {
        return Math.clamp(bytesOfText / 16, FEWEST_PLACES, MOST_PLACES) * PLACE_SIZE;
    }

    void add(String word, int count) {
        byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
        long first = Math.floorMod(word.hashCode(), places);
        for (long i = 0; i < places; i++) {
            long place = (first + i) % places * PLACE_SIZE;
            int known = memory.get(ValueLayout.JAVA_INT, place + COUNT_OFFSET);
            if (known == 0) {
                memory.set(ValueLayout.JAVA_INT, place + LENGTH_OFFSET, bytes.length);
                MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, place + WORD_OFFSET, bytes.length);
            } else if (!word(place).equals(word)) {
                continue;
            }
            memory.set(ValueLayout.JAVA_INT, place + COUNT_OFFSET, known + count);
            return;
        }
        throw new IllegalStateException("the table's " + places + " places are full: too many different words");
    }

    Map<String, Integer> toMap() {
        Map<String, Integer> counts = new HashMap<>();
        for (long place = 0; place < places * PLACE_SIZE; place += PLACE_SIZE) {
            int count = memory.get(ValueLayout.JAVA_INT, place + COUNT_OFFSET);
            if (count != 0) {
                counts.put(word(place), count);
            }
        }
        return counts;
    }

    private String word(long place) {
        byte[] bytes = new byte[memory.get(ValueLayout.JAVA_INT, place + LENGTH_OFFSET)];
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, place + WORD_OFFSET, bytes, 0, bytes.length);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
