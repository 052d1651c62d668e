// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.os;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * Reaches what Java does not let a library reach: the descriptor inside of a channel, the fields of a user's object
 * that an error message is to name. Modules need not be opened for it; it is as strong as the C layer it rests on, and
 * used where there is no other way.
 */
public final class Reflection {

    private Reflection() {}

    /**
     * {@return the value of a field}
     *
     * @param field  any field
     * @param target the object that has it
     */
    public static @Nullable Object get(Field field, Object target) {
        try {
            open(field);
            return field.get(target);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(field + " is out of reach", e);
        }
    }

    /**
     * {@return what a method returns}
     *
     * @param method    any method
     * @param target    the object to call it on, null for a static method
     * @param arguments what it gets
     * @throws IllegalStateException if it throws
     */
    public static @Nullable Object invoke(Method method, @Nullable Object target, @Nullable Object... arguments) {
        try {
            open(method);
            return method.invoke(target, arguments);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(method + " cannot be called", e);
        }
    }

    /**
     * {@return a new object}
     *
     * @param <T>         its type
     * @param constructor any constructor
     * @param arguments   what it gets
     * @throws IllegalStateException if it throws
     */
    public static <T> T construct(Constructor<T> constructor, @Nullable Object... arguments) {
        try {
            open(constructor);
            return constructor.newInstance(arguments);
        } catch (IllegalAccessException | InvocationTargetException | InstantiationException e) {
            throw new IllegalStateException(constructor + " cannot be called", e);
        }
    }

    /** {@return a handle that reads a field} Making the first handles takes a new JVM milliseconds. */
    public static MethodHandle getter(Field field) {
        try {
            open(field);
            return MethodHandles.lookup().unreflectGetter(field);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(field + " is out of reach", e);
        }
    }

    /** {@return a handle that calls a constructor} */
    public static MethodHandle constructor(Constructor<?> constructor) {
        try {
            open(constructor);
            return MethodHandles.lookup().unreflectConstructor(constructor);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(constructor + " cannot be called", e);
        }
    }

    private static void open(AccessibleObject object) {
        Native.makeAccessible(object);
    }
}
