// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.memory;

import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamException;
import java.io.Serial;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.concurrent.locks.Lock;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import dev.kindred.internal.inheritance.Inheritance;
import dev.kindred.internal.space.Block;

/**
 * Numbers of one C type in memory that a process shares with the children it starts. An {@link Array} is the same with
 * a lock.
 *
 * {@snippet :
 * RawArray counts = RawArray.of(CType.INT, 1000);
 * counts.getAndAdd(17, 1);                        // one step, without any lock
 * System.out.println(counts.ints().sum());
 * RawArray firstTen = counts.slice(0, 10);        // the same memory
 * System.out.println(Arrays.toString(firstTen.toIntArray()));
 * }
 *
 * <p>Each element is what a {@link RawValue} is: every access is one step, reads have acquire order and writes release
 * order, numbers are never cut, and the same holds of the unsigned types of 64 bits. Copies are the exception: they run
 * at the speed of memory between arrays of the same type, and do not keep the bytes of a number together. Where another
 * process may write meanwhile, both take the lock of an {@link Array}.
 *
 * <p>Lengths and indexes are long. An index that does not exist is an {@link IndexOutOfBoundsException} with index and
 * length.
 *
 * <p>An array of {@link CType#CHAR} or {@link CType#WIDE_CHAR} is also a text of C, which ends before the first zero or
 * where the array ends: {@link #getString}, {@link #getValue} and {@link #getRaw}.
 *
 * <p>Any thread may call any method. A process that is killed leaves what it stored. The memory is freed when no
 * process can reach it any more, through an array, a slice or {@link #segment()}. Equality is identity.
 */
public sealed class RawArray implements Serializable permits Array {

    @Serial
    private static final long serialVersionUID = 1;

    /** How many elements {@link #toString} shows. */
    private static final long SHOWN = 8;

    private final transient CType type;
    private final transient Block block;

    /** Where the first element is in the space. */
    private final transient long offset;

    private final transient long length;

    /**
     * How many bytes further the next element is: the size of one, or more in a slice with steps and in a field of
     * structs.
     */
    private final transient long stride;

    RawArray(CType type, Block block, long offset, long length, long stride) {
        this.type = type;
        this.block = block;
        this.offset = offset;
        this.length = length;
        this.stride = stride;
    }

    /** For an array of the same bytes that differs in its lock. */
    RawArray(RawArray other) {
        this(other.type, other.block, other.offset, other.length, other.stride);
    }

    /**
     * {@return a new array of zeros}
     *
     * @param type   the type of its elements
     * @param length how many elements it has
     * @throws IllegalArgumentException               if the length is negative, or more bytes than a long can count
     * @throws dev.kindred.OutOfSharedMemoryException if there is not so much shared memory left
     */
    public static RawArray of(CType type, long length) {
        Block block = Blocks.allocate(length, type.size());
        return new RawArray(type, block, block.offset(), length, type.size());
    }

    /**
     * {@return a new array of type {@link CType#INT}}
     *
     * @param numbers its elements
     * @throws dev.kindred.OutOfSharedMemoryException if there is not so much shared memory left
     */
    public static RawArray ofInts(int... numbers) {
        RawArray array = of(CType.INT, numbers.length);
        array.put(0, numbers, 0, numbers.length);
        return array;
    }

    /**
     * {@return a new array of type {@link CType#LONG}}
     *
     * @param numbers its elements
     * @throws dev.kindred.OutOfSharedMemoryException if there is not so much shared memory left
     */
    public static RawArray ofLongs(long... numbers) {
        return copyOf(CType.LONG, numbers);
    }

    /**
     * {@return a new array of type {@link CType#FLOAT}}
     *
     * @param numbers its elements
     * @throws dev.kindred.OutOfSharedMemoryException if there is not so much shared memory left
     */
    public static RawArray ofFloats(float... numbers) {
        RawArray array = of(CType.FLOAT, numbers.length);
        array.put(0, numbers, 0, numbers.length);
        return array;
    }

    /**
     * {@return a new array of type {@link CType#DOUBLE}}
     *
     * @param numbers its elements
     * @throws dev.kindred.OutOfSharedMemoryException if there is not so much shared memory left
     */
    public static RawArray ofDoubles(double... numbers) {
        RawArray array = of(CType.DOUBLE, numbers.length);
        array.put(0, numbers, 0, numbers.length);
        return array;
    }

    /**
     * {@return a new array of any integer type}
     *
     * @param type    the type of its elements
     * @param numbers its elements
     * @throws ArithmeticException                    if the type cannot hold one of the numbers
     * @throws UnsupportedOperationException          if the type is no integer
     * @throws dev.kindred.OutOfSharedMemoryException if there is not so much shared memory left
     */
    public static RawArray copyOf(CType type, long[] numbers) {
        Numbers.check(type, numbers, 0, numbers.length);
        RawArray array = of(type, numbers.length);
        array.put(0, numbers, 0, numbers.length);
        return array;
    }

    /**
     * {@return a new text: an array of type {@link CType#CHAR} that is just long enough}
     *
     * @param text what it begins with, in UTF-8
     * @throws IllegalArgumentException               if the text has a zero character or half a surrogate pair
     * @throws dev.kindred.OutOfSharedMemoryException if there is not so much shared memory left
     */
    public static RawArray ofString(String text) {
        RawArray array = of(CType.CHAR, Texts.encode(CType.CHAR, text).length);
        array.setString(text);
        return array;
    }

    /** {@return the type of the elements} */
    public final CType type() {
        return type;
    }

    /** {@return how many elements there are} */
    public final long length() {
        return length;
    }

    /**
     * {@return an integer}
     *
     * @param index which one
     * @throws ArithmeticException           if an int cannot hold it
     * @throws IndexOutOfBoundsException     if there is no such element
     * @throws UnsupportedOperationException if the type is no integer
     */
    public final int getInt(long index) {
        return Cells.getInt(type, block, place(index));
    }

    /**
     * Stores an integer.
     *
     * @param index  where
     * @param number the number
     * @throws ArithmeticException           if the type cannot hold it
     * @throws IndexOutOfBoundsException     if there is no such element
     * @throws UnsupportedOperationException if the type is no integer
     */
    public final void setInt(long index, int number) {
        Cells.setInt(type, block, place(index), number);
    }

    /**
     * {@return an integer}
     *
     * @param index which one
     * @throws IndexOutOfBoundsException     if there is no such element
     * @throws UnsupportedOperationException if the type is no integer
     */
    public final long getLong(long index) {
        return Cells.getLong(type, block, place(index));
    }

    /**
     * Stores an integer.
     *
     * @param index  where
     * @param number the number
     * @throws ArithmeticException           if the type cannot hold it
     * @throws IndexOutOfBoundsException     if there is no such element
     * @throws UnsupportedOperationException if the type is no integer
     */
    public final void setLong(long index, long number) {
        Cells.setLong(type, block, place(index), number);
    }

    /**
     * {@return a number}
     *
     * @param index which one
     * @throws IndexOutOfBoundsException     if there is no such element
     * @throws UnsupportedOperationException if the type is not {@link CType#FLOAT}
     */
    public final float getFloat(long index) {
        return Cells.getFloat(type, block, place(index));
    }

    /**
     * Stores a number.
     *
     * @param index  where
     * @param number the number
     * @throws IndexOutOfBoundsException     if there is no such element
     * @throws UnsupportedOperationException if the type is an integer
     */
    public final void setFloat(long index, float number) {
        Cells.setFloat(type, block, place(index), number);
    }

    /**
     * {@return a number}
     *
     * @param index which one
     * @throws IndexOutOfBoundsException     if there is no such element
     * @throws UnsupportedOperationException if the type is an integer
     */
    public final double getDouble(long index) {
        return Cells.getDouble(type, block, place(index));
    }

    /**
     * Stores a number, which a {@link CType#FLOAT} rounds.
     *
     * @param index  where
     * @param number the number
     * @throws ArithmeticException           if it is finite and a {@link CType#FLOAT} would become infinite
     * @throws IndexOutOfBoundsException     if there is no such element
     * @throws UnsupportedOperationException if the type is an integer
     */
    public final void setDouble(long index, double number) {
        Cells.setDouble(type, block, place(index), number);
    }

    /**
     * {@return an integer, read with volatile order}
     *
     * @param index which one
     * @throws IndexOutOfBoundsException     if there is no such element
     * @throws UnsupportedOperationException if the type is no integer
     */
    public final long getVolatile(long index) {
        return Cells.getVolatile(type, block, place(index));
    }

    /**
     * Stores an integer with volatile order.
     *
     * @param index  where
     * @param number the number
     * @throws ArithmeticException           if the type cannot hold it
     * @throws IndexOutOfBoundsException     if there is no such element
     * @throws UnsupportedOperationException if the type is no integer
     */
    public final void setVolatile(long index, long number) {
        Cells.setVolatile(type, block, place(index), number);
    }

    /**
     * Replaces an integer in one step, with volatile order.
     *
     * @param index  which one
     * @param number the new number
     * @return the old one
     * @throws ArithmeticException           if the type cannot hold the new number
     * @throws IndexOutOfBoundsException     if there is no such element
     * @throws UnsupportedOperationException if the type is no integer
     */
    public final long getAndSet(long index, long number) {
        return Cells.getAndSet(type, block, place(index), number);
    }

    /**
     * Replaces an integer in one step if it is what is expected of it, with volatile order.
     *
     * @param index    which one
     * @param expected the number it should be
     * @param number   the new number
     * @return whether it was replaced
     * @throws ArithmeticException           if the type cannot hold one of the two
     * @throws IndexOutOfBoundsException     if there is no such element
     * @throws UnsupportedOperationException if the type is no integer
     */
    public final boolean compareAndSet(long index, long expected, long number) {
        return Cells.compareAndSet(type, block, place(index), expected, number);
    }

    /**
     * Adds to an integer in one step, with volatile order. A sum that is out of the range of the type is never stored, so
     * that nobody sees it.
     *
     * @param index which one
     * @param delta what to add, negative to subtract; of the unsigned types, too
     * @return the number before
     * @throws ArithmeticException           if the type cannot hold the sum; the number is as it was
     * @throws IndexOutOfBoundsException     if there is no such element
     * @throws UnsupportedOperationException if the type is no integer
     */
    public final long getAndAdd(long index, long delta) {
        long place = place(index);
        return Cells.getAndAdd(type, block, place, delta);
    }

    /**
     * Copies integers to an array of Java.
     *
     * @param index  the first one
     * @param target the array
     * @param from   where in it to begin
     * @param count  how many
     * @throws ArithmeticException           if an int cannot hold one of them
     * @throws IndexOutOfBoundsException     if one of the arrays does not have this part
     * @throws UnsupportedOperationException if the type is no integer
     */
    public final void get(long index, int[] target, int from, int count) {
        long place = range(index, target.length, from, count);
        if (isDense() && type == CType.INT) {
            Blocks.read(block, place, ValueLayout.JAVA_INT, target, from, count);
        } else {
            for (int step = 0; step < count; step++) {
                target[from + step] = Cells.getInt(type, block, place + step * stride);
            }
        }
    }

    /**
     * Copies integers from an array of Java.
     *
     * @param index  where to begin
     * @param source the array
     * @param from   the first one in it
     * @param count  how many
     * @throws ArithmeticException           if the type cannot hold one of them; nothing was copied
     * @throws IndexOutOfBoundsException     if one of the arrays does not have this part
     * @throws UnsupportedOperationException if the type is no integer
     */
    public final void put(long index, int[] source, int from, int count) {
        long place = range(index, source.length, from, count);
        if (isDense() && type == CType.INT) {
            Blocks.write(block, place, ValueLayout.JAVA_INT, source, from, count);
        } else {
            Numbers.check(type, source, from, count);
            for (int step = 0; step < count; step++) {
                Cells.setInt(type, block, place + step * stride, source[from + step]);
            }
        }
    }

    /**
     * Copies integers to an array of Java.
     *
     * @param index  the first one
     * @param target the array
     * @param from   where in it to begin
     * @param count  how many
     * @throws IndexOutOfBoundsException     if one of the arrays does not have this part
     * @throws UnsupportedOperationException if the type is no integer
     */
    public final void get(long index, long[] target, int from, int count) {
        long place = range(index, target.length, from, count);
        if (isDense() && type.isLong()) {
            Blocks.read(block, place, ValueLayout.JAVA_LONG, target, from, count);
        } else {
            for (int step = 0; step < count; step++) {
                target[from + step] = Cells.getLong(type, block, place + step * stride);
            }
        }
    }

    /**
     * Copies integers from an array of Java.
     *
     * @param index  where to begin
     * @param source the array
     * @param from   the first one in it
     * @param count  how many
     * @throws ArithmeticException           if the type cannot hold one of them; nothing was copied
     * @throws IndexOutOfBoundsException     if one of the arrays does not have this part
     * @throws UnsupportedOperationException if the type is no integer
     */
    public final void put(long index, long[] source, int from, int count) {
        long place = range(index, source.length, from, count);
        if (isDense() && type.isLong()) {
            Blocks.write(block, place, ValueLayout.JAVA_LONG, source, from, count);
        } else {
            Numbers.check(type, source, from, count);
            for (int step = 0; step < count; step++) {
                Cells.setLong(type, block, place + step * stride, source[from + step]);
            }
        }
    }

    /**
     * Copies numbers to an array of Java.
     *
     * @param index  the first one
     * @param target the array
     * @param from   where in it to begin
     * @param count  how many
     * @throws IndexOutOfBoundsException     if one of the arrays does not have this part
     * @throws UnsupportedOperationException if the type is not {@link CType#FLOAT}
     */
    public final void get(long index, float[] target, int from, int count) {
        long place = range(index, target.length, from, count);
        if (isDense() && type == CType.FLOAT) {
            Blocks.read(block, place, ValueLayout.JAVA_FLOAT, target, from, count);
        } else {
            for (int step = 0; step < count; step++) {
                target[from + step] = Cells.getFloat(type, block, place + step * stride);
            }
        }
    }

    /**
     * Copies numbers from an array of Java.
     *
     * @param index  where to begin
     * @param source the array
     * @param from   the first one in it
     * @param count  how many
     * @throws IndexOutOfBoundsException     if one of the arrays does not have this part
     * @throws UnsupportedOperationException if the type is an integer
     */
    public final void put(long index, float[] source, int from, int count) {
        long place = range(index, source.length, from, count);
        if (isDense() && type == CType.FLOAT) {
            Blocks.write(block, place, ValueLayout.JAVA_FLOAT, source, from, count);
        } else {
            for (int step = 0; step < count; step++) {
                Cells.setFloat(type, block, place + step * stride, source[from + step]);
            }
        }
    }

    /**
     * Copies numbers to an array of Java.
     *
     * @param index  the first one
     * @param target the array
     * @param from   where in it to begin
     * @param count  how many
     * @throws IndexOutOfBoundsException     if one of the arrays does not have this part
     * @throws UnsupportedOperationException if the type is an integer
     */
    public final void get(long index, double[] target, int from, int count) {
        long place = range(index, target.length, from, count);
        if (isDense() && type == CType.DOUBLE) {
            Blocks.read(block, place, ValueLayout.JAVA_DOUBLE, target, from, count);
        } else {
            for (int step = 0; step < count; step++) {
                target[from + step] = Cells.getDouble(type, block, place + step * stride);
            }
        }
    }

    /**
     * Copies numbers from an array of Java, which a {@link CType#FLOAT} rounds.
     *
     * @param index  where to begin
     * @param source the array
     * @param from   the first one in it
     * @param count  how many
     * @throws ArithmeticException           if one is finite and a {@link CType#FLOAT} would become infinite; those
     *                                       before it were copied
     * @throws IndexOutOfBoundsException     if one of the arrays does not have this part
     * @throws UnsupportedOperationException if the type is an integer
     */
    public final void put(long index, double[] source, int from, int count) {
        long place = range(index, source.length, from, count);
        if (isDense() && type == CType.DOUBLE) {
            Blocks.write(block, place, ValueLayout.JAVA_DOUBLE, source, from, count);
        } else {
            for (int step = 0; step < count; step++) {
                Cells.setDouble(type, block, place + step * stride, source[from + step]);
            }
        }
    }

    /**
     * Copies elements of one byte to an array of Java, bit by bit: those above 127 are negative there.
     *
     * @param index  the first one
     * @param target the array
     * @param from   where in it to begin
     * @param count  how many
     * @throws IndexOutOfBoundsException     if one of the arrays does not have this part
     * @throws UnsupportedOperationException if the type is not one of {@code c b B}
     */
    public final void get(long index, byte[] target, int from, int count) {
        requireBytes();
        long place = range(index, target.length, from, count);
        if (isDense()) {
            Blocks.read(block, place, ValueLayout.JAVA_BYTE, target, from, count);
        } else {
            for (int step = 0; step < count; step++) {
                target[from + step] = (byte) Cells.getInt(type, block, place + step * stride);
            }
        }
    }

    /**
     * Copies elements of one byte from an array of Java, bit by bit: those that are negative there are above 127 in
     * types {@code c} and {@code B}.
     *
     * @param index  where to begin
     * @param source the array
     * @param from   the first one in it
     * @param count  how many
     * @throws IndexOutOfBoundsException     if one of the arrays does not have this part
     * @throws UnsupportedOperationException if the type is not one of {@code c b B}
     */
    public final void put(long index, byte[] source, int from, int count) {
        requireBytes();
        long place = range(index, source.length, from, count);
        if (isDense()) {
            Blocks.write(block, place, ValueLayout.JAVA_BYTE, source, from, count);
        } else {
            for (int step = 0; step < count; step++) {
                byte bits = source[from + step];
                Cells.setInt(type, block, place + step * stride, type.isUnsigned() ? Byte.toUnsignedInt(bits) : bits);
            }
        }
    }

    /**
     * Copies elements to another array of the same type, also to another part of the same memory.
     *
     * @param index       the first one
     * @param target      the other array
     * @param targetIndex where in it to begin
     * @param count       how many
     * @throws IllegalArgumentException  if the other array has another type
     * @throws IndexOutOfBoundsException if one of the arrays does not have this part
     */
    public final void copyTo(long index, RawArray target, long targetIndex, long count) {
        if (target.type != type) {
            throw new IllegalArgumentException("elements of type " + type + " cannot be copied to an array of type "
                    + target.type);
        }
        Objects.checkFromIndexSize(index, count, length);
        Objects.checkFromIndexSize(targetIndex, count, target.length);
        long size = type.size();
        long source = offset + index * stride;
        long destination = target.offset + targetIndex * target.stride;
        if (isDense() && target.isDense()) {
            Blocks.copy(block, source, target.block, destination, count * size);
            return;
        }
        if (block.offset() == target.block.offset()) {
            // The parts may lie one inside the other in any way, so that only a copy in between is safe.
            new RawArray(this).slice(index, index + count).copy().copyTo(0, target, targetIndex, count);
            return;
        }
        for (long step = 0; step < count; step++) {
            Blocks.copy(block, source + step * stride, target.block, destination + step * target.stride, size);
        }
    }

    /**
     * {@return the integers as an array of Java}
     *
     * @throws ArithmeticException           if an int cannot hold one of them, or there are more than an array of Java
     *                                       can have
     * @throws UnsupportedOperationException if the type is no integer
     */
    public final int[] toIntArray() {
        int[] numbers = new int[javaLength()];
        get(0, numbers, 0, numbers.length);
        return numbers;
    }

    /**
     * {@return the integers as an array of Java}
     *
     * @throws ArithmeticException           if there are more than an array of Java can have
     * @throws UnsupportedOperationException if the type is no integer
     */
    public final long[] toLongArray() {
        long[] numbers = new long[javaLength()];
        get(0, numbers, 0, numbers.length);
        return numbers;
    }

    /**
     * {@return the numbers as an array of Java}
     *
     * @throws ArithmeticException           if there are more than an array of Java can have
     * @throws UnsupportedOperationException if the type is not {@link CType#FLOAT}
     */
    public final float[] toFloatArray() {
        float[] numbers = new float[javaLength()];
        get(0, numbers, 0, numbers.length);
        return numbers;
    }

    /**
     * {@return the numbers as an array of Java}
     *
     * @throws ArithmeticException           if there are more than an array of Java can have
     * @throws UnsupportedOperationException if the type is an integer
     */
    public final double[] toDoubleArray() {
        double[] numbers = new double[javaLength()];
        get(0, numbers, 0, numbers.length);
        return numbers;
    }

    /** {@return the integers one after the other, each read when it is its turn, as {@link #getInt} does} */
    public final IntStream ints() {
        return LongStream.range(0, length).mapToInt(this::getInt);
    }

    /** {@return the integers one after the other, each read when it is its turn, as {@link #getLong} does} */
    public final LongStream longs() {
        return LongStream.range(0, length).map(this::getLong);
    }

    /** {@return the numbers one after the other, each read when it is its turn, as {@link #getDouble} does} */
    public final DoubleStream doubles() {
        return LongStream.range(0, length).mapToDouble(this::getDouble);
    }

    /**
     * {@return the text before the first zero character: of type {@link CType#CHAR} in UTF-8, of type {@link
     * CType#WIDE_CHAR} in code points}
     *
     * @throws IllegalStateException         if the bytes are not UTF-8, or an element is no code point
     * @throws UnsupportedOperationException if the type is neither
     */
    public final String getString() {
        return Texts.decode(this);
    }

    /**
     * Stores a text, and a zero character after it if there is room.
     *
     * @param text the text
     * @throws IllegalArgumentException      if it is longer than the array, has a zero character in it, or half a
     *                                       surrogate pair; nothing was stored
     * @throws UnsupportedOperationException if the type is neither {@link CType#CHAR} nor {@link CType#WIDE_CHAR}
     */
    public final void setString(String text) {
        Texts.store(this, Texts.encode(type, text));
    }

    /**
     * {@return the bytes before the first zero}
     *
     * @throws UnsupportedOperationException if the type is not {@link CType#CHAR}
     */
    public final byte[] getValue() {
        return Texts.untilZero(getRaw());
    }

    /**
     * Stores bytes, and a zero after them if there is room. What lies after that stays.
     *
     * @param value the bytes
     * @throws IllegalArgumentException      if there are more than the array has, or a zero among them; nothing was
     *                                       stored
     * @throws UnsupportedOperationException if the type is not {@link CType#CHAR}
     */
    public final void setValue(byte[] value) {
        Texts.requireChars(this);
        Texts.store(this, Texts.widen(value));
    }

    /**
     * {@return all bytes}
     *
     * @throws UnsupportedOperationException if the type is not {@link CType#CHAR}
     */
    public final byte[] getRaw() {
        Texts.requireChars(this);
        byte[] raw = new byte[javaLength()];
        get(0, raw, 0, raw.length);
        return raw;
    }

    /**
     * Stores bytes from the beginning on. What lies after them stays.
     *
     * @param raw the bytes
     * @throws IllegalArgumentException      if there are more than the array has; nothing was stored
     * @throws UnsupportedOperationException if the type is not {@link CType#CHAR}
     */
    public final void setRaw(byte[] raw) {
        Texts.requireChars(this);
        Texts.requireRoom(this, raw.length);
        put(0, raw, 0, raw.length);
    }

    /**
     * {@return a part of this array: the same memory}
     *
     * @param from the first element
     * @param to   the element after the last
     * @throws IndexOutOfBoundsException if this array does not have this part
     */
    public RawArray slice(long from, long to) {
        return slice(from, to, 1);
    }

    /**
     * {@return every so many-th element of a part of this array: the same memory}
     *
     * @param from the first element
     * @param to   the element after the last that may be taken
     * @param step how much further the next one is
     * @throws IllegalArgumentException  if the step is not positive
     * @throws IndexOutOfBoundsException if this array does not have this part
     */
    public RawArray slice(long from, long to, long step) {
        Objects.checkFromToIndex(from, to, length);
        if (step <= 0) {
            throw new IllegalArgumentException("the step of a slice must be positive, not " + step);
        }
        long count = Math.ceilDiv(to - from, step);
        long wider = count > 1 ? Math.multiplyExact(step, stride) : stride;
        return new RawArray(type, block, offset + from * stride, count, wider);
    }

    /**
     * {@return the bytes, which stay allocated as long as this segment is reachable}
     *
     * @throws UnsupportedOperationException if there are other bytes between the elements, as in a slice with steps
     */
    public final MemorySegment segment() {
        if (!isDense()) {
            throw new UnsupportedOperationException("the elements of " + this + " do not lie side by side: they are "
                    + stride + " bytes apart");
        }
        return Blocks.segment(block, offset, length * stride);
    }

    /**
     * {@return a new array with the same numbers and its own memory}
     *
     * @throws dev.kindred.OutOfSharedMemoryException if there is not so much shared memory left
     */
    public RawArray copy() {
        RawArray copy = of(type, length);
        copyTo(0, copy, 0, length);
        return copy;
    }

    /**
     * {@return these numbers with a lock: both are the same memory}
     *
     * @param lock a {@link dev.kindred.sync.Lock} or {@link dev.kindred.sync.RLock}
     * @throws IllegalArgumentException if other processes cannot take the lock
     */
    public Array guardedBy(Lock lock) {
        return new Array(this, Locks.check(lock));
    }

    /** {@return type, length and the first numbers} */
    @Override
    public String toString() {
        String head = getClass().getSimpleName() + "[" + type + ", length " + length + ": ";
        StringJoiner numbers = new StringJoiner(", ", head, "]");
        for (long index = 0; index < Math.min(length, SHOWN); index++) {
            numbers.add(Cells.describe(type, block, place(index)));
        }
        return length > SHOWN ? numbers.add("...").toString() : numbers.toString();
    }

    private long place(long index) {
        return offset + Objects.checkIndex(index, length) * stride;
    }

    /** {@return where the first of so many elements is} */
    private long range(long index, int otherLength, int otherIndex, int count) {
        Objects.checkFromIndexSize(otherIndex, count, otherLength);
        return offset + Objects.checkFromIndexSize(index, count, length) * stride;
    }

    private boolean isDense() {
        return stride == type.size();
    }

    private int javaLength() {
        if (length > Integer.MAX_VALUE) {
            throw new ArithmeticException("an array of Java cannot have " + length + " elements: copy them in parts");
        }
        return (int) length;
    }

    private void requireBytes() {
        if (type.size() != Byte.BYTES) {
            throw new UnsupportedOperationException(type + " has " + type.size()
                    + " bytes: an array of byte is for types c, b and B");
        }
    }

    @Serial
    Object writeReplace() throws ObjectStreamException {
        return new Ticket(type, Inheritance.travel(this, block), offset, length, stride);
    }

    @Serial
    private void readObject(ObjectInputStream stream) throws InvalidObjectException {
        throw new InvalidObjectException("an array travels as the place of its bytes");
    }

    /** What travels. */
    private record Ticket(CType type, long block, long offset, long length, long stride) implements Serializable {

        @Serial
        private Object readResolve() throws InvalidObjectException {
            return new RawArray(type, Inheritance.adopt(block), offset, length, stride);
        }
    }
}
