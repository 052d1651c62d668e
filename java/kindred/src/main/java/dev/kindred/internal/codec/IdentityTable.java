// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.codec;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Numbers objects, by identity. Few are compared one by one, more are hashed; it makes no garbage unless it grows. */
final class IdentityTable {

    /** So many are compared one by one. */
    private static final int FEW = 12;

    /** Larger tables are not kept. */
    private static final int KEPT = 1 << 10;

    private @Nullable Object[] objects = new Object[FEW];
    private int[] numbers = new int[FEW];
    private int count;

    /** By hash the indexes of the objects, plus one; of twice their room. Empty while there are few. */
    private int[] slots = {};

    /** {@return where an object stands, or -1} */
    @SuppressWarnings("ReferenceEquality") // It is what this is for.
    int find(Object object) {
        if (count <= FEW) {
            for (int i = 0; i < count; i++) {
                if (objects[i] == object) {
                    return i;
                }
            }
            return -1;
        }
        int slot = firstSlot(object);
        while (slots[slot] != 0) {
            if (objects[slots[slot] - 1] == object) {
                return slots[slot] - 1;
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        return -1;
    }

    /** {@return where an object stands that was not there} Until it is given a number, it has the number -1. */
    int add(Object object) {
        if (count == objects.length) {
            grow();
        }
        int index = count++;
        objects[index] = object;
        numbers[index] = -1;
        if (count == FEW + 1) {
            hashAll();
        } else if (count > FEW) {
            hash(index);
        }
        return index;
    }

    int number(int index) {
        return numbers[index];
    }

    void setNumber(int index, int number) {
        numbers[index] = number;
    }

    /** Forgets all. */
    void clear() {
        if (count > KEPT) {
            objects = new Object[FEW];
            numbers = new int[FEW];
            slots = new int[0];
        } else {
            Arrays.fill(objects, 0, count, null);
        }
        count = 0;
    }

    private void grow() {
        int room = objects.length * 2;
        objects = Arrays.copyOf(objects, room);
        numbers = Arrays.copyOf(numbers, room);
        if (count > FEW) {
            hashAll();
        }
    }

    private void hashAll() {
        int room = Integer.highestOneBit(objects.length * 2 - 1) * 2;
        if (slots.length == room) {
            Arrays.fill(slots, 0);
        } else {
            slots = new int[room];
        }
        for (int i = 0; i < count; i++) {
            hash(i);
        }
    }

    private void hash(int index) {
        int slot = firstSlot(objects[index]);
        while (slots[slot] != 0) {
            slot = (slot + 1) & (slots.length - 1);
        }
        slots[slot] = index + 1;
    }

    private int firstSlot(@Nullable Object object) {
        int hash = System.identityHashCode(object) * 0x9e3779b1;
        return hash >>> Integer.numberOfLeadingZeros(slots.length - 1);
    }
}
