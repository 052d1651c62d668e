// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.explorer;

import java.lang.StackWalker.StackFrame;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All on which it depends what an actor does next, apart from the answers it will get: for each frame of its code the method, the place in
 * it, and the variables and operands that are still to be read, with all objects that can be reached from them. Objects count by what they
 * hold and by which are the same, not by their identity.
 *
 * <p>So two local states that are equal behave equally from there on, provided that the code is deterministic, keeps nothing in static
 * fields that changes, and asks for the rest of the world through objects of the explorer. A run that does not find in its stack what the
 * class file promises, or an object of whose inside nothing is known, is an error.
 */
final class LocalState {

    private final long[] content;
    private final int hash;

    private LocalState(long[] content) {
        this.content = content;
        this.hash = Arrays.hashCode(content);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LocalState state && hash == state.hash && Arrays.equals(content, state.content);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** Reads the local states of actors. What it numbers, it numbers for as long as it lives. */
    static final class Reader {

        private final FrameShapes shapes = new FrameShapes();
        private final Set<String> ignored;
        private final Map<Object, Integer> numbers = new HashMap<>();
        private final Map<Class<?>, Field[]> fields = new HashMap<>();
        private final IdentityHashMap<Object, Integer> seen = new IdentityHashMap<>();
        private long[] content = new long[256];
        private int length;

        /**
         * A reader.
         *
         * @param ignored fields that change nothing, as {@code SimpleName.field}
         */
        Reader(Set<String> ignored) {
            this.ignored = ignored;
        }

        /** {@return the local state of the calling thread, whose frames these are} */
        LocalState read(List<StackFrame> frames) {
            length = 0;
            seen.clear();
            for (StackFrame frame : frames) {
                append(number(frame.getDeclaringClass()));
                append(number(frame.getMethodName() + frame.getDescriptor()));
                append(frame.getByteCodeIndex());
                FrameShapes.Shape shape = shapes.shape(frame);
                if (shape == null) {
                    throw new ExplorerError(frame + " is not at a call");
                }
                appendSlots(frame, shape.locals(), StackReader.locals(frame));
                appendSlots(frame, shape.operands(), StackReader.operands(frame));
            }
            return new LocalState(Arrays.copyOf(content, length));
        }

        private void appendSlots(StackFrame frame, char[] kinds, Object[] slots) {
            if (kinds.length != slots.length) {
                throw new ExplorerError(frame + " has " + slots.length + " slots, but its class file says " + kinds.length);
            }
            for (int i = 0; i < kinds.length; i++) {
                switch (kinds[i]) {
                    case Kinds.NOTHING -> { }
                    case Kinds.INT, Kinds.FLOAT -> append((int) StackReader.primitive(slots[i]));
                    case Kinds.LONG, Kinds.DOUBLE -> append(StackReader.primitive(slots[i]));
                    default -> appendObject(slots[i]);
                }
            }
        }

        private void append(long value) {
            if (length == content.length) {
                content = Arrays.copyOf(content, length * 2);
            }
            content[length++] = value;
        }

        private int number(Object what) {
            return numbers.computeIfAbsent(what, _ -> numbers.size() + 1);
        }

        private void appendObject(Object object) {
            if (object == null) {
                append(0);
                return;
            }
            Integer before = seen.putIfAbsent(object, seen.size());
            if (before != null) {
                append(-1 - before);
                return;
            }
            append(number(object.getClass()));
            switch (object) {
                case Simulated simulated -> append(simulated.identity());
                case String text -> append(number(text));
                case Class<?> type -> append(number(type));
                case Enum<?> constant -> append(constant.ordinal());
                case Number _, Boolean _, Character _ -> append(primitive(object));
                case Throwable thrown -> append(number(String.valueOf(thrown.getMessage())));
                // Its own, or one that scenario and explorer share and do not touch.
                case Thread _ -> { }
                case List<?> list -> appendAll(list.toArray());
                case ByteBuffer buffer when buffer.hasArray() -> {
                    append(buffer.position());
                    append(buffer.limit());
                    append(buffer.order() == ByteOrder.BIG_ENDIAN ? 1 : 0);
                    appendObject(buffer.array());
                }
                default -> appendContent(object);
            }
        }

        private static long primitive(Object box) {
            return switch (box) {
                case Double value -> Double.doubleToRawLongBits(value);
                case Float value -> Float.floatToRawIntBits(value);
                case Long _, Integer _, Short _, Byte _ -> ((Number) box).longValue();
                case Boolean value -> value ? 1 : 0;
                case Character value -> value;
                default -> throw unknown(box);
            };
        }

        private void appendAll(Object[] elements) {
            append(elements.length);
            for (Object element : elements) {
                appendObject(element);
            }
        }

        private void appendContent(Object object) {
            Class<?> type = object.getClass();
            if (object instanceof Object[] array) {
                appendAll(array);
            } else if (object instanceof int[] array) {
                appendInts(array);
            } else if (type.isArray()) {
                appendPrimitives(object);
            } else {
                for (Field field : fields.computeIfAbsent(type, this::fieldsOf)) {
                    appendField(object, field);
                }
            }
        }

        /** Those that are not zero: arrays of ints are long and mostly empty here. */
        private void appendInts(int[] array) {
            append(array.length);
            for (int i = 0; i < array.length; i++) {
                if (array[i] != 0) {
                    append(i);
                    append(array[i]);
                }
            }
            append(-1);
        }

        private void appendPrimitives(Object array) {
            int size = Array.getLength(array);
            append(size);
            for (int i = 0; i < size; i++) {
                append(primitive(Array.get(array, i)));
            }
        }

        private void appendField(Object object, Field field) {
            try {
                if (field.getType() == int.class) {
                    append(field.getInt(object));
                } else if (field.getType() == long.class) {
                    append(field.getLong(object));
                } else if (field.getType().isPrimitive()) {
                    append(primitive(field.get(object)));
                } else {
                    appendObject(field.get(object));
                }
            } catch (IllegalAccessException e) {
                throw new ExplorerError("cannot read " + field, e);
            }
        }

        private Field[] fieldsOf(Class<?> type) {
            List<Field> found = new ArrayList<>();
            for (Class<?> holder = type; holder != Object.class && holder != Record.class; holder = holder.getSuperclass()) {
                for (Field field : holder.getDeclaredFields()) {
                    if (!Modifier.isStatic(field.getModifiers()) && !ignored.contains(holder.getSimpleName() + "." + field.getName())) {
                        if (!holder.getName().startsWith("dev.kindred.")) {
                            throw unknown(type);
                        }
                        field.setAccessible(true);
                        found.add(field);
                    }
                }
            }
            return found.toArray(Field[]::new);
        }

        private static ExplorerError unknown(Object what) {
            return new ExplorerError("the explorer does not know how to look into what an actor holds: " + what);
        }
    }
}
