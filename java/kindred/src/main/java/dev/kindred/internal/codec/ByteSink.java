// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.codec;

import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/** Bytes that are written one after the other into an array that grows; numbers are little-endian. For one thread, and to be used again and again. */
public final class ByteSink extends OutputStream {

    /** What arrays can hold in every JVM. */
    private static final int MAXIMUM = Integer.MAX_VALUE - 8;

    private static final int INITIAL = 256;

    /** A larger array is not kept for the next element. */
    private static final int KEPT = 1 << 16;

    private static final VarHandle CHAR = view(char[].class);
    private static final VarHandle SHORT = view(short[].class);
    private static final VarHandle INT = view(int[].class);
    private static final VarHandle LONG = view(long[].class);
    private static final VarHandle FLOAT = view(float[].class);
    private static final VarHandle DOUBLE = view(double[].class);

    private byte[] bytes = new byte[INITIAL];
    private int size;

    /** Makes an empty one. */
    public ByteSink() {}

    private static VarHandle view(Class<?> arrays) {
        return MethodHandles.byteArrayViewVarHandle(arrays, ByteOrder.LITTLE_ENDIAN).withInvokeExactBehavior();
    }

    /** {@return the array that holds the bytes, from index 0 on} Until something more is written, or it is emptied. */
    public byte[] array() {
        return bytes;
    }

    /** {@return how many bytes were written} */
    public int size() {
        return size;
    }

    /** {@return a copy of the bytes} */
    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    /** Forgets all but the first bytes. */
    public void truncate(int newSize) {
        size = Objects.checkIndex(newSize, size + 1);
    }

    /** Forgets all bytes, and the array too if it has become large. */
    public void reset() {
        size = 0;
        if (bytes.length > KEPT) {
            bytes = new byte[INITIAL];
        }
    }

    @Override
    public void write(int value) {
        putByte(value);
    }

    @Override
    public void write(byte[] from, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, from.length);
        int at = claim(length);
        System.arraycopy(from, offset, bytes, at, length);
    }

    void putByte(int value) {
        int at = claim(1);
        bytes[at] = (byte) value;
    }

    void putShort(int value) {
        int at = claim(Short.BYTES);
        SHORT.set(bytes, at, (short) value);
    }

    void putChar(char value) {
        int at = claim(Character.BYTES);
        CHAR.set(bytes, at, value);
    }

    void putInt(int value) {
        int at = claim(Integer.BYTES);
        INT.set(bytes, at, value);
    }

    void putLong(long value) {
        int at = claim(Long.BYTES);
        LONG.set(bytes, at, value);
    }

    void putFloat(float value) {
        int at = claim(Float.BYTES);
        FLOAT.set(bytes, at, value);
    }

    void putDouble(double value) {
        int at = claim(Double.BYTES);
        DOUBLE.set(bytes, at, value);
    }

    /** Writes a number in seven bits a byte, from the lowest on: the smaller the fewer. Negative ones take the most. */
    void putVariable(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            putByte(((int) rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        putByte((int) rest);
    }

    /** Writes a number that is as often negative as not, in few bytes if it is close to 0. */
    void putSigned(long value) {
        putVariable((value << 1) ^ (value >> 63));
    }

    /** Writes the characters of a text, two bytes each. */
    void putChars(CharSequence text) {
        int length = text.length();
        int at = claim((long) length * Character.BYTES);
        for (int i = 0; i < length; i++) {
            CHAR.set(bytes, at + i * Character.BYTES, text.charAt(i));
        }
    }

    /** Writes the lower bytes of a text's characters: all of it, if it is of Latin-1. */
    @SuppressWarnings("deprecation") // The one way without another array, and wrong only for texts that are not of Latin-1.
    void putLowBytes(String text) {
        int at = claim(text.length());
        text.getBytes(0, text.length(), bytes, at);
    }

    void putShorts(short[] values) {
        int at = claim((long) values.length * Short.BYTES);
        for (int i = 0; i < values.length; i++) {
            SHORT.set(bytes, at + i * Short.BYTES, values[i]);
        }
    }

    void putChars(char[] values) {
        int at = claim((long) values.length * Character.BYTES);
        for (int i = 0; i < values.length; i++) {
            CHAR.set(bytes, at + i * Character.BYTES, values[i]);
        }
    }

    void putInts(int[] values) {
        int at = claim((long) values.length * Integer.BYTES);
        for (int i = 0; i < values.length; i++) {
            INT.set(bytes, at + i * Integer.BYTES, values[i]);
        }
    }

    void putLongs(long[] values) {
        int at = claim((long) values.length * Long.BYTES);
        for (int i = 0; i < values.length; i++) {
            LONG.set(bytes, at + i * Long.BYTES, values[i]);
        }
    }

    void putFloats(float[] values) {
        int at = claim((long) values.length * Float.BYTES);
        for (int i = 0; i < values.length; i++) {
            FLOAT.set(bytes, at + i * Float.BYTES, values[i]);
        }
    }

    void putDoubles(double[] values) {
        int at = claim((long) values.length * Double.BYTES);
        for (int i = 0; i < values.length; i++) {
            DOUBLE.set(bytes, at + i * Double.BYTES, values[i]);
        }
    }

    /** {@return the index of so many bytes to be set} */
    private int claim(long length) {
        int at = size;
        if (length > bytes.length - at) {
            grow(length);
        }
        size = at + (int) length;
        return at;
    }

    private void grow(long length) {
        long needed = size + length;
        if (needed > MAXIMUM) {
            throw new OutOfMemoryError("one element takes " + needed + " bytes encoded and may take " + MAXIMUM + ": send it in parts");
        }
        bytes = Arrays.copyOf(bytes, (int) Math.min(MAXIMUM, Math.max(needed, 2L * bytes.length)));
    }
}
