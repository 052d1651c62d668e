// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.memory;

import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamException;
import java.io.Serial;
import java.io.Serializable;
import java.util.concurrent.locks.Lock;

/**
 * Numbers of one C type, with a lock, in memory that a process shares with the children it starts.
 *
 * {@snippet :
 * Array totals = Array.of(CType.LONG, 12);
 * totals.withLock(() -> {                              // no other locked section comes in between
 *     totals.setLong(0, totals.getLong(0) + 5);
 *     totals.setLong(1, totals.getLong(1) - 5);
 * });
 * }
 *
 * <p>Reading and writing are those of {@link RawArray} and do <i>not</i> take the lock; {@link #lock()}, {@link
 * #unlock()} and {@link #withLock} do, around what takes several steps. An array makes a lock for itself, which is
 * reentrant and, when a process ends while holding it, goes to the next who asks for it; {@link RawArray#guardedBy}
 * makes an array with another lock. A slice has the lock of its array. Array and lock go to a child together.
 */
public final class Array extends RawArray implements Guarded {

    @Serial
    private static final long serialVersionUID = 1;

    private final transient Lock lock;

    Array(RawArray array, Lock lock) {
        super(array);
        this.lock = lock;
    }

    /**
     * {@return a new array of zeros, with a lock of its own}
     *
     * @param type   the type of its elements
     * @param length how many elements it has
     * @throws IllegalArgumentException               if the length is negative, or more bytes than a long can count
     * @throws dev.kindred.OutOfSharedMemoryException if there is not so much shared memory left
     */
    public static Array of(CType type, long length) {
        return new Array(RawArray.of(type, length), Locks.create());
    }

    /**
     * {@return a new array of type {@link CType#INT}, with a lock of its own}
     *
     * @param numbers its elements
     * @throws dev.kindred.OutOfSharedMemoryException if there is not so much shared memory left
     */
    public static Array ofInts(int... numbers) {
        return new Array(RawArray.ofInts(numbers), Locks.create());
    }

    /**
     * {@return a new array of type {@link CType#LONG}, with a lock of its own}
     *
     * @param numbers its elements
     * @throws dev.kindred.OutOfSharedMemoryException if there is not so much shared memory left
     */
    public static Array ofLongs(long... numbers) {
        return new Array(RawArray.ofLongs(numbers), Locks.create());
    }

    /**
     * {@return a new array of type {@link CType#FLOAT}, with a lock of its own}
     *
     * @param numbers its elements
     * @throws dev.kindred.OutOfSharedMemoryException if there is not so much shared memory left
     */
    public static Array ofFloats(float... numbers) {
        return new Array(RawArray.ofFloats(numbers), Locks.create());
    }

    /**
     * {@return a new array of type {@link CType#DOUBLE}, with a lock of its own}
     *
     * @param numbers its elements
     * @throws dev.kindred.OutOfSharedMemoryException if there is not so much shared memory left
     */
    public static Array ofDoubles(double... numbers) {
        return new Array(RawArray.ofDoubles(numbers), Locks.create());
    }

    /**
     * {@return a new array of any integer type, with a lock of its own}
     *
     * @param type    the type of its elements
     * @param numbers its elements
     * @throws ArithmeticException                    if the type cannot hold one of the numbers
     * @throws UnsupportedOperationException          if the type is no integer
     * @throws dev.kindred.OutOfSharedMemoryException if there is not so much shared memory left
     */
    public static Array copyOf(CType type, long[] numbers) {
        return new Array(RawArray.copyOf(type, numbers), Locks.create());
    }

    /**
     * {@return a new text with a lock of its own: an array of type {@link CType#CHAR} that is just long enough}
     *
     * @param text what it begins with, in UTF-8
     * @throws IllegalArgumentException               if the text has a zero character or half a surrogate pair
     * @throws dev.kindred.OutOfSharedMemoryException if there is not so much shared memory left
     */
    public static Array ofString(String text) {
        return new Array(RawArray.ofString(text), Locks.create());
    }

    @Override
    public Lock getLock() {
        return lock;
    }

    /** {@return these numbers without a lock: both are the same memory} */
    public RawArray raw() {
        return new RawArray(this);
    }

    /**
     * {@return a part of this array, with the same lock: the same memory}
     *
     * @param from the first element
     * @param to   the element after the last
     * @throws IndexOutOfBoundsException if this array does not have this part
     */
    @Override
    public Array slice(long from, long to) {
        return new Array(super.slice(from, to, 1), lock);
    }

    /**
     * {@return every so many-th element of a part of this array, with the same lock: the same memory}
     *
     * @param from the first element
     * @param to   the element after the last that may be taken
     * @param step how much further the next one is
     * @throws IllegalArgumentException  if the step is not positive
     * @throws IndexOutOfBoundsException if this array does not have this part
     */
    @Override
    public Array slice(long from, long to, long step) {
        return new Array(super.slice(from, to, step), lock);
    }

    /**
     * {@return a new array with the same numbers, its own memory and a lock of its own}
     *
     * @throws dev.kindred.OutOfSharedMemoryException if there is not so much shared memory left
     */
    @Override
    public Array copy() {
        return new Array(super.copy(), Locks.create());
    }

    @Override
    @Serial
    Object writeReplace() throws ObjectStreamException {
        return new Ticket(raw(), Locks.ticket(lock));
    }

    @Serial
    private void readObject(ObjectInputStream stream) throws InvalidObjectException {
        throw new InvalidObjectException("an array travels as the place of its bytes");
    }

    /** What travels. */
    private record Ticket(RawArray array, Serializable lock) implements Serializable {

        @Serial
        private Object readResolve() {
            return new Array(array, (Lock) lock);
        }
    }
}
