// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.codec;

import dev.kindred.internal.os.Reflection;
import java.io.IOException;
import java.lang.reflect.Field;
import java.util.Collection;
import java.util.ConcurrentModificationException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** Writes elements, as {@link Tags} tells. For one thread and one element at a time, and to be used again and again. */
final class Encoder {

    private static final int MAXIMUM_LATIN1 = 0xff;

    /** Stands in between elements, so that none is kept from the collector. */
    private static final ByteSink NONE = new ByteSink();

    private ByteSink out = NONE;
    private int depth;

    /** What was begun in this element and can occur again, with its number when it has ended. */
    private final IdentityTable begun = new IdentityTable();
    private int ended;

    private final @Nullable Shape[] classes = new Shape[Tags.CLASS_LIMIT];
    private int classCount;

    /** {@return whether the element could be written} If not, nothing was. */
    boolean write(@Nullable Object element, ByteSink to) throws IOException {
        int start = to.size();
        out = to;
        boolean isWritten = false;
        try {
            to.putByte(Tags.COMPACT);
            writeValue(element);
            isWritten = true;
            return true;
        } catch (NotCompactException other) {
            return false;
        } finally {
            if (!isWritten) {
                to.truncate(start);
            }
            forget();
        }
    }

    private void forget() {
        out = NONE;
        depth = 0;
        ended = 0;
        begun.clear();
        for (int i = 0; i < classCount; i++) {
            classes[i] = null;
        }
        classCount = 0;
    }

    @SuppressWarnings("IfChainToSwitch") // A switch over types is linked at its first use, which takes a new JVM milliseconds.
    void writeValue(@Nullable Object value) throws IOException {
        if (value == null) {
            out.putByte(Tags.NULL);
        } else if (value instanceof String text) {
            writeText(text);
        } else if (value instanceof Integer number) {
            out.putByte(Tags.INT);
            out.putSigned(number);
        } else if (value instanceof Long number) {
            out.putByte(Tags.LONG);
            out.putSigned(number);
        } else if (value instanceof Number || value instanceof Boolean || value instanceof Character) {
            writeBoxed(value);
        } else if (value instanceof Enum<?> constant) {
            writeConstant(constant);
        } else {
            writeObject(value, Shape.of(value.getClass()));
        }
    }

    /** Also for components that are texts. */
    void writeText(@Nullable String text) {
        if (text == null) {
            out.putByte(Tags.NULL);
            return;
        }
        int length = text.length();
        int all = 0;
        for (int i = 0; i < length; i++) {
            all |= text.charAt(i);
        }
        if (all <= MAXIMUM_LATIN1) {
            out.putByte(Tags.LATIN1);
            out.putVariable(length);
            out.putLowBytes(text);
        } else {
            out.putByte(Tags.UTF16);
            out.putVariable(length);
            out.putChars(text);
        }
    }

    private void writeBoxed(Object value) throws NotCompactException {
        int tag = switch (value.getClass().getName()) {
            case "java.lang.Boolean" -> (Boolean) value ? Tags.TRUE : Tags.FALSE;
            case "java.lang.Byte" -> Tags.BYTE;
            case "java.lang.Short" -> Tags.SHORT;
            case "java.lang.Character" -> Tags.CHAR;
            case "java.lang.Float" -> Tags.FLOAT;
            case "java.lang.Double" -> Tags.DOUBLE;
            default -> throw new NotCompactException("number");
        };
        out.putByte(tag);
        if (tag > Tags.TRUE) {
            writeNumber(value);
        }
    }

    /** Writes the number in a box as a component of its primitive type. */
    void writeNumber(Object value) {
        switch (value.getClass().getName()) {
            case "java.lang.Boolean" -> write((boolean) (Boolean) value);
            case "java.lang.Byte" -> write((byte) (Byte) value);
            case "java.lang.Short" -> write((short) (Short) value);
            case "java.lang.Character" -> write((char) (Character) value);
            case "java.lang.Integer" -> write((int) (Integer) value);
            case "java.lang.Long" -> write((long) (Long) value);
            case "java.lang.Float" -> write((float) (Float) value);
            default -> write((double) (Double) value);
        }
    }

    void write(boolean value) {
        out.putByte(value ? 1 : 0);
    }

    void write(byte value) {
        out.putByte(value);
    }

    void write(short value) {
        out.putShort(value);
    }

    void write(char value) {
        out.putChar(value);
    }

    void write(int value) {
        out.putInt(value);
    }

    void write(long value) {
        out.putLong(value);
    }

    void write(float value) {
        out.putFloat(value);
    }

    void write(double value) {
        out.putDouble(value);
    }

    @SuppressWarnings("EnumOrdinal") // A hint for where to look for the name.
    private void writeConstant(Enum<?> constant) throws NotCompactException {
        Shape shape = Shape.of(constant.getDeclaringClass());
        out.putByte(Tags.ENUM);
        writeClass(shape);
        out.putVariable(constant.ordinal());
        byte[] name = shape.constantName(constant);
        out.putVariable(name.length);
        out.write(name, 0, name.length);
    }

    private void writeClass(Shape shape) throws NotCompactException {
        for (int i = 0; i < classCount; i++) {
            if (classes[i] == shape) {
                out.putVariable(i + 1L);
                return;
            }
        }
        if (shape.name.length == 0) {
            throw new NotCompactException("name");
        }
        if (classCount < classes.length) {
            classes[classCount++] = shape;
        }
        out.putByte(0);
        out.putVariable(shape.name.length);
        out.write(shape.name, 0, shape.name.length);
        out.putInt(shape.fingerprint);
    }

    private void writeObject(Object value, Shape shape) throws IOException {
        if (shape.tag == Tags.OTHER) {
            throw new NotCompactException("type");
        }
        if (shape.tag == Tags.RECORD && !shape.record().holdsOthers()) {
            enter();
            out.putByte(Tags.RECORD);
            writeClass(shape);
            shape.record().write(this, value);
            depth--;
            return;
        }
        int before = begun.find(value);
        if (before >= 0) {
            writeBack(value, shape, begun.number(before));
            return;
        }
        int index = begun.add(value);
        enter();
        writeContent(value, shape);
        depth--;
        begun.setNumber(index, ended++);
    }

    private void enter() throws NotCompactException {
        if (++depth > Tags.DEPTH_LIMIT) {
            throw new NotCompactException("depth");
        }
    }

    private void writeBack(Object value, Shape shape, int number) throws IOException {
        if (number < 0) {
            if (shape.tag == Tags.RECORD) {
                // Java serialization would put null there, without a word.
                throw new UnwritableException("contains itself, which no record can that is made by its constructor", value);
            }
            throw new NotCompactException("cycle");
        }
        out.putByte(Tags.BACK);
        out.putVariable(number);
    }

    private void writeContent(Object value, Shape shape) throws IOException {
        out.putByte(shape.tag == Tags.RECORD ? Tags.SHARED_RECORD : shape.tag);
        switch (shape.tag) {
            case Tags.RECORD -> {
                writeClass(shape);
                shape.record().write(this, value);
            }
            case Tags.OBJECTS -> writeArray((Object[]) value);
            case Tags.TREE_SET -> {
                requireNaturalOrder(((SortedSet<?>) value).comparator());
                writeElements((Collection<?>) value);
            }
            case Tags.TREE_MAP -> {
                requireNaturalOrder(((SortedMap<?, ?>) value).comparator());
                writeEntries((Map<?, ?>) value);
            }
            case Tags.LINKED_HASH_MAP -> {
                requireInsertionOrder(value);
                writeEntries((Map<?, ?>) value);
            }
            case Tags.HASH_MAP, Tags.FIXED_MAP -> writeEntries((Map<?, ?>) value);
            case Tags.ARRAY_LIST, Tags.FIXED_LIST, Tags.HASH_SET, Tags.LINKED_HASH_SET, Tags.FIXED_SET -> writeElements((Collection<?>) value);
            default -> writeNumbers(value, shape.tag);
        }
    }

    private static void requireNaturalOrder(@Nullable Object comparator) throws NotCompactException {
        if (comparator != null) {
            throw new NotCompactException("comparator");
        }
    }

    private static void requireInsertionOrder(Object map) throws NotCompactException {
        if ((boolean) Objects.requireNonNull(Reflection.get(AccessOrder.FIELD, map))) {
            throw new NotCompactException("access order");
        }
    }

    private void writeArray(Object[] array) throws IOException {
        writeClass(Shape.of(array.getClass().getComponentType()));
        out.putVariable(array.length);
        for (Object element : array) {
            writeValue(element);
        }
    }

    private void writeElements(Collection<?> elements) throws IOException {
        int left = elements.size();
        out.putVariable(left);
        for (Object element : elements) {
            writeValue(element);
            left--;
        }
        requireUnchanged(left);
    }

    private void writeEntries(Map<?, ?> map) throws IOException {
        int left = map.size();
        out.putVariable(left);
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            writeValue(entry.getKey());
            writeValue(entry.getValue());
            left--;
        }
        requireUnchanged(left);
    }

    private static void requireUnchanged(int left) {
        if (left != 0) {
            throw new ConcurrentModificationException("a collection was changed by another thread while it was encoded");
        }
    }

    private void writeNumbers(Object array, int tag) throws NotCompactException {
        switch (tag) {
            case Tags.BOOLEANS -> writeBooleans((boolean[]) array);
            case Tags.BYTES -> {
                byte[] bytes = (byte[]) array;
                out.putVariable(bytes.length);
                out.write(bytes, 0, bytes.length);
            }
            case Tags.SHORTS -> {
                out.putVariable(((short[]) array).length);
                out.putShorts((short[]) array);
            }
            case Tags.CHARS -> {
                out.putVariable(((char[]) array).length);
                out.putChars((char[]) array);
            }
            case Tags.INTS -> {
                out.putVariable(((int[]) array).length);
                out.putInts((int[]) array);
            }
            case Tags.LONGS -> {
                out.putVariable(((long[]) array).length);
                out.putLongs((long[]) array);
            }
            case Tags.FLOATS -> {
                out.putVariable(((float[]) array).length);
                out.putFloats((float[]) array);
            }
            case Tags.DOUBLES -> {
                out.putVariable(((double[]) array).length);
                out.putDoubles((double[]) array);
            }
            default -> throw new NotCompactException("type");
        }
    }

    private void writeBooleans(boolean[] array) {
        out.putVariable(array.length);
        for (boolean element : array) {
            write(element);
        }
    }

    /** Apart, so that it is looked up only where such a map travels. */
    private static final class AccessOrder {

        static final Field FIELD = find();

        private static Field find() {
            try {
                return LinkedHashMap.class.getDeclaredField("accessOrder");
            } catch (NoSuchFieldException anotherJdk) {
                throw new ExceptionInInitializerError(anotherJdk);
            }
        }
    }
}
