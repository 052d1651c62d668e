// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.memory;

import java.io.InvalidObjectException;
import java.lang.foreign.MemorySegment;

import dev.kindred.NotInheritableException;
import dev.kindred.internal.inheritance.Inheritance;
import dev.kindred.internal.space.Block;
import dev.kindred.internal.space.Space;

/** The bytes under a value, array or struct: a block of the space, and a segment that keeps it allocated. */
final class SharedBytes {

    private final Block block;
    private final MemorySegment segment;

    private SharedBytes(Block block) {
        this.block = block;
        this.segment = block.view();
    }

    /**
     * Allocates zeros. A little more than asked for may come, so that there is a whole number of words.
     *
     * @throws dev.kindred.OutOfSharedMemoryException if there is no room
     */
    static SharedBytes allocate(long bytes) {
        long words = Math.ceilDivExact(Math.max(bytes, 1), Long.BYTES);
        return new SharedBytes(Space.current().allocate(words * Long.BYTES));
    }

    /**
     * Allocates zeros for so many elements.
     *
     * @param length how many
     * @param size   how many bytes each has
     * @throws IllegalArgumentException               if {@code length} is negative
     * @throws dev.kindred.OutOfSharedMemoryException if there is no room
     */
    static SharedBytes allocate(long length, long size) {
        if (length < 0) {
            throw new IllegalArgumentException("the length of an array cannot be negative: " + length);
        }
        long limit = (Long.MAX_VALUE - Long.BYTES) / size;
        if (length > limit) {
            throw new IllegalArgumentException("an array of " + length + " elements of " + size + " bytes has more bytes than a long can count");
        }
        return allocate(length * size);
    }

    /** {@return the bytes that a parent passed on, in the child} */
    static SharedBytes adopt(long ticket) throws InvalidObjectException {
        return new SharedBytes(Inheritance.adopt(ticket));
    }

    /**
     * Passes the bytes on to the child that is being started.
     *
     * @param what the object that they are under
     * @return what the child gives to {@link #adopt}
     * @throws NotInheritableException if no child is being started
     */
    long travel(Object what) throws NotInheritableException {
        return Inheritance.travel(what, block);
    }

    /** {@return the bytes} */
    MemorySegment segment() {
        return segment;
    }
}
