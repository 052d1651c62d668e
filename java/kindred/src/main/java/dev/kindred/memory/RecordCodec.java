// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.memory;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

import dev.kindred.internal.space.Block;

/**
 * Reads structs as records and writes records as structs, component by component, by handles that are put together
 * once, so that no number is boxed on its way.
 *
 * @param <R> the record's type
 */
final class RecordCodec<R extends Record> implements StructCodec<R> {

    private static final Set<Class<?>> ELEMENTS = Set.of(byte.class, int.class, long.class, float.class, double.class);

    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    private final Class<R> record;

    /** Makes a record of the struct at an offset of a block: {@code (Block, long)Object}. */
    private final MethodHandle reader;

    /**
     * Each writes one component of a record to the struct at an offset of a block: {@code (Block, long, Object)void}.
     */
    private final MethodHandle[] writers;

    RecordCodec(Class<R> record, List<StructMember> members) {
        this.record = record;
        RecordComponent[] components = record.getRecordComponents();
        this.writers = new MethodHandle[components.length];
        try {
            RecordCodec.class.getModule().addReads(record.getModule());
            MethodHandles.Lookup inside = MethodHandles.privateLookupIn(record, LOOKUP);
            Class<?>[] types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            MethodHandle constructor = inside.findConstructor(record, MethodType.methodType(void.class, types));
            int[] order = new int[2 * components.length];
            for (int index = 0; index < components.length; index++) {
                StructMember member = members.get(index);
                // Each component takes a block and an offset now; all get the same two.
                constructor = MethodHandles.collectArguments(constructor, 2 * index, reader(types[index], member));
                order[2 * index + 1] = 1;
                MethodHandle accessor = inside.unreflect(components[index].getAccessor());
                writers[index] = MethodHandles.collectArguments(writer(types[index], member), 2, accessor)
                        .asType(MethodType.methodType(void.class, Block.class, long.class, Object.class));
            }
            MethodType shared = MethodType.methodType(record, Block.class, long.class);
            this.reader = MethodHandles.permuteArguments(constructor, shared, order)
                    .asType(shared.changeReturnType(Object.class));
        } catch (IllegalAccessException inaccessible) {
            throw new IllegalArgumentException("record " + record.getName() + " cannot be accessed: open package "
                    + record.getPackageName() + " to module dev.kindred", inaccessible);
        } catch (NoSuchMethodException impossible) {
            throw new IllegalStateException("record " + record.getName() + " has no canonical constructor", impossible);
        }
    }

    /** {@return whether an array of such elements can be a component} */
    static boolean readsArraysOf(Class<?> element) {
        return ELEMENTS.contains(element);
    }

    @Override
    public R read(Block block, long offset) {
        try {
            return record.cast((Object) reader.invokeExact(block, offset));
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable checked) {
            throw new IllegalStateException("the constructor of " + record.getName() + " failed", checked);
        }
    }

    @Override
    public void write(Block block, long offset, R value) {
        try {
            for (MethodHandle writer : writers) {
                writer.invokeExact(block, offset, (Object) value);
            }
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable checked) {
            throw new IllegalStateException("an accessor of " + record.getName() + " failed", checked);
        }
    }

    /** {@return what reads a component: {@code (Block, long)type}} */
    private static MethodHandle reader(Class<?> type, StructMember member)
            throws NoSuchMethodException, IllegalAccessException {
        Class<?> general = type.isRecord() ? Record.class : type;
        String name = "read" + suffix(general);
        MethodHandle method = LOOKUP.findStatic(StructFields.class, name,
                MethodType.methodType(general, StructMember.class, Block.class, long.class));
        return method.bindTo(member).asType(MethodType.methodType(type, Block.class, long.class));
    }

    /** {@return what writes a component: {@code (Block, long, type)void}} */
    private static MethodHandle writer(Class<?> type, StructMember member)
            throws NoSuchMethodException, IllegalAccessException {
        Class<?> general = type.isRecord() ? Record.class : type;
        MethodHandle method = LOOKUP.findStatic(StructFields.class, "write",
                MethodType.methodType(void.class, StructMember.class, Block.class, long.class, general));
        return method.bindTo(member).asType(MethodType.methodType(void.class, Block.class, long.class, type));
    }

    private static String suffix(Class<?> type) {
        String simple = type.isArray() ? type.componentType().getSimpleName() + "s" : type.getSimpleName();
        return Character.toUpperCase(simple.charAt(0)) + simple.substring(1);
    }
}
