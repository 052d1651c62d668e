// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.memory;

import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamException;
import java.io.Serial;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.concurrent.locks.Lock;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import dev.kindred.internal.inheritance.Inheritance;
import dev.kindred.internal.space.Block;

/**
 * Structs of C, one after the other, in memory that a process shares with the children it starts. A {@link StructArray}
 * is the same with a lock.
 *
 * {@snippet :
 * record Point(double x, double y) {}
 *
 * RawStructArray<Point> points = RawStructArray.of(StructType.of(Point.class), 1000);
 * points.set(7, new Point(1, 2));
 * RawArray xs = points.column("x");            // the x of all points: the same memory
 * System.out.println(xs.doubles().sum());
 * }
 *
 * <p>What is said of a {@link RawStruct} holds of each. Lengths and indexes are long; an index that does not exist is
 * an {@link IndexOutOfBoundsException} with index and length.
 *
 * @param <R> what a struct is read and written as
 */
public sealed class RawStructArray<R> implements Serializable permits StructArray {

    @Serial
    private static final long serialVersionUID = 1;

    /** How many structs {@link #toString} shows. */
    private static final long SHOWN = 3;

    private final transient StructType<R> type;
    private final transient Block block;

    /** Where the first struct is in the space. */
    private final transient long offset;

    private final transient long length;

    RawStructArray(StructType<R> type, Block block, long offset, long length) {
        this.type = type;
        this.block = block;
        this.offset = offset;
        this.length = length;
    }

    /** For an array of the same bytes that differs in its lock. */
    RawStructArray(RawStructArray<R> other) {
        this(other.type, other.block, other.offset, other.length);
    }

    /**
     * {@return a new array of zeros}
     *
     * @param <R>    what a struct is read and written as
     * @param type   the type of the structs
     * @param length how many there are
     * @throws IllegalArgumentException               if the length is negative, or more bytes than a long can count
     * @throws dev.kindred.OutOfSharedMemoryException if there is not so much shared memory left
     */
    public static <R> RawStructArray<R> of(StructType<R> type, long length) {
        Block block = Blocks.allocate(length, type.size());
        return new RawStructArray<>(type, block, block.offset(), length);
    }

    /**
     * {@return a new array}
     *
     * @param <R>     what a struct is read and written as
     * @param type    the type of the structs
     * @param initial what they begin with
     * @throws ArithmeticException                    if a field cannot hold its component
     * @throws dev.kindred.OutOfSharedMemoryException if there is not so much shared memory left
     */
    public static <R> RawStructArray<R> copyOf(StructType<R> type, List<? extends R> initial) {
        RawStructArray<R> array = of(type, initial.size());
        for (int index = 0; index < initial.size(); index++) {
            array.set(index, initial.get(index));
        }
        return array;
    }

    /** {@return the type of the structs} */
    public final StructType<R> type() {
        return type;
    }

    /** {@return how many structs there are} */
    public final long length() {
        return length;
    }

    /**
     * {@return a struct, as an object that does not change}
     *
     * @param index which one
     * @throws IndexOutOfBoundsException if there is no such struct
     * @throws ArithmeticException       if a component of the record cannot hold its field
     */
    public final R get(long index) {
        return type.read(block, place(index));
    }

    /**
     * Stores a struct.
     *
     * @param index where
     * @param value what to store
     * @throws IndexOutOfBoundsException if there is no such struct
     * @throws ArithmeticException       if a field cannot hold its component; those before it were stored
     * @throws IllegalArgumentException  if an array or text is not as long as its field wants it; those before it were
     *                                   stored
     */
    public final void set(long index, R value) {
        type.write(block, place(index), value);
    }

    /**
     * {@return a struct: the same memory}
     *
     * @param index which one
     * @throws IndexOutOfBoundsException if there is no such struct
     */
    public RawStruct<R> at(long index) {
        return new RawStruct<>(type, block, place(index));
    }

    /**
     * {@return a field of all structs: the same memory}
     *
     * @param path the field's name, with a dot for that of a nested struct, as in {@code "place.x"}
     * @throws IllegalArgumentException if there is no such field, or it is an array or a struct
     */
    public RawArray column(String path) {
        return type.member(path).column(block, offset, length, type.size());
    }

    /** {@return the structs one after the other, each read when it is its turn} */
    public final Stream<R> stream() {
        return LongStream.range(0, length).mapToObj(this::get);
    }

    /**
     * {@return a part of this array: the same memory}
     *
     * @param from the first struct
     * @param to   the struct after the last
     * @throws IndexOutOfBoundsException if this array does not have this part
     */
    public RawStructArray<R> slice(long from, long to) {
        Objects.checkFromToIndex(from, to, length);
        return new RawStructArray<>(type, block, offset + from * type.size(), to - from);
    }

    /** {@return the bytes, which stay allocated as long as this segment is reachable} */
    public final MemorySegment segment() {
        return Blocks.segment(block, offset, length * type.size());
    }

    /**
     * {@return a new array with the same structs and its own memory}
     *
     * @throws dev.kindred.OutOfSharedMemoryException if there is not so much shared memory left
     */
    public RawStructArray<R> copy() {
        RawStructArray<R> copy = of(type, length);
        Blocks.copy(block, offset, copy.block, copy.offset, length * type.size());
        return copy;
    }

    /**
     * {@return these structs with a lock: both are the same memory}
     *
     * @param lock a {@link dev.kindred.sync.Lock} or {@link dev.kindred.sync.RLock}
     * @throws IllegalArgumentException if other processes cannot take the lock
     */
    public StructArray<R> guardedBy(Lock lock) {
        return new StructArray<>(this, Locks.check(lock));
    }

    /** {@return the type, the length and the first structs} */
    @Override
    public String toString() {
        String head = getClass().getSimpleName() + "[" + type + ", length " + length + ": ";
        StringJoiner structs = new StringJoiner(", ", head, "]");
        for (long index = 0; index < Math.min(length, SHOWN); index++) {
            structs.add(String.valueOf(get(index)));
        }
        return length > SHOWN ? structs.add("...").toString() : structs.toString();
    }

    private long place(long index) {
        return offset + Objects.checkIndex(index, length) * type.size();
    }

    @Serial
    Object writeReplace() throws ObjectStreamException {
        return new Ticket<>(type, Inheritance.travel(this, block), offset, length);
    }

    @Serial
    private void readObject(ObjectInputStream stream) throws InvalidObjectException {
        throw new InvalidObjectException("an array of structs travels as the place of its bytes");
    }

    /** What travels. */
    private record Ticket<R>(StructType<R> type, long block, long offset, long length) implements Serializable {

        @Serial
        private Object readResolve() throws InvalidObjectException {
            return new RawStructArray<>(type, Inheritance.adopt(block), offset, length);
        }
    }
}
