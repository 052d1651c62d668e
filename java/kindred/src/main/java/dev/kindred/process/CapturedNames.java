// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.LocalVariableInfo;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.AccessFlag;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The names of the variables that a lambda captured.
 *
 * <p>The compiler turns the lambda's body into a method whose first parameters are the captured variables. Their names
 * are in that method's table of local variables, if the class was compiled with one ({@code javac -g}, as Maven and
 * Gradle do).
 */
final class CapturedNames {

    private static final CapturedNames UNKNOWN = new CapturedNames(Map.of());

    private final Map<Integer, String> names;

    private CapturedNames(Map<Integer, String> names) {
        this.names = names;
    }

    static CapturedNames of(SerializedLambda lambda) {
        return body(lambda).map(method -> new CapturedNames(parameterNames(method, lambda))).orElse(UNKNOWN);
    }

    /** {@return a blank and the name in quotes, or nothing if it is not known} */
    String quoted(int index) {
        String name = names.get(index);
        return name == null ? "" : " '" + name + "'";
    }

    private static Optional<MethodModel> body(SerializedLambda lambda) {
        String resource = lambda.getImplClass() + ".class";
        try (InputStream in = CapturedNames.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                return Optional.empty();
            }
            ClassModel model = ClassFile.of().parse(in.readAllBytes());
            // A method reference captures what it is called on; its target's parameters are no captures.
            return model.methods().stream()
                    .filter(method -> method.methodName().equalsString(lambda.getImplMethodName())
                            && method.methodType().equalsString(lambda.getImplMethodSignature())
                            && method.flags().has(AccessFlag.SYNTHETIC))
                    .findFirst();
        } catch (IOException | IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    private static Map<Integer, String> parameterNames(MethodModel method, SerializedLambda lambda) {
        Map<Integer, String> bySlot = namesBySlot(method);
        Map<Integer, String> names = new HashMap<>();
        int index = 0;
        int slot = 0;
        if (lambda.getImplMethodKind() != MethodHandleInfo.REF_invokeStatic) {
            names.put(index++, "this");
            slot++;
        }
        for (var type : MethodTypeDesc.ofDescriptor(lambda.getImplMethodSignature()).parameterList()) {
            String name = bySlot.get(slot);
            if (name != null) {
                names.put(index, name);
            }
            index++;
            slot += TypeKind.from(type).slotSize();
        }
        return names;
    }

    /** The names of variables that are there from the method's beginning on: its parameters. */
    private static Map<Integer, String> namesBySlot(MethodModel method) {
        Map<Integer, String> names = new HashMap<>();
        method.findAttribute(Attributes.code())
                .flatMap(code -> code.findAttribute(Attributes.localVariableTable()))
                .ifPresent(table -> {
                    for (LocalVariableInfo variable : table.localVariables()) {
                        if (variable.startPc() == 0) {
                            names.put(variable.slot(), variable.name().stringValue());
                        }
                    }
                });
        return names;
    }
}
