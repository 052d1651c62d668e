// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.memory;

import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamException;
import java.io.Serial;
import java.io.Serializable;
import java.util.concurrent.locks.Lock;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntUnaryOperator;
import java.util.function.LongUnaryOperator;

/**
 * One number of a C type, with a lock, in memory that a process shares with the children it starts.
 *
 * {@snippet :
 * Value balance = Value.ofDouble(10.0);
 * balance.updateDouble(amount -> amount * 1.05);   // under the lock: no other update comes in between
 * System.out.println(balance.getDouble());
 * }
 *
 * <p>Reading and writing are those of {@link RawValue}: single steps that do <i>not</i> take the lock. What reads and
 * then writes takes it: the {@code update} methods here, or {@link #lock()} and {@link #unlock()} around steps of one's
 * own. Integers can also be changed in one step without the lock ({@link #getAndAdd} and its like), which is much
 * faster; but then everybody has to do it so.
 *
 * <p>A value makes a lock for itself, which is reentrant and, when a process ends while holding it, goes to the next
 * who asks for it; {@link RawValue#guardedBy} makes a value with another lock, for example one that guards several
 * values. Value and lock go to a child together.
 */
public final class Value extends RawValue implements Guarded {

    @Serial
    private static final long serialVersionUID = 1;

    private final transient Lock lock;

    Value(RawValue value, Lock lock) {
        super(value);
        this.lock = lock;
    }

    /**
     * {@return a new value of zero, with a lock of its own}
     *
     * @param type its type
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    public static Value of(CType type) {
        return new Value(RawValue.of(type), Locks.create());
    }

    /**
     * {@return a new integer, with a lock of its own}
     *
     * @param type    its type
     * @param initial the number it begins with
     * @throws ArithmeticException                    if the type cannot hold the number
     * @throws UnsupportedOperationException          if the type is no integer
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    public static Value of(CType type, long initial) {
        return new Value(RawValue.of(type, initial), Locks.create());
    }

    /**
     * {@return a new value of type {@link CType#INT}, with a lock of its own}
     *
     * @param initial the number it begins with
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    public static Value ofInt(int initial) {
        return new Value(RawValue.ofInt(initial), Locks.create());
    }

    /**
     * {@return a new value of type {@link CType#LONG}, with a lock of its own}
     *
     * @param initial the number it begins with
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    public static Value ofLong(long initial) {
        return new Value(RawValue.ofLong(initial), Locks.create());
    }

    /**
     * {@return a new value of type {@link CType#FLOAT}, with a lock of its own}
     *
     * @param initial the number it begins with
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    public static Value ofFloat(float initial) {
        return new Value(RawValue.ofFloat(initial), Locks.create());
    }

    /**
     * {@return a new value of type {@link CType#DOUBLE}, with a lock of its own}
     *
     * @param initial the number it begins with
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    public static Value ofDouble(double initial) {
        return new Value(RawValue.ofDouble(initial), Locks.create());
    }

    @Override
    public Lock getLock() {
        return lock;
    }

    /** {@return this number without a lock: both are the same memory} */
    public RawValue raw() {
        return new RawValue(this);
    }

    /**
     * Replaces the integer, under the lock, by what a function makes of it.
     *
     * @param function makes the new number of the old one
     * @return the new number
     * @throws ArithmeticException           if an int cannot hold the old number, or the type cannot hold the new one;
     *                                       it is as it was
     * @throws UnsupportedOperationException if the type is no integer
     */
    public int updateInt(IntUnaryOperator function) {
        lock.lock();
        try {
            int number = function.applyAsInt(getInt());
            setInt(number);
            return number;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Replaces the integer, under the lock, by what a function makes of it.
     *
     * @param function makes the new number of the old one
     * @return the new number
     * @throws ArithmeticException           if the type cannot hold the new number; it is as it was
     * @throws UnsupportedOperationException if the type is no integer
     */
    public long updateLong(LongUnaryOperator function) {
        lock.lock();
        try {
            long number = function.applyAsLong(getLong());
            setLong(number);
            return number;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Replaces the number, under the lock, by what a function makes of it.
     *
     * @param function makes the new number of the old one
     * @return the new number, as it was stored
     * @throws ArithmeticException           if the new number is finite and a {@link CType#FLOAT} would become
     *                                       infinite; it is as it was
     * @throws UnsupportedOperationException if the type is an integer
     */
    public double updateDouble(DoubleUnaryOperator function) {
        lock.lock();
        try {
            setDouble(function.applyAsDouble(getDouble()));
            return getDouble();
        } finally {
            lock.unlock();
        }
    }

    /**
     * {@return a new value with the same number, its own memory and a lock of its own}
     *
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    @Override
    public Value copy() {
        return new Value(super.copy(), Locks.create());
    }

    @Override
    @Serial
    Object writeReplace() throws ObjectStreamException {
        return new Ticket(raw(), Locks.ticket(lock));
    }

    @Serial
    private void readObject(ObjectInputStream stream) throws InvalidObjectException {
        throw new InvalidObjectException("a value travels as the place of its bytes");
    }

    /** What travels. */
    private record Ticket(RawValue value, Serializable lock) implements Serializable {

        @Serial
        private Object readResolve() {
            return new Value(value, (Lock) lock);
        }
    }
}
