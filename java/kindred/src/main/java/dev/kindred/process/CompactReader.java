// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import dev.kindred.internal.os.DirectCalls;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads tasks in the {@link CompactFormat}. They are trusted as the parent is. */
final class CompactReader {

    private static final @Nullable ClassLoader LOADER = CompactReader.class.getClassLoader();

    private final DataInputStream in;
    private final List<@Nullable Object> read = new ArrayList<>();

    private CompactReader(byte[] task) {
        in = new DataInputStream(new ByteArrayInputStream(task, 1, task.length - 1));
    }

    /** {@return whether a task is in this format} */
    static boolean canRead(byte[] task) {
        return task.length > 0 && task[0] == CompactFormat.MARK;
    }

    static ChildTask readTask(byte[] task) throws IOException, ClassNotFoundException {
        Object value = new CompactReader(task).readValue();
        if (value instanceof ChildTask read) {
            return read;
        }
        throw new StreamCorruptedException("the parent sent " + value + " instead of a task");
    }

    private @Nullable Object readValue() throws IOException, ClassNotFoundException {
        int tag = in.readUnsignedByte();
        return switch (tag) {
            case CompactFormat.NULL -> null;
            case CompactFormat.BACK -> read.get(in.readInt());
            case CompactFormat.TEXT -> remember(in.readUTF());
            case CompactFormat.LAMBDA -> remember(readLambda());
            case CompactFormat.RECORD -> remember(readRecord());
            case CompactFormat.ENUM -> DirectCalls.enumConstant(readClass(), in.readUTF());
            case CompactFormat.CLASS -> readClass();
            case CompactFormat.NUMBER -> readBoxed(in.readByte());
            default -> throw new StreamCorruptedException("a task of the parent's has a value of unknown kind " + tag);
        };
    }

    private @Nullable Object remember(@Nullable Object value) {
        read.add(value);
        return value;
    }

    private Class<?> readClass() throws IOException, ClassNotFoundException {
        return Class.forName(in.readUTF(), false, LOADER);
    }

    private Object readLambda() throws IOException, ClassNotFoundException {
        Class<?> capturing = readClass();
        String functionalInterface = in.readUTF();
        String method = in.readUTF();
        String signature = in.readUTF();
        int kind = in.readByte();
        String body = in.readUTF();
        String bodyMethod = in.readUTF();
        String bodySignature = in.readUTF();
        String signatureAtCall = in.readUTF();
        @Nullable Object[] captured = new Object[in.readUnsignedByte()];
        for (int i = 0; i < captured.length; i++) {
            captured[i] = readValue();
        }
        return DirectCalls.deserializeLambda(capturing, new SerializedLambda(capturing, functionalInterface, method, signature,
                kind, body, bodyMethod, bodySignature, signatureAtCall, captured));
    }

    private @Nullable Object readRecord() throws IOException, ClassNotFoundException {
        Class<?> type = readClass();
        MethodType constructor = MethodType.fromMethodDescriptorString(in.readUTF(), LOADER);
        boolean resolves = in.readBoolean();
        int count = constructor.parameterCount();
        long[] numbers = new long[count];
        @Nullable Object[] objects = new Object[count];
        for (int i = 0; i < count; i++) {
            Class<?> component = constructor.parameterType(i);
            if (component.isPrimitive()) {
                numbers[i] = readNumber(component.descriptorString().charAt(0));
            } else {
                objects[i] = readValue();
            }
        }
        Object made = DirectCalls.construct(type, constructor, numbers, objects);
        return resolves ? DirectCalls.readResolve(made) : made;
    }

    /** {@return a number, or its bits} */
    private long readNumber(int type) throws IOException {
        return switch (type) {
            case 'Z' -> in.readBoolean() ? 1 : 0;
            case 'B' -> in.readByte();
            case 'C' -> in.readChar();
            case 'S' -> in.readShort();
            case 'I', 'F' -> in.readInt();
            default -> in.readLong();
        };
    }

    private Object readBoxed(int type) throws IOException {
        long number = readNumber(type);
        return switch (type) {
            case 'Z' -> number != 0;
            case 'B' -> (byte) number;
            case 'C' -> (char) number;
            case 'S' -> (short) number;
            case 'I' -> (int) number;
            case 'J' -> number;
            case 'F' -> Float.intBitsToFloat((int) number);
            case 'D' -> Double.longBitsToDouble(number);
            default -> throw new StreamCorruptedException("a task of the parent's has a number of unknown type " + type);
        };
    }
}
