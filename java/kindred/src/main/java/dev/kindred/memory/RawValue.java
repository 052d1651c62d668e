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
 * One number of a C type in memory that a process shares with the children it starts. A {@link Value} is the same with
 * a lock.
 *
 * {@snippet :
 * RawValue tasks = RawValue.ofLong(0);
 * tasks.getAndAdd(3);                          // one step, without any lock
 * System.out.println(tasks.getLong());
 * }
 *
 * <p><b>Every access is one step.</b> A read sees a number that was stored as a whole, never half of one, and a number
 * that another process has stored is seen as soon as the hardware shows it. Reads have acquire order and writes have
 * release order: who reads what another has stored also sees what that one had written before, to any shared memory.
 * {@link #setVolatile} and {@link #getVolatile} keep their order among each other as well, as those of a {@link
 * java.util.concurrent.atomic.AtomicLong} do.
 *
 * <p><b>A read and a later write are two steps</b>, between which another process may write. For integers {@link
 * #getAndAdd}, {@link #compareAndSet} and {@link #getAndSet} do both in one; otherwise use a {@link Value} and its
 * lock.
 *
 * <p><b>Numbers are never cut.</b> One that the type, or the int asked for, cannot hold is an {@link
 * ArithmeticException} with number and range. Of the unsigned types of 64 bits, a {@code long} is the bits; see {@link
 * CType}.
 *
 * <p>Any thread may call any method. A process that is killed leaves the number it stored last. The memory is freed
 * when no process can reach it any more, through a value or through {@link #segment()}. Equality is identity.
 */
public sealed class RawValue implements Serializable permits Value {

    @Serial
    private static final long serialVersionUID = 1;

    private final transient CType type;
    private final transient Block block;

    /** Where it is in the space. */
    private final transient long offset;

    /**
     * Whether the number was found in the middle half of 64 bits by the last addition of this process: then a small step cannot leave the range,
     * and needs no look at the number before. Threads may write it at once; each writes what it found.
     */
    private transient boolean farFromItsEnds;

    RawValue(CType type, Block block, long offset) {
        this.type = type;
        this.block = block;
        this.offset = offset;
    }

    /** For a value of the same bytes that differs in its lock. */
    RawValue(RawValue other) {
        this(other.type, other.block, other.offset);
    }

    /**
     * {@return a new value of zero}
     *
     * @param type its type
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    public static RawValue of(CType type) {
        Block block = Blocks.allocate(1, type.size());
        return new RawValue(type, block, block.offset());
    }

    /**
     * {@return a new integer}
     *
     * @param type    its type
     * @param initial the number it begins with
     * @throws ArithmeticException                    if the type cannot hold the number
     * @throws UnsupportedOperationException          if the type is no integer
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    public static RawValue of(CType type, long initial) {
        type.check(initial);
        RawValue value = of(type);
        value.setLong(initial);
        return value;
    }

    /**
     * {@return a new value of type {@link CType#INT}}
     *
     * @param initial the number it begins with
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    public static RawValue ofInt(int initial) {
        return of(CType.INT, initial);
    }

    /**
     * {@return a new value of type {@link CType#LONG}}
     *
     * @param initial the number it begins with
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    public static RawValue ofLong(long initial) {
        return of(CType.LONG, initial);
    }

    /**
     * {@return a new value of type {@link CType#FLOAT}}
     *
     * @param initial the number it begins with
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    public static RawValue ofFloat(float initial) {
        RawValue value = of(CType.FLOAT);
        value.setFloat(initial);
        return value;
    }

    /**
     * {@return a new value of type {@link CType#DOUBLE}}
     *
     * @param initial the number it begins with
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    public static RawValue ofDouble(double initial) {
        RawValue value = of(CType.DOUBLE);
        value.setDouble(initial);
        return value;
    }

    /** {@return the type} */
    public final CType type() {
        return type;
    }

    /**
     * {@return the integer}
     *
     * @throws ArithmeticException           if an int cannot hold it
     * @throws UnsupportedOperationException if the type is no integer
     */
    public final int getInt() {
        return Cells.getInt(type, block, offset);
    }

    /**
     * Stores an integer.
     *
     * @param number the number
     * @throws ArithmeticException           if the type cannot hold it
     * @throws UnsupportedOperationException if the type is no integer
     */
    public final void setInt(int number) {
        Cells.setInt(type, block, offset, number);
    }

    /**
     * {@return the integer}
     *
     * @throws UnsupportedOperationException if the type is no integer
     */
    public final long getLong() {
        return Cells.getLong(type, block, offset);
    }

    /**
     * Stores an integer.
     *
     * @param number the number
     * @throws ArithmeticException           if the type cannot hold it
     * @throws UnsupportedOperationException if the type is no integer
     */
    public final void setLong(long number) {
        Cells.setLong(type, block, offset, number);
    }

    /**
     * {@return the number}
     *
     * @throws UnsupportedOperationException if the type is not {@link CType#FLOAT}
     */
    public final float getFloat() {
        return Cells.getFloat(type, block, offset);
    }

    /**
     * Stores a number.
     *
     * @param number the number
     * @throws UnsupportedOperationException if the type is an integer
     */
    public final void setFloat(float number) {
        Cells.setFloat(type, block, offset, number);
    }

    /**
     * {@return the number}
     *
     * @throws UnsupportedOperationException if the type is an integer
     */
    public final double getDouble() {
        return Cells.getDouble(type, block, offset);
    }

    /**
     * Stores a number, which a {@link CType#FLOAT} rounds.
     *
     * @param number the number
     * @throws ArithmeticException           if it is finite and a {@link CType#FLOAT} would become infinite
     * @throws UnsupportedOperationException if the type is an integer
     */
    public final void setDouble(double number) {
        Cells.setDouble(type, block, offset, number);
    }

    /**
     * {@return the integer, read with volatile order}
     *
     * @throws UnsupportedOperationException if the type is no integer
     */
    public final long getVolatile() {
        return Cells.getVolatile(type, block, offset);
    }

    /**
     * Stores an integer with volatile order.
     *
     * @param number the number
     * @throws ArithmeticException           if the type cannot hold it
     * @throws UnsupportedOperationException if the type is no integer
     */
    public final void setVolatile(long number) {
        Cells.setVolatile(type, block, offset, number);
    }

    /**
     * Replaces an integer in one step, with volatile order.
     *
     * @param number the new number
     * @return the old one
     * @throws ArithmeticException           if the type cannot hold the new number
     * @throws UnsupportedOperationException if the type is no integer
     */
    public final long getAndSet(long number) {
        return Cells.getAndSet(type, block, offset, number);
    }

    /**
     * Replaces an integer in one step if it is what is expected of it, with volatile order.
     *
     * @param expected the number it should be
     * @param number   the new number
     * @return whether it was replaced
     * @throws ArithmeticException           if the type cannot hold one of the two
     * @throws UnsupportedOperationException if the type is no integer
     */
    public final boolean compareAndSet(long expected, long number) {
        return Cells.compareAndSet(type, block, offset, expected, number);
    }

    /**
     * Adds to an integer in one step, with volatile order.
     *
     * <p>A sum that is out of the range of the type is never stored, so that nobody sees it; but for a signed number of 64 bits that this process
     * found in the middle half of the range when it last added to it, and that another process has moved by 2^62 to the very end since then. In
     * that case the sum is taken back at once, and is left there, wrapped, if the process is killed in that instant.
     *
     * @param delta what to add, negative to subtract; of the unsigned types, too
     * @return the number before
     * @throws ArithmeticException           if the type cannot hold the sum; the number is as it was
     * @throws UnsupportedOperationException if the type is no integer
     */
    public final long getAndAdd(long delta) {
        if (farFromItsEnds && Cells.isSmallStep(delta)) {
            long before = Cells.getAndAddWrapping(block, offset, delta);
            return Cells.isFarFromItsEnds(before) ? before : checked(before, delta);
        }
        long before = Cells.getAndAdd(type, block, offset, delta);
        farFromItsEnds = Cells.isFarFromItsEnds(type, before);
        return before;
    }

    /** Takes an addition back if it left the range. {@return the number before} */
    private long checked(long before, long delta) {
        farFromItsEnds = false;
        if (type.sumIsOutOfRange(before, delta)) {
            long _ = Cells.getAndAddWrapping(block, offset, -delta);
            throw Cells.overflow(type, before, delta);
        }
        return before;
    }

    /** {@return the bytes, which stay allocated as long as this segment is reachable} */
    public final MemorySegment segment() {
        return Blocks.segment(block, offset, type.size());
    }

    /**
     * {@return a new value with the same number and its own memory}
     *
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    public RawValue copy() {
        RawValue copy = of(type);
        copy.segment().copyFrom(segment());
        return copy;
    }

    /**
     * {@return this number with a lock: both are the same memory}
     *
     * @param lock a {@link dev.kindred.sync.Lock} or {@link dev.kindred.sync.RLock}
     * @throws IllegalArgumentException if other processes cannot take the lock
     */
    public Value guardedBy(Lock lock) {
        return new Value(this, Locks.check(lock));
    }

    /** {@return type and number} */
    @Override
    public String toString() {
        return getClass().getSimpleName() + "[" + type + ": " + Cells.describe(type, block, offset) + "]";
    }

    @Serial
    Object writeReplace() throws ObjectStreamException {
        return new Ticket(type, Inheritance.travel(this, block), offset);
    }

    @Serial
    private void readObject(ObjectInputStream stream) throws InvalidObjectException {
        throw new InvalidObjectException("a value travels as the place of its bytes");
    }

    /** What travels. */
    private record Ticket(CType type, long block, long offset) implements Serializable {

        @Serial
        private Object readResolve() throws InvalidObjectException {
            return new RawValue(type, Inheritance.adopt(block), offset);
        }
    }
}
