// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.memory;

import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamException;
import java.io.Serial;
import java.io.Serializable;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.function.UnaryOperator;

/**
 * Structs of C, one after the other, with a lock, in memory that a process shares with the children it starts.
 *
 * {@snippet :
 * record Point(double x, double y) {}
 *
 * StructArray<Point> points = StructArray.of(StructType.of(Point.class), 100);
 * points.set(0, new Point(1, 2));
 * points.update(0, point -> new Point(point.x() * 2, point.y() * 2));   // under the lock
 * }
 *
 * <p>Reading and writing are those of {@link RawStructArray} and do <i>not</i> take the lock; {@link #update}, {@link
 * #lock()} and {@link #withLock} do. There is one lock for all structs, and their fields and slices have it, too. An
 * array makes a lock for itself, which is reentrant and, when a process ends while holding it, goes to the next who
 * asks for it; {@link RawStructArray#guardedBy} makes an array with another lock.
 *
 * @param <R> what a struct is read and written as
 */
public final class StructArray<R> extends RawStructArray<R> implements Guarded {

    @Serial
    private static final long serialVersionUID = 1;

    private final transient Lock lock;

    StructArray(RawStructArray<R> array, Lock lock) {
        super(array);
        this.lock = lock;
    }

    /**
     * {@return a new array of zeros, with a lock of its own}
     *
     * @param <R>    what a struct is read and written as
     * @param type   the type of the structs
     * @param length how many there are
     * @throws IllegalArgumentException               if the length is negative, or more bytes than a long can count
     * @throws dev.kindred.OutOfSharedMemoryException if there is not so much shared memory left
     */
    public static <R> StructArray<R> of(StructType<R> type, long length) {
        return new StructArray<>(RawStructArray.of(type, length), Locks.create());
    }

    /**
     * {@return a new array, with a lock of its own}
     *
     * @param <R>     what a struct is read and written as
     * @param type    the type of the structs
     * @param initial what they begin with
     * @throws ArithmeticException                    if a field cannot hold its component
     * @throws dev.kindred.OutOfSharedMemoryException if there is not so much shared memory left
     */
    public static <R> StructArray<R> copyOf(StructType<R> type, List<? extends R> initial) {
        return new StructArray<>(RawStructArray.copyOf(type, initial), Locks.create());
    }

    @Override
    public Lock getLock() {
        return lock;
    }

    /** {@return these structs without a lock: both are the same memory} */
    public RawStructArray<R> raw() {
        return new RawStructArray<>(this);
    }

    /**
     * Replaces a struct, under the lock, by what a function makes of it.
     *
     * @param index    which one
     * @param function makes the new one of the old one
     * @return the new one
     * @throws IndexOutOfBoundsException if there is no such struct
     * @throws ArithmeticException       if a field cannot hold its component; those before it were stored
     */
    public R update(long index, UnaryOperator<R> function) {
        lock.lock();
        try {
            R value = function.apply(get(index));
            set(index, value);
            return value;
        } finally {
            lock.unlock();
        }
    }

    /**
     * {@return a struct, with the lock of all: the same memory}
     *
     * @param index which one
     * @throws IndexOutOfBoundsException if there is no such struct
     */
    @Override
    public Struct<R> at(long index) {
        return new Struct<>(super.at(index), lock);
    }

    /**
     * {@return a field of all structs, with their lock: the same memory}
     *
     * @param path the field's name, with a dot for that of a nested struct, as in {@code "place.x"}
     * @throws IllegalArgumentException if there is no such field, or it is an array or a struct
     */
    @Override
    public Array column(String path) {
        return new Array(super.column(path), lock);
    }

    /**
     * {@return a part of this array, with the same lock: the same memory}
     *
     * @param from the first struct
     * @param to   the struct after the last
     * @throws IndexOutOfBoundsException if this array does not have this part
     */
    @Override
    public StructArray<R> slice(long from, long to) {
        return new StructArray<>(super.slice(from, to), lock);
    }

    /**
     * {@return a new array with the same structs, its own memory and a lock of its own}
     *
     * @throws dev.kindred.OutOfSharedMemoryException if there is not so much shared memory left
     */
    @Override
    public StructArray<R> copy() {
        return new StructArray<>(super.copy(), Locks.create());
    }

    @Override
    @Serial
    Object writeReplace() throws ObjectStreamException {
        return new Ticket<>(raw(), Locks.ticket(lock));
    }

    @Serial
    private void readObject(ObjectInputStream stream) throws InvalidObjectException {
        throw new InvalidObjectException("an array of structs travels as the place of its bytes");
    }

    /** What travels. */
    private record Ticket<R>(RawStructArray<R> array, Serializable lock) implements Serializable {

        @Serial
        private Object readResolve() {
            return new StructArray<>(array, (Lock) lock);
        }
    }
}
