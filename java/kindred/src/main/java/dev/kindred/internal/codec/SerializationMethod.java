// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.codec;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Objects;

/** A method by which a serializable class puts one object in the place of another. */
public enum SerializationMethod {
    /** By which an object gives way to what travels for it. */
    WRITE_REPLACE("writeReplace"),
    /** By which what arrived gives way to what it stands for. */
    READ_RESOLVE("readResolve");

    private final String methodName;

    SerializationMethod(String methodName) {
        this.methodName = methodName;
    }

    /** {@return whether objects of a class have it, by the rules of serialization} */
    public boolean isOf(Class<?> type) {
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            try {
                Method method = at.getDeclaredMethod(methodName);
                return method.getReturnType() == Object.class && holdsFor(type, method);
            } catch (NoSuchMethodException inherited) {
                // Looked for above.
            }
        }
        return false;
    }

    private static boolean holdsFor(Class<?> type, Method method) {
        int modifiers = method.getModifiers();
        if (Modifier.isStatic(modifiers) || Modifier.isAbstract(modifiers)) {
            return false;
        }
        if (Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers)) {
            return true;
        }
        Class<?> declaring = method.getDeclaringClass();
        return declaring.equals(type) || (!Modifier.isPrivate(modifiers) && areInOnePackage(declaring, type));
    }

    private static boolean areInOnePackage(Class<?> one, Class<?> other) {
        return Objects.equals(one.getClassLoader(), other.getClassLoader())
                && one.getPackageName().equals(other.getPackageName());
    }
}
