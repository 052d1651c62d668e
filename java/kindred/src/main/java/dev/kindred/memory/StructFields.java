// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.memory;

import dev.kindred.internal.space.Block;

/**
 * Reads and writes one field of a struct, as each Java type that a record's component can have. {@link RecordCodec}
 * finds the methods by the type they return, or take last.
 */
final class StructFields {

    private StructFields() {}

    static boolean readBoolean(StructMember member, Block block, long struct) {
        return readInt(member, block, struct) != 0;
    }

    static byte readByte(StructMember member, Block block, long struct) {
        return (byte) readInt(member, block, struct);
    }

    static short readShort(StructMember member, Block block, long struct) {
        return (short) readInt(member, block, struct);
    }

    static char readChar(StructMember member, Block block, long struct) {
        return (char) readInt(member, block, struct);
    }

    static int readInt(StructMember member, Block block, long struct) {
        return Cells.getInt(member.number(), block, struct + member.offset());
    }

    static long readLong(StructMember member, Block block, long struct) {
        return Cells.getLong(member.number(), block, struct + member.offset());
    }

    static float readFloat(StructMember member, Block block, long struct) {
        return Cells.getFloat(member.number(), block, struct + member.offset());
    }

    static double readDouble(StructMember member, Block block, long struct) {
        return Cells.getDouble(member.number(), block, struct + member.offset());
    }

    static byte[] readBytes(StructMember member, Block block, long struct) {
        byte[] bytes = new byte[Math.toIntExact(member.length())];
        member.array(block, struct).get(0, bytes, 0, bytes.length);
        return bytes;
    }

    static int[] readInts(StructMember member, Block block, long struct) {
        return member.array(block, struct).toIntArray();
    }

    static long[] readLongs(StructMember member, Block block, long struct) {
        return member.array(block, struct).toLongArray();
    }

    static float[] readFloats(StructMember member, Block block, long struct) {
        return member.array(block, struct).toFloatArray();
    }

    static double[] readDoubles(StructMember member, Block block, long struct) {
        return member.array(block, struct).toDoubleArray();
    }

    static String readString(StructMember member, Block block, long struct) {
        return member.array(block, struct).getString();
    }

    static Record readRecord(StructMember member, Block block, long struct) {
        return (Record) member.nested().read(block, struct + member.offset());
    }

    static void write(StructMember member, Block block, long struct, boolean value) {
        write(member, block, struct, value ? 1 : 0);
    }

    static void write(StructMember member, Block block, long struct, byte value) {
        write(member, block, struct, (int) value);
    }

    static void write(StructMember member, Block block, long struct, short value) {
        write(member, block, struct, (int) value);
    }

    static void write(StructMember member, Block block, long struct, char value) {
        write(member, block, struct, (int) value);
    }

    static void write(StructMember member, Block block, long struct, int value) {
        Cells.setInt(member.number(), block, struct + member.offset(), value);
    }

    static void write(StructMember member, Block block, long struct, long value) {
        Cells.setLong(member.number(), block, struct + member.offset(), value);
    }

    static void write(StructMember member, Block block, long struct, float value) {
        Cells.setFloat(member.number(), block, struct + member.offset(), value);
    }

    static void write(StructMember member, Block block, long struct, double value) {
        Cells.setDouble(member.number(), block, struct + member.offset(), value);
    }

    static void write(StructMember member, Block block, long struct, byte[] value) {
        requireLength(member, value.length);
        member.array(block, struct).put(0, value, 0, value.length);
    }

    static void write(StructMember member, Block block, long struct, int[] value) {
        requireLength(member, value.length);
        member.array(block, struct).put(0, value, 0, value.length);
    }

    static void write(StructMember member, Block block, long struct, long[] value) {
        requireLength(member, value.length);
        member.array(block, struct).put(0, value, 0, value.length);
    }

    static void write(StructMember member, Block block, long struct, float[] value) {
        requireLength(member, value.length);
        member.array(block, struct).put(0, value, 0, value.length);
    }

    static void write(StructMember member, Block block, long struct, double[] value) {
        requireLength(member, value.length);
        member.array(block, struct).put(0, value, 0, value.length);
    }

    static void write(StructMember member, Block block, long struct, String value) {
        member.array(block, struct).setString(value);
    }

    static void write(StructMember member, Block block, long struct, Record value) {
        writeNested(member.nested(), block, struct + member.offset(), value);
    }

    @SuppressWarnings("unchecked") // the component's type is the record of the nested struct
    private static <R> void writeNested(StructType<R> type, Block block, long offset, Record value) {
        type.write(block, offset, (R) value);
    }

    private static void requireLength(StructMember member, int length) {
        if (length != member.length()) {
            throw new IllegalArgumentException("an array of length " + length + " is not " + member
                    + ": the lengths must be the same");
        }
    }
}
