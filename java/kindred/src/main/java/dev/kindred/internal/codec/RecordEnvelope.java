// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.codec;

import dev.kindred.internal.os.Reflection;
import java.io.InvalidClassException;
import java.io.ObjectStreamException;
import java.io.Serial;
import java.io.Serializable;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How a record that is not serializable travels in a stream of Java serialization.
 *
 * @param type       its class
 * @param components what it consists of
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
record RecordEnvelope(Class<?> type, @Nullable Object[] components) implements Serializable {

    static RecordEnvelope of(Object value) {
        Class<?> type = value.getClass();
        RecordComponent[] described = type.getRecordComponents();
        @Nullable Object[] components = new Object[described.length];
        for (int i = 0; i < described.length; i++) {
            try {
                components[i] = Reflection.get(type.getDeclaredField(described[i].getName()), value);
            } catch (NoSuchFieldException impossible) {
                throw new IllegalStateException("record " + type.getName() + " has no field " + described[i].getName(), impossible);
            }
        }
        return new RecordEnvelope(type, components);
    }

    @Serial
    private Object readResolve() throws ObjectStreamException {
        if (!type.isRecord() || Serializable.class.isAssignableFrom(type)) {
            throw new InvalidClassException(type.getName(), "is no record that travels so");
        }
        Class<?>[] types = Arrays.stream(type.getRecordComponents()).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            return Reflection.construct(type.getDeclaredConstructor(types), components);
        } catch (ReflectiveOperationException | RuntimeException refused) {
            InvalidClassException failure = new InvalidClassException(type.getName(), "cannot be made of what arrived: " + refused);
            failure.initCause(refused);
            throw failure;
        }
    }
}
