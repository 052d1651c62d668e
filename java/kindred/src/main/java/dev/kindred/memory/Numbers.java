// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.memory;

/** Checks whole arrays of Java before the first of their numbers is stored. */
final class Numbers {

    private Numbers() {}

    /** Checks that an integer type can hold a part of an array. */
    static void check(CType type, int[] numbers, int from, int count) {
        for (int index = from; index < from + count; index++) {
            if (numbers[index] < 0 && type.isUnsigned()) {
                throw type.outOfRange(Integer.toString(numbers[index]));
            }
            type.check(numbers[index]);
        }
    }

    /** Checks that an integer type can hold a part of an array. */
    static void check(CType type, long[] numbers, int from, int count) {
        for (int index = from; index < from + count; index++) {
            type.check(numbers[index]);
        }
    }
}
