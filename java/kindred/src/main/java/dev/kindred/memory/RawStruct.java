// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.memory;

import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamException;
import java.io.Serial;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.Lock;

import dev.kindred.internal.inheritance.Inheritance;
import dev.kindred.internal.space.Block;

/**
 * A struct of C in memory that a process shares with the children it starts. A {@link Struct} is the same with a lock.
 *
 * {@snippet :
 * record Point(double x, double y) {}
 *
 * RawStruct<Point> point = RawStruct.of(new Point(1, 2));
 * RawValue x = point.field("x");               // the same memory
 * x.setDouble(5);
 * System.out.println(point.get());             // Point[x=5.0, y=2.0]
 * }
 *
 * <p>Single fields are read and written through {@link #field} and {@link #array}, which are found once and kept, and
 * are what {@link RawValue} and {@link RawArray} say. {@link #get} and {@link #set} read and write one field after the
 * other: while another process writes, they have some old and some new ones; a {@link Struct} has a lock for that.
 *
 * <p>Any thread may call any method. The memory is freed when no process can reach it any more. Equality is identity.
 *
 * @param <R> what the struct is read and written as
 */
public sealed class RawStruct<R> implements Serializable permits Struct {

    @Serial
    private static final long serialVersionUID = 1;

    private final transient StructType<R> type;
    private final transient Block block;

    /** Where it is in the space. */
    private final transient long offset;

    RawStruct(StructType<R> type, Block block, long offset) {
        this.type = type;
        this.block = block;
        this.offset = offset;
    }

    /** For a struct of the same bytes that differs in its lock. */
    RawStruct(RawStruct<R> other) {
        this(other.type, other.block, other.offset);
    }

    /**
     * {@return a new struct of zeros}
     *
     * @param <R>  what it is read and written as
     * @param type its type
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    public static <R> RawStruct<R> of(StructType<R> type) {
        Block block = Blocks.allocate(1, type.size());
        return new RawStruct<>(type, block, block.offset());
    }

    /**
     * {@return a new struct whose fields are the components of a record}
     *
     * @param <R>     the record's type
     * @param initial what it begins with
     * @throws ArithmeticException                    if a field cannot hold its component
     * @throws IllegalArgumentException               if the record cannot be a struct, as {@link StructType#of(Class)}
     *                                                says
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    @SuppressWarnings("unchecked") // an object of a record is of exactly that class
    public static <R extends Record> RawStruct<R> of(R initial) {
        RawStruct<R> struct = of(StructType.of((Class<R>) initial.getClass()));
        struct.set(initial);
        return struct;
    }

    /** {@return the type} */
    public final StructType<R> type() {
        return type;
    }

    /**
     * {@return all fields, as an object that does not change}
     *
     * @throws ArithmeticException if a component of the record cannot hold its field
     */
    public final R get() {
        return type.read(block, offset);
    }

    /**
     * Stores all fields.
     *
     * @param value what to store
     * @throws ArithmeticException      if a field cannot hold its component; those before it were stored
     * @throws IllegalArgumentException if an array or text is not as long as its field wants it; those before it were
     *                                  stored
     */
    public final void set(R value) {
        type.write(block, offset, value);
    }

    /**
     * {@return a field: the same memory}
     *
     * @param path its name, with a dot for that of a nested struct, as in {@code "place.x"}
     * @throws IllegalArgumentException if there is no such field, or it is an array or a struct
     */
    public RawValue field(String path) {
        return type.member(path).value(block, offset);
    }

    /**
     * {@return a field that is an array or a text: the same memory}
     *
     * @param path its name, with a dot for that of a nested struct, as in {@code "place.name"}
     * @throws IllegalArgumentException if there is no such field, or it is no array of numbers
     */
    public RawArray array(String path) {
        return type.member(path).array(block, offset);
    }

    /** {@return the bytes, which stay allocated as long as this segment is reachable} */
    public final MemorySegment segment() {
        return Blocks.segment(block, offset, type.size());
    }

    /**
     * {@return a new struct with the same fields and its own memory}
     *
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    public RawStruct<R> copy() {
        RawStruct<R> copy = of(type);
        Blocks.copy(block, offset, copy.block, copy.offset, type.size());
        return copy;
    }

    /**
     * {@return this struct with a lock: both are the same memory}
     *
     * @param lock a {@link dev.kindred.sync.Lock} or {@link dev.kindred.sync.RLock}
     * @throws IllegalArgumentException if other processes cannot take the lock
     */
    public Struct<R> guardedBy(Lock lock) {
        return new Struct<>(this, Locks.check(lock));
    }

    /** {@return the type and the fields} */
    @Override
    public String toString() {
        return getClass().getSimpleName() + "[" + type + ": " + get() + "]";
    }

    @Serial
    Object writeReplace() throws ObjectStreamException {
        return new Ticket<>(type, Inheritance.travel(this, block), offset);
    }

    @Serial
    private void readObject(ObjectInputStream stream) throws InvalidObjectException {
        throw new InvalidObjectException("a struct travels as the place of its bytes");
    }

    /** What travels. */
    private record Ticket<R>(StructType<R> type, long block, long offset) implements Serializable {

        @Serial
        private Object readResolve() throws InvalidObjectException {
            return new RawStruct<>(type, Inheritance.adopt(block), offset);
        }
    }
}
