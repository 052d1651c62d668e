// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.memory;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes the types of structs from records: where each component lies, and how it is called in C. */
final class RecordStructs {

    /** The C types of components, and of the elements of arrays, without an annotation. */
    private static final Map<Class<?>, CType> TYPES = Map.of(
            byte.class, CType.SIGNED_CHAR,
            short.class, CType.SHORT,
            char.class, CType.UNSIGNED_SHORT,
            boolean.class, CType.UNSIGNED_CHAR,
            int.class, CType.INT,
            long.class, CType.LONG_LONG,
            float.class, CType.FLOAT,
            double.class, CType.DOUBLE);

    private RecordStructs() {}

    static <R extends Record> StructType<R> create(Class<R> record) {
        List<StructMember> members = new ArrayList<>();
        long end = 0;
        for (RecordComponent component : record.getRecordComponents()) {
            StructMember member = member(component);
            members.add(member.at(StructType.roundUp(end, member.alignment())));
            end = members.getLast().end();
        }
        return StructType.create(record.getSimpleName(), members, new RecordCodec<>(record, members), record);
    }

    private static StructMember member(RecordComponent component) {
        Class<?> type = component.getType();
        if (type.isRecord()) {
            boolean plain = component.getAnnotations().length == 0;
            require(plain, component, "a nested record has no annotations");
            return new StructMember(component.getName(), 0, null, StructType.of(type.asSubclass(Record.class)),
                    StructMember.SINGLE);
        }
        return new StructMember(component.getName(), 0, number(component), null, length(component));
    }

    private static CType number(RecordComponent component) {
        Class<?> type = component.getType();
        StoredAs stored = component.getAnnotation(StoredAs.class);
        if (type == String.class) {
            require(stored == null, component, "a String is always of type " + CType.CHAR);
            return CType.CHAR;
        }
        Class<?> element = type.isArray() ? type.componentType() : type;
        CType usual = TYPES.get(element);
        if (usual == null || (type.isArray() && !RecordCodec.readsArraysOf(element))) {
            throw refused(component, type.getTypeName() + " is no type of C: components are numbers, chars, booleans, "
                    + "records, Strings, and arrays of byte, int, long, float and double");
        }
        if (stored == null) {
            return usual;
        }
        boolean integer = element == int.class || element == long.class;
        boolean fits = stored.value() == usual || (stored.value().isInteger() ? integer : element == double.class);
        require(fits, component, "it cannot be stored as " + stored.value());
        return stored.value();
    }

    private static long length(RecordComponent component) {
        FixedLength length = component.getAnnotation(FixedLength.class);
        boolean several = component.getType().isArray() || component.getType() == String.class;
        require(several || length == null, component, "only arrays and Strings have a @FixedLength");
        require(!several || length != null, component, "it needs a @FixedLength");
        if (length == null) {
            return StructMember.SINGLE;
        }
        require(length.value() > 0, component, "its length must be positive, not " + length.value());
        return length.value();
    }

    private static void require(boolean condition, RecordComponent component, String why) {
        if (!condition) {
            throw refused(component, why);
        }
    }

    private static IllegalArgumentException refused(RecordComponent component, String why) {
        return new IllegalArgumentException("component '" + component.getName() + "' of record "
                + component.getDeclaringRecord().getName() + " cannot be in a shared struct: " + why);
    }
}
