// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;

import dev.kindred.internal.space.Block;
import dev.kindred.internal.space.Space;

/** Blocks of the space for values, arrays and structs. */
final class Blocks {

    private Blocks() {}

    /**
     * Allocates zeros for so many elements. A little more than asked for may come, so that there is a whole number of
     * words.
     *
     * @param length how many
     * @param size   how many bytes each has
     * @throws IllegalArgumentException               if {@code length} is negative, or more bytes than a long can count
     * @throws dev.kindred.OutOfSharedMemoryException if there is no room
     */
    static Block allocate(long length, long size) {
        if (length < 0) {
            throw new IllegalArgumentException("the length of an array cannot be negative: " + length);
        }
        if (length > (Long.MAX_VALUE - Long.BYTES) / size) {
            throw new IllegalArgumentException("an array of " + length + " elements of " + size
                    + " bytes has more bytes than a long can count");
        }
        long words = Math.max(1, Math.ceilDiv(length * size, Long.BYTES));
        return Space.current().allocate(words * Long.BYTES);
    }

    /** {@return a part of a block, given by its place in the space, as a segment that keeps the block allocated} */
    static MemorySegment segment(Block block, long offset, long length) {
        return block.view().asSlice(offset - block.offset(), length);
    }

    /**
     * Copies elements to an array of Java that has the same ones, such as {@code int[]} for {@link
     * ValueLayout#JAVA_INT}.
     */
    static void read(Block block, long offset, ValueLayout element, Object target, int from, int count) {
        try {
            MemorySegment.copy(block.memory(), element, offset, target, from, count);
        } finally {
            Reference.reachabilityFence(block);
        }
    }

    /** Copies elements from an array of Java that has the same ones. */
    static void write(Block block, long offset, ValueLayout element, Object source, int from, int count) {
        try {
            MemorySegment.copy(source, from, block.memory(), element, offset, count);
        } finally {
            Reference.reachabilityFence(block);
        }
    }

    /** Copies bytes from one block to another, or to another part of the same. */
    static void copy(Block source, long from, Block target, long to, long length) {
        try {
            MemorySegment.copy(source.memory(), from, target.memory(), to, length);
        } finally {
            Reference.reachabilityFence(source);
            Reference.reachabilityFence(target);
        }
    }
}
