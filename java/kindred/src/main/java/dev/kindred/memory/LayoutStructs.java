// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.memory;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.PaddingLayout;
import java.lang.foreign.SequenceLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

import dev.kindred.internal.space.Block;

/** Makes the types of structs from layouts. */
final class LayoutStructs {

    private LayoutStructs() {}

    static StructType<MemorySegment> create(StructLayout layout) {
        String name = layout.name().orElse("struct");
        List<StructMember> members = new ArrayList<>();
        long offset = 0;
        for (MemoryLayout part : layout.memberLayouts()) {
            if (!(part instanceof PaddingLayout)) {
                members.add(member(name, part, offset));
            }
            offset += part.byteSize();
        }
        return create(name, members);
    }

    static StructType<MemorySegment> create(String name, List<StructMember> members) {
        long size = StructType.create(name, members, new Copies(0), null).size();
        return StructType.create(name, members, new Copies(size), null);
    }

    private static StructMember member(String struct, MemoryLayout part, long offset) {
        String name = part.name().orElseThrow(() -> refused(struct, part, "has no name"));
        StructMember member = part instanceof SequenceLayout sequence
                ? element(struct, name, sequence.elementLayout(), sequence.elementCount())
                : element(struct, name, part, StructMember.SINGLE);
        if (offset % member.alignment() != 0) {
            throw refused(struct, part, "begins at " + offset + ", which is no multiple of " + member.alignment());
        }
        return member.at(offset);
    }

    private static StructMember element(String struct, String name, MemoryLayout layout, long length) {
        return switch (layout) {
            case StructLayout nested -> new StructMember(name, 0, null, create(nested), length);
            case ValueLayout value -> new StructMember(name, 0, type(struct, value), null, length);
            default -> throw refused(struct, layout,
                    "is neither a number, nor a struct, nor an array of one of the two");
        };
    }

    private static CType type(String struct, ValueLayout value) {
        if (value.order() != ByteOrder.nativeOrder()) {
            throw refused(struct, value, "is not in native byte order");
        }
        Class<?> carrier = value.carrier();
        if (carrier == boolean.class) {
            return CType.UNSIGNED_CHAR;
        }
        for (CType type : List.of(CType.SIGNED_CHAR, CType.SHORT, CType.UNSIGNED_SHORT, CType.INT, CType.LONG_LONG,
                CType.FLOAT, CType.DOUBLE)) {
            if (type.layout().carrier() == carrier) {
                return type;
            }
        }
        throw refused(struct, value, "is an address, which means nothing to another process");
    }

    private static IllegalArgumentException refused(String struct, MemoryLayout part, String why) {
        return new IllegalArgumentException("'" + part + "' of " + struct + " cannot be in a shared struct: it " + why);
    }

    /**
     * Whole structs as segments of the heap with a copy of the bytes.
     *
     * @param size how many bytes a struct has
     */
    private record Copies(long size) implements StructCodec<MemorySegment> {

        @Override
        public MemorySegment read(Block block, long offset) {
            byte[] bytes = new byte[Math.toIntExact(size)];
            Blocks.read(block, offset, ValueLayout.JAVA_BYTE, bytes, 0, bytes.length);
            return MemorySegment.ofArray(bytes);
        }

        @Override
        public void write(Block block, long offset, MemorySegment value) {
            if (value.byteSize() != size) {
                throw new IllegalArgumentException("a segment of " + value.byteSize() + " bytes is no struct of "
                        + size);
            }
            Blocks.segment(block, offset, size).copyFrom(value);
        }
    }
}
