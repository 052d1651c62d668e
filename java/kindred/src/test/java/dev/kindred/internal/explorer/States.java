// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.explorer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All states that were found, each once and in full, by the order in which they were found. */
final class States {

    private final List<Memory> memories = new ArrayList<>();
    private final Map<Memory, Integer> memoryNumbers = new HashMap<>();

    /** A row for each state: the number of its memory, then where each actor stands. */
    private final IntList rows = new IntList();
    private final int width;

    /** The numbers of states and one, by their hash. */
    private int[] table = new int[1 << 12];
    private int size;

    States(int actors) {
        width = actors + 1;
    }

    int size() {
        return size;
    }

    int memories() {
        return memories.size();
    }

    /** {@return a sum over all contents of the memory that does not depend on their order} */
    long contents() {
        return memories.stream().mapToLong(Memory::hash).sum();
    }

    /** Keeps a state, whose memory is not changed from now on. {@return its number} */
    int add(Turn state) {
        int[] at = state.at();
        int memoryNumber = state.memoryNumber() != Turn.CHANGED
                ? state.memoryNumber()
                : memoryNumbers.computeIfAbsent(state.memory(), this::addMemory);
        int slot = hash(memoryNumber, at) & table.length - 1;
        while (table[slot] != 0) {
            if (equals(table[slot] - 1, memoryNumber, at)) {
                return table[slot] - 1;
            }
            slot = slot + 1 & table.length - 1;
        }
        table[slot] = ++size;
        rows.add(memoryNumber);
        for (int position : at) {
            rows.add(position);
        }
        if (size > table.length / 2) {
            grow();
        }
        return size - 1;
    }

    private Integer addMemory(Memory memory) {
        memories.add(memory);
        return memories.size() - 1;
    }

    int memoryNumber(int state) {
        return rows.get((long) state * width);
    }

    Memory memory(int number) {
        return memories.get(number);
    }

    int[] at(int state) {
        int[] at = new int[width - 1];
        for (int actor = 0; actor < at.length; actor++) {
            at[actor] = rows.get((long) state * width + 1 + actor);
        }
        return at;
    }

    private boolean equals(int state, int memoryNumber, int[] at) {
        long row = (long) state * width;
        if (rows.get(row) != memoryNumber) {
            return false;
        }
        for (int actor = 0; actor < at.length; actor++) {
            if (rows.get(row + 1 + actor) != at[actor]) {
                return false;
            }
        }
        return true;
    }

    private static int hash(int memoryNumber, int[] at) {
        long hash = memoryNumber;
        for (int position : at) {
            hash = (hash ^ hash >>> 29) * 0x9e3779b97f4a7c15L + position;
        }
        hash *= 0xc2b2ae3d27d4eb4fL;
        return (int) (hash >>> 32);
    }

    private void grow() {
        table = new int[table.length * 2];
        for (int state = 0; state < size; state++) {
            int slot = hash(memoryNumber(state), at(state)) & table.length - 1;
            while (table[slot] != 0) {
                slot = slot + 1 & table.length - 1;
            }
            table[slot] = state + 1;
        }
    }
}
