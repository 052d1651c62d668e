// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import dev.kindred.SystemCallException;
import dev.kindred.internal.codec.SerializationMethod;
import dev.kindred.internal.os.DirectCalls;
import dev.kindred.internal.os.Reflection;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Field;
import java.lang.reflect.RecordComponent;
import java.util.IdentityHashMap;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes tasks in the {@link CompactFormat}, as far as they can be. */
final class CompactWriter {

    /** Deeper ones are left to Java serialization, and with them those that contain themselves. */
    private static final int DEPTH_LIMIT = 64;

    /** In characters; of each, writeUTF makes at most three bytes, of which it takes 65535. */
    private static final int TEXT_LIMIT = 65535 / 3;

    /** Says that the task must travel otherwise. */
    private static final class NotCompactException extends IOException {
        private static final long serialVersionUID = 1;

        NotCompactException(String what) {
            super(what);
        }

        @Override
        public Throwable fillInStackTrace() {
            return this; // it is no failure, and nobody sees it
        }
    }

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);
    /** The numbers of what is written, both of those who put another in their place and of these. */
    private final IdentityHashMap<Object, Integer> written = new IdentityHashMap<>();

    private int values;

    private CompactWriter() {}

    /**
     * {@return the task as bytes, or null if it cannot be written so} What it takes along may have been taken then, all
     * or in part.
     *
     * @throws SystemCallException if there is no descriptor for something that travels. Java serialization would be
     *                             no better off, and could, if used for the first time, not even open the JDK's own
     *                             files then, which it would remember for ever.
     */
    static byte @Nullable [] write(ChildTask task) {
        CompactWriter writer = new CompactWriter();
        try {
            writer.out.writeByte(CompactFormat.MARK);
            writer.writeValue(task, 0);
        } catch (SystemCallException limit) {
            throw limit;
        } catch (Exception e) { // anything that a writeReplace throws
            // Java serialization can write it, or finds what is wrong with it.
            return null;
        }
        return writer.bytes.toByteArray();
    }

    private void writeValue(@Nullable Object value, int depth) throws IOException {
        Integer before = written.get(value);
        if (value == null) {
            out.writeByte(CompactFormat.NULL);
        } else if (before != null) {
            writeBack(before);
        } else if (depth > DEPTH_LIMIT) {
            throw new NotCompactException("depth");
        } else if (!writeSimple(value)) {
            writeReplacement(value, replacement(value), depth);
        }
    }

    private void writeBack(int number) throws IOException {
        out.writeByte(CompactFormat.BACK);
        out.writeInt(number);
    }

    /** {@return whether it was one of those that hold nothing else} */
    private boolean writeSimple(Object value) throws IOException {
        if (value instanceof String text) {
            out.writeByte(CompactFormat.TEXT);
            writeText(text);
            written.put(text, values++);
        } else if (value instanceof Enum<?> constant) {
            writeConstant(constant);
        } else if (value instanceof Class<?> type) {
            out.writeByte(CompactFormat.CLASS);
            writeClass(type);
        } else {
            char type = numberType(value);
            if (type == 0) {
                return false;
            }
            out.writeByte(CompactFormat.NUMBER);
            out.writeByte(type);
            writeNumber(type, value);
        }
        return true;
    }

    /** {@return how a signature writes the primitive type of a boxed value, or 0 if it is none} */
    private static char numberType(Object value) {
        Class<?> primitive = MethodType.methodType(value.getClass()).unwrap().returnType();
        return primitive.isPrimitive() ? primitive.descriptorString().charAt(0) : 0;
    }

    private void writeNumber(char type, Object value) throws IOException {
        switch (type) {
            case 'Z' -> out.writeBoolean((Boolean) value);
            case 'B' -> out.writeByte((Byte) value);
            case 'C' -> out.writeChar((Character) value);
            case 'S' -> out.writeShort((Short) value);
            case 'I' -> out.writeInt((Integer) value);
            case 'J' -> out.writeLong((Long) value);
            case 'F' -> out.writeFloat((Float) value);
            case 'D' -> out.writeDouble((Double) value);
            default -> throw new NotCompactException("void");
        }
    }

    /** Only one whose field has its name, as all do that no tool has renamed: by the field it is found again. */
    private void writeConstant(Enum<?> constant) throws IOException {
        Class<?> type = constant.getDeclaringClass();
        try {
            Field field = type.getDeclaredField(constant.name());
            if (!field.isEnumConstant() || Reflection.get(field, constant) != constant) {
                throw new NotCompactException("constant");
            }
        } catch (NoSuchFieldException renamed) {
            throw new NotCompactException("constant");
        }
        out.writeByte(CompactFormat.ENUM);
        writeClass(type);
        writeText(constant.name());
    }

    private void writeClass(Class<?> type) throws IOException {
        if (type.isHidden() || type.isArray() || type.isPrimitive()
                || !TaskWriter.isKnownToChildren(type.getClassLoader())) {
            throw new NotCompactException("class");
        }
        writeText(type.getName());
    }

    private void writeText(String text) throws IOException {
        if (text.length() > TEXT_LIMIT) {
            throw new NotCompactException("length");
        }
        out.writeUTF(text);
    }

    /** {@return what the object puts in its place, or itself} */
    private static Object replacement(Object value) throws IOException {
        if (!(value instanceof Serializable) || !SerializationMethod.WRITE_REPLACE.isOf(value.getClass())) {
            return value;
        }
        Object replacement = DirectCalls.writeReplace(value);
        if (replacement == null || SerializationMethod.WRITE_REPLACE.isOf(replacement.getClass())) {
            throw new NotCompactException("replacement");
        }
        return replacement;
    }

    private void writeReplacement(Object original, Object value, int depth) throws IOException {
        Integer before = written.get(value);
        if (before != null) {
            writeBack(before); // two that put the same in their place become one
            written.put(original, before);
            return;
        }
        if (value instanceof SerializedLambda lambda) {
            writeLambda(original, lambda, depth);
        } else if (value instanceof Serializable && value.getClass().isRecord()) {
            writeRecord(value, depth);
        } else {
            throw new NotCompactException("type");
        }
        written.put(original, values);
        written.put(value, values++);
    }

    private void writeLambda(Object original, SerializedLambda lambda, int depth) throws IOException {
        out.writeByte(CompactFormat.LAMBDA);
        writeClass(capturingClass(original, lambda));
        writeText(lambda.getFunctionalInterfaceClass());
        writeText(lambda.getFunctionalInterfaceMethodName());
        writeText(lambda.getFunctionalInterfaceMethodSignature());
        out.writeByte(lambda.getImplMethodKind());
        writeText(lambda.getImplClass());
        writeText(lambda.getImplMethodName());
        writeText(lambda.getImplMethodSignature());
        writeText(lambda.getInstantiatedMethodType());
        int captured = lambda.getCapturedArgCount();
        out.writeByte(captured);
        for (int i = 0; i < captured; i++) {
            writeValue(lambda.getCapturedArg(i), depth + 1);
        }
    }

    /** A lambda's own class has the loader of the class in whose code it stands, by which that one's name means that one. */
    private static Class<?> capturingClass(Object original, SerializedLambda lambda) throws IOException {
        try {
            return Class.forName(lambda.getCapturingClass().replace('/', '.'), false, original.getClass().getClassLoader());
        } catch (ClassNotFoundException hidden) {
            throw new NotCompactException("hidden");
        }
    }

    private void writeRecord(Object value, int depth) throws IOException {
        Class<?> type = value.getClass();
        RecordComponent[] components = type.getRecordComponents();
        StringBuilder signature = new StringBuilder("(");
        for (RecordComponent component : components) {
            signature.append(component.getType().descriptorString());
        }
        out.writeByte(CompactFormat.RECORD);
        writeClass(type);
        writeText(signature.append(")V").toString());
        out.writeBoolean(SerializationMethod.READ_RESOLVE.isOf(type));
        for (RecordComponent component : components) {
            Object content = content(value, component);
            if (component.getType().isPrimitive()) {
                writeNumber(component.getType().descriptorString().charAt(0), Objects.requireNonNull(content));
            } else {
                writeValue(content, depth + 1);
            }
        }
    }

    private static @Nullable Object content(Object value, RecordComponent component) throws IOException {
        try {
            return Reflection.get(value.getClass().getDeclaredField(component.getName()), value);
        } catch (NoSuchFieldException impossible) {
            throw new NotCompactException("field");
        }
    }
}
