// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.codec;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What is known of a class: how its objects are written, and how it is named. Found out once. */
final class Shape {

    /** Of exactly these classes; what a subclass adds would be lost. */
    private static final Map<Class<?>, Integer> KNOWN = known();

    private static final byte[] NAMELESS = {};

    private static final ClassValue<Shape> SHAPES = new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
            return new Shape(type);
        }
    };

    final Class<?> type;

    /** One of the {@link Tags}. */
    final int tag;

    /** The name in Latin-1, empty if it cannot be found again by its name. */
    final byte[] name;

    /** Differs where the components of a record differ; 0 for other classes. */
    final int fingerprint;

    /** Of a record. */
    private final @Nullable RecordPlan record;

    /** Of an enum, in their order. */
    private final Enum<?>[] constants;

    /** Of an enum, in their order. */
    private final byte[][] constantNames;

    private Shape(Class<?> type) {
        this.type = type;
        this.tag = tag(type);
        this.name = name(type);
        this.record = tag == Tags.RECORD ? new RecordPlan(type) : null;
        this.fingerprint = record == null ? 0 : record.fingerprint();
        this.constants = type.isEnum() ? (Enum<?>[]) type.getEnumConstants() : new Enum<?>[0];
        this.constantNames = new byte[constants.length][];
        for (int i = 0; i < constants.length; i++) {
            constantNames[i] = constants[i].name().getBytes(StandardCharsets.UTF_8);
        }
    }

    static Shape of(Class<?> type) {
        return SHAPES.get(type);
    }

    private static Map<Class<?>, Integer> known() {
        Map<Class<?>, Integer> tags = new HashMap<>();
        tags.put(ArrayList.class, Tags.ARRAY_LIST);
        tags.put(List.of().getClass(), Tags.FIXED_LIST);
        tags.put(List.of(1).getClass(), Tags.FIXED_LIST);
        tags.put(HashSet.class, Tags.HASH_SET);
        tags.put(LinkedHashSet.class, Tags.LINKED_HASH_SET);
        tags.put(TreeSet.class, Tags.TREE_SET);
        tags.put(Set.of().getClass(), Tags.FIXED_SET);
        tags.put(Set.of(1).getClass(), Tags.FIXED_SET);
        tags.put(HashMap.class, Tags.HASH_MAP);
        tags.put(LinkedHashMap.class, Tags.LINKED_HASH_MAP);
        tags.put(TreeMap.class, Tags.TREE_MAP);
        tags.put(Map.of().getClass(), Tags.FIXED_MAP);
        tags.put(Map.of(1, 1).getClass(), Tags.FIXED_MAP);
        tags.put(boolean[].class, Tags.BOOLEANS);
        tags.put(byte[].class, Tags.BYTES);
        tags.put(short[].class, Tags.SHORTS);
        tags.put(char[].class, Tags.CHARS);
        tags.put(int[].class, Tags.INTS);
        tags.put(long[].class, Tags.LONGS);
        tags.put(float[].class, Tags.FLOATS);
        tags.put(double[].class, Tags.DOUBLES);
        return tags;
    }

    private static int tag(Class<?> type) {
        Integer known = KNOWN.get(type);
        if (known != null) {
            return known;
        }
        if (type.isArray()) {
            return Tags.OBJECTS;
        }
        if (type.isRecord()) {
            return isReplaced(type) || type.isHidden() ? Tags.OTHER : Tags.RECORD;
        }
        return type.isEnum() ? Tags.ENUM : Tags.OTHER;
    }

    /** {@return whether serialization would write or read something else in the place of a record} */
    private static boolean isReplaced(Class<?> type) {
        return Serializable.class.isAssignableFrom(type)
                && (SerializationMethod.WRITE_REPLACE.isOf(type) || SerializationMethod.READ_RESOLVE.isOf(type));
    }

    private static byte[] name(Class<?> type) {
        String name = type.getName();
        boolean isLatin1 = name.chars().allMatch(c -> c <= 0xff);
        return isLatin1 && !type.isHidden() && !type.isPrimitive() ? name.getBytes(StandardCharsets.ISO_8859_1) : NAMELESS;
    }

    RecordPlan record() throws UnreadableException {
        if (record == null) {
            throw new UnreadableException(type.getName() + " is no record that travels by its components", type.getName(), null);
        }
        return record;
    }

    @SuppressWarnings("EnumOrdinal") // A place in an array of this process; the name travels too.
    byte[] constantName(Enum<?> constant) {
        return constantNames[constant.ordinal()];
    }

    /** Reads the name of a constant, which most likely has the index that it had where it was written. */
    Enum<?> readConstant(ByteSource in, long index) throws UnreadableException {
        int length = in.getCount(1);
        if (index >= 0 && index < constants.length && isNext(in, length, (int) index)) {
            return constants[(int) index];
        }
        for (int i = 0; i < constants.length; i++) {
            if (isNext(in, length, i)) {
                return constants[i];
            }
        }
        String missing = new String(in.getBytes(length), StandardCharsets.UTF_8);
        throw new UnreadableException("enum " + type.getName() + " has no constant " + missing + " here", type.getName(), null);
    }

    private boolean isNext(ByteSource in, int length, int index) {
        return constantNames[index].length == length && in.skipIfEqual(constantNames[index]);
    }
}
