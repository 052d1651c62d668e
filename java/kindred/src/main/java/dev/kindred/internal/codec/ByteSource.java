// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.codec;

import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/** Bytes of a range of an array, read one after the other; numbers are little-endian. What is read is checked against what is left. For one thread. */
public final class ByteSource extends InputStream {

    private static final VarHandle CHAR = view(char[].class);
    private static final VarHandle SHORT = view(short[].class);
    private static final VarHandle INT = view(int[].class);
    private static final VarHandle LONG = view(long[].class);
    private static final VarHandle FLOAT = view(float[].class);
    private static final VarHandle DOUBLE = view(double[].class);

    private static final byte[] NONE = {};

    private static final long HASH_FACTOR = 0x9e3779b97f4a7c15L;

    private byte[] bytes = NONE;
    private int position;
    private int end;

    /** Makes an empty one. */
    public ByteSource() {}

    private static VarHandle view(Class<?> arrays) {
        return MethodHandles.byteArrayViewVarHandle(arrays, ByteOrder.LITTLE_ENDIAN).withInvokeExactBehavior();
    }

    /** {@return one over a range of an array, which is not copied} */
    public static ByteSource of(byte[] bytes, int offset, int length) {
        ByteSource source = new ByteSource();
        source.reset(bytes, offset, length);
        return source;
    }

    /** Goes on with a range of another array, which is not copied. */
    public void reset(byte[] newBytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, newBytes.length);
        bytes = newBytes;
        position = offset;
        end = offset + length;
    }

    /** {@return how many bytes are left} */
    public int remaining() {
        return end - position;
    }

    @Override
    public int available() {
        return remaining();
    }

    @Override
    public int read() {
        return position < end ? bytes[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] to, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, to.length);
        if (length == 0) {
            return 0;
        }
        int count = Math.min(length, remaining());
        if (count == 0) {
            return -1;
        }
        System.arraycopy(bytes, position, to, offset, count);
        position += count;
        return count;
    }

    byte getByte() throws UnreadableException {
        return bytes[advance(1)];
    }

    short getShort() throws UnreadableException {
        return (short) SHORT.get(bytes, advance(Short.BYTES));
    }

    char getChar() throws UnreadableException {
        return (char) CHAR.get(bytes, advance(Character.BYTES));
    }

    int getInt() throws UnreadableException {
        return (int) INT.get(bytes, advance(Integer.BYTES));
    }

    long getLong() throws UnreadableException {
        return (long) LONG.get(bytes, advance(Long.BYTES));
    }

    float getFloat() throws UnreadableException {
        return (float) FLOAT.get(bytes, advance(Float.BYTES));
    }

    double getDouble() throws UnreadableException {
        return (double) DOUBLE.get(bytes, advance(Double.BYTES));
    }

    long getVariable() throws UnreadableException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = getByte();
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new UnreadableException("a number of more than ten bytes");
    }

    long getSigned() throws UnreadableException {
        long value = getVariable();
        return (value >>> 1) ^ -(value & 1);
    }

    /** {@return how many parts follow, of which each takes so many bytes at least} */
    int getCount(int bytesEach) throws UnreadableException {
        long count = getVariable();
        if (count < 0 || count > remaining() / bytesEach) {
            throw new UnreadableException(count + " parts of " + bytesEach + " bytes and more are announced, and " + remaining() + " bytes are left");
        }
        return (int) count;
    }

    String getLatin1(int length) throws UnreadableException {
        return new String(bytes, advance(length), length, StandardCharsets.ISO_8859_1);
    }

    void getChars(char[] to, int count) throws UnreadableException {
        int from = advance((long) count * Character.BYTES);
        for (int i = 0; i < count; i++) {
            to[i] = (char) CHAR.get(bytes, from + i * Character.BYTES);
        }
    }

    void getShorts(short[] to) throws UnreadableException {
        int from = advance((long) to.length * Short.BYTES);
        for (int i = 0; i < to.length; i++) {
            to[i] = (short) SHORT.get(bytes, from + i * Short.BYTES);
        }
    }

    void getInts(int[] to) throws UnreadableException {
        int from = advance((long) to.length * Integer.BYTES);
        for (int i = 0; i < to.length; i++) {
            to[i] = (int) INT.get(bytes, from + i * Integer.BYTES);
        }
    }

    void getLongs(long[] to) throws UnreadableException {
        int from = advance((long) to.length * Long.BYTES);
        for (int i = 0; i < to.length; i++) {
            to[i] = (long) LONG.get(bytes, from + i * Long.BYTES);
        }
    }

    void getFloats(float[] to) throws UnreadableException {
        int from = advance((long) to.length * Float.BYTES);
        for (int i = 0; i < to.length; i++) {
            to[i] = (float) FLOAT.get(bytes, from + i * Float.BYTES);
        }
    }

    void getDoubles(double[] to) throws UnreadableException {
        int from = advance((long) to.length * Double.BYTES);
        for (int i = 0; i < to.length; i++) {
            to[i] = (double) DOUBLE.get(bytes, from + i * Double.BYTES);
        }
    }

    byte[] getBytes(int length) throws UnreadableException {
        int from = advance(length);
        return Arrays.copyOfRange(bytes, from, from + length);
    }

    /** {@return a hash of the next bytes, which are still to be read} */
    int peekHash(int length) {
        long hash = length;
        int at = position;
        for (int last = position + length - Long.BYTES; at <= last; at += Long.BYTES) {
            hash = (hash ^ (long) LONG.get(bytes, at)) * HASH_FACTOR;
            hash ^= hash >>> 32;
        }
        for (; at < position + length; at++) {
            hash = (hash ^ bytes[at]) * HASH_FACTOR;
        }
        return (int) (hash ^ (hash >>> 32));
    }

    /** Reads the next bytes if they are these. */
    boolean skipIfEqual(byte[] expected) {
        if (expected.length > remaining() || !Arrays.equals(bytes, position, position + expected.length, expected, 0, expected.length)) {
            return false;
        }
        position += expected.length;
        return true;
    }

    /** {@return the index of so many bytes, which count as read then} */
    private int advance(long length) throws UnreadableException {
        int from = position;
        if (length > end - from) {
            throw new UnreadableException(length + " bytes are to follow, and " + remaining() + " are left");
        }
        position = from + (int) length;
        return from;
    }
}
