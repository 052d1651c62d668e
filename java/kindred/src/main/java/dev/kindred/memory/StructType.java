// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.memory;

import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serial;
import java.io.Serializable;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import dev.kindred.internal.space.Block;
import org.jspecify.annotations.Nullable;

/**
 * A struct of C: what its fields are called, which types they have and where they lie.
 *
 * {@snippet :
 * record Point(double x, double y) {}
 *
 * record Particle(Point place, @FixedLength(3) float[] colour, @StoredAs(CType.UNSIGNED_SHORT) int charge) {}
 *
 * StructType<Particle> type = StructType.of(Particle.class);
 * System.out.println(type.size() + " bytes, colour at " + type.offset("colour"));
 * }
 *
 * <p>Fields lie as C's rules for the platform place them: in their order, each at the next multiple of its own
 * alignment, and the size is a multiple of the largest alignment. So C code, or Python's {@code ctypes.Structure} of
 * the same fields, means the same bytes.
 *
 * <p>A type made {@linkplain #of(Class) from a record} reads and writes structs as objects of that record. One made
 * {@linkplain #of(StructLayout) from a layout} does so as segments with a copy of the bytes. Either way single fields
 * are numbers and arrays that share the struct's memory: {@link RawStruct#field} and {@link RawStruct#array}. A field
 * of a nested struct is named with a dot, as in {@code "place.x"}.
 *
 * @param <R> what a whole struct is read and written as
 */
public final class StructType<R> implements Serializable {

    @Serial
    private static final long serialVersionUID = 1;

    private static final ClassValue<StructType<?>> OF_RECORDS = new ClassValue<>() {
        @Override
        protected StructType<?> computeValue(Class<?> record) {
            return RecordStructs.create(record.asSubclass(Record.class));
        }
    };

    private final transient String name;
    private final transient List<StructMember> members;
    private final transient long alignment;
    private final transient long size;
    private final transient StructCodec<R> codec;

    /** The record's class, by which the type travels; null if it was made from a layout. */
    private final transient @Nullable Class<?> record;

    private StructType(String name, List<StructMember> members, StructCodec<R> codec, @Nullable Class<?> record) {
        this.name = name;
        if (members.isEmpty()) {
            throw new IllegalArgumentException("struct " + name + " has no fields");
        }
        this.members = List.copyOf(members);
        this.alignment = members.stream().mapToLong(StructMember::alignment).max().orElse(1);
        this.size = roundUp(members.stream().mapToLong(StructMember::end).max().orElse(0), alignment);
        this.codec = codec;
        this.record = record;
    }

    /**
     * {@return the struct whose fields are the components of a record}
     *
     * <p>Components {@code byte}, {@code short}, {@code int}, {@code long}, {@code float} and {@code double} are C's
     * types of the same size, {@code long} being {@code long long}; {@code char} is {@code unsigned short}, {@code
     * boolean} an {@code unsigned char} that is 0 or 1; {@link StoredAs} chooses another type. Another record is a
     * nested struct. Arrays of {@code byte}, {@code int}, {@code long}, {@code float} and {@code double} have a {@link
     * FixedLength}, and so has a {@code String}, which is a text in UTF-8.
     *
     * @param <R>    the record's type
     * @param record the record, which this module can access: a public one of an exported package, or one of an opened
     *               package or no module
     * @throws IllegalArgumentException if a component cannot be in a struct, or the record cannot be accessed
     */
    @SuppressWarnings("unchecked") // the type of a record is made from it
    public static <R extends Record> StructType<R> of(Class<R> record) {
        return (StructType<R>) OF_RECORDS.get(record);
    }

    /**
     * {@return the struct whose fields are those of a layout}
     *
     * <p>Values of the layout are C's signed types of their size, those of carrier {@code char} {@code unsigned short},
     * those of {@code boolean} {@code unsigned char}.
     *
     * @param layout the layout: of named values in native byte order, structs, and sequences of one of the two, with
     *               padding in between; each value at a multiple of its size
     * @throws IllegalArgumentException if a part of the layout is something else, for example an address, which means
     *                                  nothing to another process
     */
    public static StructType<MemorySegment> of(StructLayout layout) {
        return LayoutStructs.create(layout);
    }

    static <R> StructType<R> create(String name, List<StructMember> members, StructCodec<R> codec,
            @Nullable Class<?> record) {
        return new StructType<>(name, members, codec, record);
    }

    /** {@return the name of the record or the layout} */
    public String name() {
        return name;
    }

    /** {@return how many bytes a struct has, a multiple of {@link #alignment()}} */
    public long size() {
        return size;
    }

    /** {@return what the place of a struct is a multiple of} */
    public long alignment() {
        return alignment;
    }

    /**
     * {@return where a field begins in the struct}
     *
     * @param path the field's name; that of a field of a nested struct with a dot, as in {@code "place.x"}
     * @throws IllegalArgumentException if there is no such field
     */
    public long offset(String path) {
        return member(path).offset();
    }

    /**
     * {@return the layout of a struct, with names and padding} Its handles read and write single fields of {@link
     * RawStruct#segment()}.
     */
    public StructLayout layout() {
        List<MemoryLayout> parts = new ArrayList<>();
        long end = 0;
        for (StructMember member : members) {
            addPadding(parts, member.offset() - end);
            parts.add(member.layout());
            end = member.end();
        }
        addPadding(parts, size - end);
        return MemoryLayout.structLayout(parts.toArray(new MemoryLayout[0])).withName(name);
    }

    /** {@return the field of a path, its offset counted from the beginning of this struct} */
    StructMember member(String path) {
        int dot = path.indexOf('.');
        String first = dot < 0 ? path : path.substring(0, dot);
        for (StructMember member : members) {
            if (member.name().equals(first)) {
                return dot < 0 ? member : memberOf(member, path, path.substring(dot + 1));
            }
        }
        throw new IllegalArgumentException(this + " has no field '" + path + "'");
    }

    private StructMember memberOf(StructMember outer, String path, String rest) {
        StructType<?> struct = outer.struct();
        if (struct == null || outer.isArray()) {
            throw new IllegalArgumentException("'" + outer + "' of " + name
                    + " is no struct, so that there is no field '" + path + "'");
        }
        StructMember inner = struct.member(rest);
        return inner.at(outer.offset() + inner.offset());
    }

    /** {@return a struct of a block as an object} */
    R read(Block block, long offset) {
        return codec.read(block, offset);
    }

    /** Writes an object to a struct of a block. */
    void write(Block block, long offset, R value) {
        codec.write(block, offset, value);
    }

    /** {@return the struct as C declares it} */
    @Override
    public String toString() {
        return members.stream().map(StructMember::toString)
                .collect(Collectors.joining("; ", "struct " + name + " { ", "; }"));
    }

    private static void addPadding(List<MemoryLayout> parts, long bytes) {
        if (bytes > 0) {
            parts.add(MemoryLayout.paddingLayout(bytes));
        }
    }

    static long roundUp(long offset, long alignment) {
        return Math.ceilDiv(offset, alignment) * alignment;
    }

    @Serial
    private Object writeReplace() {
        return record != null ? new RecordTicket(record) : new LayoutTicket(name, new ArrayList<>(members));
    }

    @Serial
    private void readObject(ObjectInputStream stream) throws InvalidObjectException {
        throw new InvalidObjectException("the type of a struct travels as its record or its fields");
    }

    /** What travels of a type made from a record. */
    private record RecordTicket(Class<?> record) implements Serializable {

        @Serial
        private Object readResolve() throws InvalidObjectException {
            if (!record.isRecord()) {
                throw new InvalidObjectException(record.getName() + " is no record");
            }
            return OF_RECORDS.get(record);
        }
    }

    /** What travels of a type made from a layout. */
    private record LayoutTicket(String name, ArrayList<StructMember> members) implements Serializable {

        @Serial
        private Object readResolve() {
            return LayoutStructs.create(name, members);
        }
    }
}
