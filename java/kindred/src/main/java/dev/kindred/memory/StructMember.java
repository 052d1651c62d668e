// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.memory;

import java.io.Serializable;
import java.lang.foreign.MemoryLayout;

import dev.kindred.internal.space.Block;
import org.jspecify.annotations.Nullable;

/**
 * A member of a struct: a number or a struct, or several of them.
 *
 * @param name   its name
 * @param offset where it begins in the struct
 * @param type   the type of its numbers, null if it is a struct
 * @param struct what it is if it is no number, else null
 * @param length how many there are if it is an array, else {@link #SINGLE}
 */
record StructMember(String name, long offset, @Nullable CType type, @Nullable StructType<?> struct, long length)
        implements Serializable {

    /** The length of what is no array. */
    static final long SINGLE = -1;

    /** {@return how many bytes it has} */
    long size() {
        return elementSize() * Math.max(length, 1);
    }

    /** {@return what its offset is a multiple of} */
    long alignment() {
        return struct != null ? struct.alignment() : elementSize();
    }

    /** {@return where what comes next may begin} */
    long end() {
        return offset + size();
    }

    /** {@return whether it is an array} */
    boolean isArray() {
        return length != SINGLE;
    }

    /** {@return the same at another place} */
    StructMember at(long place) {
        return new StructMember(name, place, type, struct, length);
    }

    /** {@return its layout} */
    MemoryLayout layout() {
        MemoryLayout element = struct != null ? struct.layout() : number().layout();
        return (isArray() ? MemoryLayout.sequenceLayout(length, element) : element).withName(name);
    }

    /** {@return as C declares it} */
    @Override
    public String toString() {
        return (struct != null ? "struct " + struct.name() : number().cName()) + " " + name
                + (isArray() ? "[" + length + "]" : "");
    }

    /** {@return the type of its numbers} */
    CType number() {
        if (type == null) {
            throw new IllegalArgumentException("field " + this + " is no number, and no array of numbers");
        }
        return type;
    }

    /** {@return what it is if it is a struct} */
    StructType<?> nested() {
        if (struct == null) {
            throw new IllegalArgumentException("field " + this + " is no struct");
        }
        return struct;
    }

    /** {@return its numbers in a struct at an offset of the space} */
    RawArray array(Block block, long place) {
        if (!isArray()) {
            throw new IllegalArgumentException("field " + this + " is no array");
        }
        return new RawArray(number(), block, place + offset, length, number().size());
    }

    /** {@return its number in a struct at an offset of the space} */
    RawValue value(Block block, long place) {
        requireSingle();
        return new RawValue(number(), block, place + offset);
    }

    /** {@return its numbers in structs that follow each other from an offset of the space on} */
    RawArray column(Block block, long place, long structs, long stride) {
        requireSingle();
        return new RawArray(number(), block, place + offset, structs, stride);
    }

    private void requireSingle() {
        if (isArray()) {
            throw new IllegalArgumentException("field " + this + " is an array");
        }
    }

    private long elementSize() {
        return struct != null ? struct.size() : number().size();
    }
}
