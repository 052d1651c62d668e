// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.codec;

import dev.kindred.internal.os.DirectCalls;
import dev.kindred.internal.os.Reflection;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes records of one class and makes them again, component by component: their fields are read, as serialization reads them, and the canonical
 * constructor is called.
 *
 * <p>The first few go by reflection and JNI, which work at once; handles, which box nothing, are made for a class that comes more often, because
 * making the first ones takes a new JVM tens of milliseconds.
 */
final class RecordPlan {

    /** So many are written, and read, without handles. */
    private static final int COLD = 50;

    /** Handles take 255 arguments, of which long and double count twice. */
    private static final int COMPONENT_LIMIT = 100;

    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    private final Class<?> type;
    private final Field[] fields;
    private final MethodType constructor;

    /** Whether a component may hold what can be one with something else in the element. */
    private final boolean holdsOthers;

    /** {@code (Encoder, Object)void}, or null as long as it does not pay. */
    private volatile @Nullable MethodHandle writer;

    /** {@code (Decoder)Object}, or null as long as it does not pay. */
    private volatile @Nullable MethodHandle reader;

    /** How often it was used without; races do no harm. */
    private int uses;

    RecordPlan(Class<?> type) {
        this.type = type;
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        this.constructor = MethodType.methodType(void.class, types);
        this.fields = new Field[components.length];
        for (int i = 0; i < components.length; i++) {
            fields[i] = field(type, components[i].getName());
        }
        this.holdsOthers = !Arrays.stream(types).allMatch(RecordPlan::isLeaf);
    }

    private static Field field(Class<?> type, String name) {
        try {
            return type.getDeclaredField(name);
        } catch (NoSuchFieldException impossible) {
            throw new IllegalStateException("record " + type.getName() + " has no field " + name, impossible);
        }
    }

    private static boolean isLeaf(Class<?> component) {
        return component.isPrimitive() || component == String.class || component.isEnum()
                || (component.isArray() && component.componentType().isPrimitive())
                || MethodType.methodType(component).unwrap().returnType().isPrimitive();
    }

    /** {@return what differs, most likely, between classes of one name whose components differ} */
    int fingerprint() {
        int hash = constructor.toMethodDescriptorString().hashCode();
        for (Field field : fields) {
            hash = 31 * hash + field.getName().hashCode();
        }
        return hash;
    }

    boolean holdsOthers() {
        return holdsOthers;
    }

    void write(Encoder to, Object value) throws IOException {
        MethodHandle handle = writer;
        if (handle == null) {
            writeCold(to, value);
            return;
        }
        try {
            handle.invokeExact(to, value);
        } catch (IOException | RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw new IllegalStateException("a field of " + type.getName() + " cannot be read", impossible);
        }
    }

    Object read(Decoder from) throws Throwable {
        MethodHandle handle = reader;
        if (handle == null) {
            return readCold(from);
        }
        return (Object) handle.invokeExact(from);
    }

    private void writeCold(Encoder to, Object value) throws IOException {
        for (int i = 0; i < fields.length; i++) {
            Object content = Reflection.get(fields[i], value);
            if (constructor.parameterType(i).isPrimitive()) {
                to.writeNumber(Objects.requireNonNull(content));
            } else {
                to.writeValue(content);
            }
        }
        warm();
    }

    private Object readCold(Decoder from) throws IOException, ClassNotFoundException {
        long[] numbers = new long[fields.length];
        @Nullable Object[] objects = new Object[fields.length];
        for (int i = 0; i < fields.length; i++) {
            Class<?> component = constructor.parameterType(i);
            if (component.isPrimitive()) {
                numbers[i] = from.readNumber(component.descriptorString().charAt(0));
            } else {
                objects[i] = from.readValue();
            }
        }
        Object made = DirectCalls.construct(type, constructor, numbers, objects);
        warm();
        return made;
    }

    private void warm() {
        if (++uses == COLD && fields.length <= COMPONENT_LIMIT) {
            makeHandles();
        }
    }

    private void makeHandles() {
        try {
            writer = makeWriter();
            reader = makeReader(type.getDeclaredConstructor(constructor.parameterArray()));
        } catch (NoSuchMethodException | IllegalAccessException impossible) {
            throw new IllegalStateException("record " + type.getName() + " has no canonical constructor", impossible);
        }
    }

    private MethodHandle makeWriter() throws NoSuchMethodException, IllegalAccessException {
        MethodType shared = MethodType.methodType(void.class, Encoder.class, Object.class);
        MethodHandle all = MethodHandles.empty(shared);
        for (int i = fields.length - 1; i >= 0; i--) {
            Class<?> carrier = carrier(constructor.parameterType(i));
            MethodHandle write = LOOKUP.findVirtual(Encoder.class, writeName(carrier), MethodType.methodType(void.class, carrier));
            MethodHandle getter = Reflection.getter(fields[i]);
            MethodHandle typed = write.asType(write.type().changeParameterType(1, constructor.parameterType(i)));
            MethodHandle one = MethodHandles.collectArguments(typed, 1, getter).asType(shared);
            all = MethodHandles.foldArguments(all, one);
        }
        return all;
    }

    private MethodHandle makeReader(Constructor<?> canonical) throws NoSuchMethodException, IllegalAccessException {
        MethodHandle make = Reflection.constructor(canonical);
        // What is added last is called first: from the last component to the first one, to read them in their order.
        for (int i = fields.length - 1; i >= 0; i--) {
            Class<?> carrier = carrier(constructor.parameterType(i));
            MethodHandle read = LOOKUP.findVirtual(Decoder.class, readName(carrier), MethodType.methodType(carrier));
            make = MethodHandles.collectArguments(make, i, read.asType(read.type().changeReturnType(constructor.parameterType(i))));
        }
        MethodHandle shared = MethodHandles.permuteArguments(make, MethodType.methodType(type, Decoder.class), new int[fields.length]);
        return shared.asType(MethodType.methodType(Object.class, Decoder.class));
    }

    private static Class<?> carrier(Class<?> component) {
        return component.isPrimitive() || component == String.class ? component : Object.class;
    }

    private static String writeName(Class<?> carrier) {
        return carrier.isPrimitive() ? "write" : carrier == String.class ? "writeText" : "writeValue";
    }

    private static String readName(Class<?> carrier) {
        String name = carrier.getName();
        return carrier.isPrimitive() ? "read" + Character.toUpperCase(name.charAt(0)) + name.substring(1)
                : carrier == String.class ? "readText" : "readValue";
    }
}
