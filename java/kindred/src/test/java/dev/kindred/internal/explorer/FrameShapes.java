// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.explorer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.StackWalker.StackFrame;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.util.HashMap;
import java.util.Map;

/**
 * What the slots of a frame hold at a call, as the class file says. The interpreter itself does not say it: half of a long, what is left of
 * a variable out of scope and the upper half of an int are anything.
 */
final class FrameShapes {

    /**
     * What the slots hold that still matter when a call returns or throws.
     *
     * @param locals   a kind for each local variable's slot, see {@link Kinds}; those that are not read any more hold nothing
     * @param operands a kind for each operand's slot, without those of the call
     */
    record Shape(char[] locals, char[] operands) {}

    private record Method(Class<?> holder, String name, String descriptor) {}

    private final Map<Class<?>, ClassModel> classes = new HashMap<>();
    private final Map<Method, Map<Integer, Shape>> methods = new HashMap<>();

    /** {@return what the slots hold of a frame that is in a call} */
    Shape shape(StackFrame frame) {
        Method method = new Method(frame.getDeclaringClass(), frame.getMethodName(), frame.getDescriptor());
        Map<Integer, Shape> shapes = methods.get(method);
        if (shapes == null) {
            shapes = new CodeShapes(find(method), code(method)).atCalls();
            methods.put(method, shapes);
        }
        return shapes.get(frame.getByteCodeIndex());
    }

    private CodeAttribute code(Method method) {
        return (CodeAttribute) find(method).code().orElseThrow();
    }

    private MethodModel find(Method method) {
        for (MethodModel candidate : classes.computeIfAbsent(method.holder(), FrameShapes::parse).methods()) {
            if (candidate.methodName().equalsString(method.name()) && candidate.methodType().equalsString(method.descriptor())) {
                return candidate;
            }
        }
        throw new ExplorerError("the class file has no such method: " + method);
    }

    private static ClassModel parse(Class<?> type) {
        String file = type.getName().substring(type.getPackageName().length() + 1) + ".class";
        try (InputStream in = type.getResourceAsStream(file)) {
            if (in == null) {
                throw new ExplorerError("no class file: " + type);
            }
            return ClassFile.of().parse(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
