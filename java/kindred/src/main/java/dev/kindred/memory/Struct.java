// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.memory;

import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamException;
import java.io.Serial;
import java.io.Serializable;
import java.util.concurrent.locks.Lock;
import java.util.function.UnaryOperator;

/**
 * A struct of C, with a lock, in memory that a process shares with the children it starts.
 *
 * {@snippet :
 * record Account(long cents, int bookings) {}
 *
 * Struct<Account> account = Struct.of(new Account(0, 0));
 * account.update(old -> new Account(old.cents() + 250, old.bookings() + 1));   // under the lock
 * }
 *
 * <p>Reading and writing are those of {@link RawStruct} and do <i>not</i> take the lock; {@link #update}, {@link
 * #lock()} and {@link #withLock} do. The fields have the same lock as their struct. A struct makes a lock for itself,
 * which is reentrant and, when a process ends while holding it, goes to the next who asks for it, however far the dead
 * one had come; {@link RawStruct#guardedBy} makes a struct with another lock.
 *
 * @param <R> what the struct is read and written as
 */
public final class Struct<R> extends RawStruct<R> implements Guarded {

    @Serial
    private static final long serialVersionUID = 1;

    private final transient Lock lock;

    Struct(RawStruct<R> struct, Lock lock) {
        super(struct);
        this.lock = lock;
    }

    /**
     * {@return a new struct of zeros, with a lock of its own}
     *
     * @param <R>  what it is read and written as
     * @param type its type
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    public static <R> Struct<R> of(StructType<R> type) {
        return new Struct<>(RawStruct.of(type), Locks.create());
    }

    /**
     * {@return a new struct whose fields are the components of a record, with a lock of its own}
     *
     * @param <R>     the record's type
     * @param initial what it begins with
     * @throws ArithmeticException                    if a field cannot hold its component
     * @throws IllegalArgumentException               if the record cannot be a struct, as {@link StructType#of(Class)}
     *                                                says
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    public static <R extends Record> Struct<R> of(R initial) {
        return new Struct<>(RawStruct.of(initial), Locks.create());
    }

    @Override
    public Lock getLock() {
        return lock;
    }

    /** {@return this struct without a lock: both are the same memory} */
    public RawStruct<R> raw() {
        return new RawStruct<>(this);
    }

    /**
     * Replaces all fields, under the lock, by what a function makes of them.
     *
     * @param function makes the new ones of the old ones
     * @return the new ones
     * @throws ArithmeticException if a field cannot hold its component; those before it were stored
     */
    public R update(UnaryOperator<R> function) {
        lock.lock();
        try {
            R value = function.apply(get());
            set(value);
            return value;
        } finally {
            lock.unlock();
        }
    }

    /**
     * {@return a field, with the same lock: the same memory}
     *
     * @param path its name, with a dot for that of a nested struct, as in {@code "place.x"}
     * @throws IllegalArgumentException if there is no such field, or it is an array or a struct
     */
    @Override
    public Value field(String path) {
        return new Value(super.field(path), lock);
    }

    /**
     * {@return a field that is an array or a text, with the same lock: the same memory}
     *
     * @param path its name, with a dot for that of a nested struct, as in {@code "place.name"}
     * @throws IllegalArgumentException if there is no such field, or it is no array of numbers
     */
    @Override
    public Array array(String path) {
        return new Array(super.array(path), lock);
    }

    /**
     * {@return a new struct with the same fields, its own memory and a lock of its own}
     *
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    @Override
    public Struct<R> copy() {
        return new Struct<>(super.copy(), Locks.create());
    }

    @Override
    @Serial
    Object writeReplace() throws ObjectStreamException {
        return new Ticket<>(raw(), Locks.ticket(lock));
    }

    @Serial
    private void readObject(ObjectInputStream stream) throws InvalidObjectException {
        throw new InvalidObjectException("a struct travels as the place of its bytes");
    }

    /** What travels. */
    private record Ticket<R>(RawStruct<R> struct, Serializable lock) implements Serializable {

        @Serial
        private Object readResolve() {
            return new Struct<>(struct, (Lock) lock);
        }
    }
}
