// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.os;

import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the JDK's deserialization does by reflection, done by JNI. Reflection makes code for each shape of a call before
 * the first call, which takes a new JVM milliseconds; these make none.
 *
 * <p>What the called throws comes out as it was thrown, checked exceptions included.
 */
public final class DirectCalls {

    private DirectCalls() {}

    /**
     * {@return a new object} Each argument of the constructor stands in the one array or the other, at its index.
     *
     * @param type        the class, whatever its access
     * @param constructor the constructor's type, which returns void
     * @param numbers     the arguments of primitive types, of float and double the bits
     * @param objects     the others
     * @throws ClassCastException        if an object is not of the type of its parameter: JNI would pass it nevertheless
     * @throws IndexOutOfBoundsException if an array is shorter than there are parameters
     * @throws LinkageError              if there is no such constructor
     */
    public static Object construct(Class<?> type, MethodType constructor, long[] numbers, @Nullable Object[] objects) {
        int count = constructor.parameterCount();
        Objects.checkFromIndexSize(0, count, Math.min(numbers.length, objects.length));
        for (int i = 0; i < count; i++) {
            Class<?> parameter = constructor.parameterType(i);
            if (!parameter.isPrimitive()) {
                Object _ = parameter.cast(objects[i]);
            }
        }
        return Native.construct(type, constructor.toMethodDescriptorString(), numbers, objects);
    }

    /**
     * {@return what the object's method {@code Object writeReplace()} returns}
     *
     * @param object the object, whose class has the method
     */
    public static @Nullable Object writeReplace(Object object) {
        return Native.callForReplacement(object, "writeReplace");
    }

    /**
     * {@return what the object's method {@code Object readResolve()} returns}
     *
     * @param object the object, whose class has the method
     */
    public static @Nullable Object readResolve(Object object) {
        return Native.callForReplacement(object, "readResolve");
    }

    /**
     * {@return a lambda as it was before it was serialized}
     *
     * @param capturing the class in whose code the lambda stands
     * @param lambda    how it travels
     */
    public static Object deserializeLambda(Class<?> capturing, SerializedLambda lambda) {
        return Native.deserializeLambda(capturing, lambda);
    }

    /**
     * {@return a constant of an enum}
     *
     * @param type the enum
     * @param name the constant's name, which is that of its field
     * @throws LinkageError if there is none
     */
    public static Object enumConstant(Class<?> type, String name) {
        return Native.enumConstant(type, name, type.descriptorString());
    }
}
