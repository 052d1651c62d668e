// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.codec;

import java.io.IOException;
import java.io.ObjectInputFilter;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads what an {@link Encoder} has written, and trusts none of it. For one thread and one element at a time, and to be used again and again. */
final class Decoder {

    /** A table with room for more is not kept. */
    private static final int KEPT = 1 << 10;

    /** How many values may be hashed or compared in each element, beside some for each of its bytes. */
    private static final long HASHED_ALLOWANCE = 1 << 20;

    /** A value within many others is hashed once for each; they are nested so deep at most. */
    private static final long HASHED_PER_BYTE = Tags.DEPTH_LIMIT;

    private static final long MOST_VALUES = 1L << 40;

    /** Stands in between elements, so that none is kept from the collector. */
    private static final ByteSource NONE = new ByteSource();

    private ByteSource in = NONE;
    private @Nullable ObjectInputFilter ownFilter;
    private @Nullable FilterGate gate;
    private boolean knowsGate;
    private int length;
    private int depth;

    /** By their numbers, what has ended. */
    private @Nullable Object[] ended = new Object[16];
    private long[] sizes = new long[16];
    private int endedCount;

    /** How many values there are so far, those that were pointed back to counted again. */
    private long values;

    /** How many of them may still be hashed: what points back to what points back can be more than anybody can hash. */
    private long hashable;

    private final @Nullable Shape[] classes = new Shape[Tags.CLASS_LIMIT];
    private int classCount;

    /** {@return an element of which the first byte has been read} */
    @Nullable Object read(ByteSource from, @Nullable ObjectInputFilter filter) throws IOException, ClassNotFoundException {
        in = from;
        ownFilter = filter;
        length = from.remaining();
        hashable = HASHED_ALLOWANCE + length * HASHED_PER_BYTE;
        try {
            Object element = readValue();
            if (in.remaining() > 0) {
                throw new UnreadableException(in.remaining() + " bytes of " + length + " are left behind the element");
            }
            return element;
        } finally {
            forget();
        }
    }

    private void forget() {
        in = NONE;
        ownFilter = null;
        gate = null;
        knowsGate = false;
        depth = 0;
        values = 0;
        if (ended.length > KEPT) {
            ended = new Object[16];
            sizes = new long[16];
        } else {
            Arrays.fill(ended, 0, endedCount, null);
        }
        endedCount = 0;
        Arrays.fill(classes, 0, classCount, null);
        classCount = 0;
    }

    @Nullable Object readValue() throws IOException, ClassNotFoundException {
        values = Math.min(MOST_VALUES, values + 1);
        int tag = in.getByte();
        return switch (tag) {
            case Tags.NULL -> null;
            case Tags.FALSE -> false;
            case Tags.TRUE -> true;
            case Tags.BYTE -> in.getByte();
            case Tags.SHORT -> in.getShort();
            case Tags.CHAR -> in.getChar();
            case Tags.INT -> readSmallInt();
            case Tags.LONG -> in.getSigned();
            case Tags.FLOAT -> in.getFloat();
            case Tags.DOUBLE -> in.getDouble();
            case Tags.LATIN1 -> in.getLatin1(in.getCount(1));
            case Tags.UTF16 -> readUtf16();
            case Tags.ENUM -> readConstant();
            case Tags.BACK -> readBack();
            default -> readNested(tag);
        };
    }

    /** Also for components that are texts. */
    @Nullable String readText() throws IOException, ClassNotFoundException {
        Object text = readValue();
        if (text == null || text instanceof String) {
            return (String) text;
        }
        throw new UnreadableException("a " + text.getClass().getTypeName() + " stands where a text belongs", text.getClass().getTypeName(), null);
    }

    private Integer readSmallInt() throws UnreadableException {
        long number = in.getSigned();
        if (number != (int) number) {
            throw new UnreadableException(number + " stands where an int belongs");
        }
        return (int) number;
    }

    private String readUtf16() throws UnreadableException {
        char[] characters = new char[in.getCount(Character.BYTES)];
        in.getChars(characters, characters.length);
        return new String(characters);
    }

    boolean readBoolean() throws UnreadableException {
        return in.getByte() != 0;
    }

    byte readByte() throws UnreadableException {
        return in.getByte();
    }

    short readShort() throws UnreadableException {
        return in.getShort();
    }

    char readChar() throws UnreadableException {
        return in.getChar();
    }

    int readInt() throws UnreadableException {
        return in.getInt();
    }

    long readLong() throws UnreadableException {
        return in.getLong();
    }

    float readFloat() throws UnreadableException {
        return in.getFloat();
    }

    double readDouble() throws UnreadableException {
        return in.getDouble();
    }

    /** {@return a number of a type that is named as in a signature, or its bits} */
    long readNumber(char type) throws UnreadableException {
        return switch (type) {
            case 'Z' -> readBoolean() ? 1 : 0;
            case 'B' -> in.getByte();
            case 'C' -> in.getChar();
            case 'S' -> in.getShort();
            case 'I', 'F' -> in.getInt();
            default -> in.getLong();
        };
    }

    private Enum<?> readConstant() throws UnreadableException, ClassNotFoundException {
        Shape shape = readClass();
        if (shape.tag != Tags.ENUM) {
            throw new UnreadableException(shape.type.getTypeName() + " is no enum here", shape.type.getTypeName(), null);
        }
        ask(shape.type, -1);
        return shape.readConstant(in, in.getVariable());
    }

    private Shape readClass() throws UnreadableException, ClassNotFoundException {
        long number = in.getVariable();
        if (number != 0) {
            if (number < 0 || number > classCount) {
                throw new UnreadableException("class " + number + " is named, of " + classCount);
            }
            return Objects.requireNonNull(classes[(int) number - 1]);
        }
        Shape shape = ClassTable.read(in, in.getCount(1));
        int fingerprint = in.getInt();
        if (fingerprint != shape.fingerprint) {
            String name = shape.type.getTypeName();
            throw new UnreadableException(name + " is another here than where it was encoded: run both processes with the same version of it", name, null);
        }
        if (classCount < classes.length) {
            classes[classCount++] = shape;
        }
        return shape;
    }

    private @Nullable Object readBack() throws UnreadableException {
        long number = in.getVariable();
        if (number < 0 || number >= endedCount) {
            throw new UnreadableException("value " + number + " is pointed back to, of " + endedCount);
        }
        values = Math.min(MOST_VALUES, values + sizes[(int) number]);
        return ended[(int) number];
    }

    private Object readNested(int tag) throws IOException, ClassNotFoundException {
        if (++depth > Tags.DEPTH_LIMIT) {
            throw new UnreadableException("values are nested deeper than " + Tags.DEPTH_LIMIT);
        }
        long before = values;
        Object value = tag == Tags.RECORD || tag == Tags.SHARED_RECORD ? readRecord() : readContent(tag);
        depth--;
        if (tag != Tags.RECORD) {
            end(value, values - before);
        }
        return value;
    }

    private void end(Object value, long size) {
        if (endedCount == ended.length) {
            ended = Arrays.copyOf(ended, 2 * endedCount);
            sizes = Arrays.copyOf(sizes, 2 * endedCount);
        }
        ended[endedCount] = value;
        sizes[endedCount++] = size;
    }

    private Object readRecord() throws IOException, ClassNotFoundException {
        Shape shape = readClass();
        RecordPlan plan = shape.record();
        ask(shape.type, -1);
        try {
            return plan.read(this);
        } catch (IOException | ClassNotFoundException | Error failure) {
            throw failure;
        } catch (Throwable refused) {
            String name = shape.type.getTypeName();
            throw new UnreadableException("a " + name + " cannot be made of what arrived: " + refused, name, refused);
        }
    }

    private Object readContent(int tag) throws IOException, ClassNotFoundException {
        return switch (tag) {
            case Tags.OBJECTS -> readArray();
            case Tags.ARRAY_LIST -> {
                int count = readCount(1);
                yield readElements(new ArrayList<>(count), count);
            }
            case Tags.FIXED_LIST -> readFixedList();
            case Tags.HASH_SET -> readSet(new HashSet<>());
            case Tags.LINKED_HASH_SET -> readSet(new LinkedHashSet<>());
            case Tags.TREE_SET -> readSet(new TreeSet<>());
            case Tags.FIXED_SET -> Set.copyOf(readSet(new LinkedHashSet<>()));
            case Tags.HASH_MAP -> readMap(new HashMap<>());
            case Tags.LINKED_HASH_MAP -> readMap(new LinkedHashMap<>());
            case Tags.TREE_MAP -> readMap(new TreeMap<>());
            case Tags.FIXED_MAP -> Map.copyOf(readMap(new LinkedHashMap<>()));
            default -> readNumbers(tag);
        };
    }

    private int readCount(int valuesEach) throws UnreadableException {
        int count = in.getCount(valuesEach);
        ask(null, -1);
        return count;
    }

    private Object readArray() throws IOException, ClassNotFoundException {
        Class<?> elements = readClass().type;
        int count = in.getCount(1);
        ask(elements.arrayType(), count);
        Object array = Array.newInstance(elements, count);
        for (int i = 0; i < count; i++) {
            Array.set(array, i, readValue());
        }
        return array;
    }

    private <C extends Collection<@Nullable Object>> C readElements(C to, int count) throws IOException, ClassNotFoundException {
        for (int i = 0; i < count; i++) {
            to.add(readValue());
        }
        return to;
    }

    private Object readFixedList() throws IOException, ClassNotFoundException {
        @Nullable Object[] elements = new Object[readCount(1)];
        boolean hasNull = false;
        for (int i = 0; i < elements.length; i++) {
            elements[i] = readValue();
            hasNull |= elements[i] == null;
        }
        // Lists that streams make may hold null, those of List.of may not.
        return hasNull ? Arrays.stream(elements).toList() : List.of(elements);
    }

    private <S extends Set<@Nullable Object>> S readSet(S to) throws IOException, ClassNotFoundException {
        int count = readCount(1);
        for (int i = 0; i < count; i++) {
            if (!to.add(readHashed())) {
                throw new UnreadableException("a set holds equal elements");
            }
        }
        return to;
    }

    private <M extends Map<@Nullable Object, @Nullable Object>> M readMap(M to) throws IOException, ClassNotFoundException {
        int count = readCount(2);
        for (int i = 0; i < count; i++) {
            Object key = readHashed();
            to.put(key, readValue());
        }
        if (to.size() != count) {
            throw new UnreadableException("a map holds equal keys");
        }
        return to;
    }

    private @Nullable Object readHashed() throws IOException, ClassNotFoundException {
        long before = values;
        Object value = readValue();
        hashable -= values - before;
        if (hashable < 0) {
            throw new UnreadableException("keys and elements of sets are made of more parts than " + length + " bytes can honestly hold");
        }
        return value;
    }

    private Object readNumbers(int tag) throws UnreadableException {
        return switch (tag) {
            case Tags.BOOLEANS -> readBooleans();
            case Tags.BYTES -> in.getBytes(readLength(byte[].class, Byte.BYTES));
            case Tags.SHORTS -> {
                short[] array = new short[readLength(short[].class, Short.BYTES)];
                in.getShorts(array);
                yield array;
            }
            case Tags.CHARS -> {
                char[] array = new char[readLength(char[].class, Character.BYTES)];
                in.getChars(array, array.length);
                yield array;
            }
            case Tags.INTS -> {
                int[] array = new int[readLength(int[].class, Integer.BYTES)];
                in.getInts(array);
                yield array;
            }
            case Tags.LONGS -> {
                long[] array = new long[readLength(long[].class, Long.BYTES)];
                in.getLongs(array);
                yield array;
            }
            case Tags.FLOATS -> {
                float[] array = new float[readLength(float[].class, Float.BYTES)];
                in.getFloats(array);
                yield array;
            }
            case Tags.DOUBLES -> {
                double[] array = new double[readLength(double[].class, Double.BYTES)];
                in.getDoubles(array);
                yield array;
            }
            default -> throw new UnreadableException("a value of unknown kind " + tag);
        };
    }

    private boolean[] readBooleans() throws UnreadableException {
        boolean[] array = new boolean[readLength(boolean[].class, Byte.BYTES)];
        for (int i = 0; i < array.length; i++) {
            array[i] = readBoolean();
        }
        return array;
    }

    private int readLength(Class<?> type, int bytesEach) throws UnreadableException {
        int count = in.getCount(bytesEach);
        ask(type, count);
        return count;
    }

    /** Asks the filters, of which there are none most of the time. */
    private void ask(@Nullable Class<?> type, int arrayLength) throws UnreadableException {
        if (!knowsGate) {
            gate = FilterGate.of(ownFilter);
            knowsGate = true;
        }
        if (gate != null) {
            gate.check(type, arrayLength, depth, length - in.remaining());
        }
    }
}
