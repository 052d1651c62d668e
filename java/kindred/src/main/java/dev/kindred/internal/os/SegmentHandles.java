// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.os;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Handles of numbers in memory segments: the same as those of {@link ValueLayout#varHandle()}, for less.
 *
 * <p>The JDK's way to the first handle leads through the initialisers of two classes that make method handles for
 * layouts of all kinds, which takes a new JVM 30 ms of processor time. A child need not spend them: its task seldom has
 * to do with layouts.
 */
public final class SegmentHandles {

    private SegmentHandles() {}

    /**
     * {@return a handle with the coordinates of {@link ValueLayout#varHandle()} and exact invocation, in native byte
     * order and for aligned numbers}
     *
     * @param carrier byte, short, char, int, long, float or double
     */
    public static VarHandle of(Class<?> carrier) {
        long size = size(carrier);
        try {
            // Of the layout, a handle uses size and alignment only.
            MemoryLayout layout = MemoryLayout.paddingLayout(size).withByteAlignment(size);
            VarHandle handle = Native.segmentHandle(carrier, layout, size - 1, ByteOrder.nativeOrder());
            return handle.withInvokeExactBehavior();
        } catch (LinkageError anotherJdk) {
            return Layouts.of(carrier).varHandle().withInvokeExactBehavior();
        }
    }

    private static long size(Class<?> carrier) {
        if (carrier == byte.class) {
            return Byte.BYTES;
        }
        if (carrier == short.class || carrier == char.class) {
            return Short.BYTES;
        }
        if (carrier == int.class || carrier == float.class) {
            return Integer.BYTES;
        }
        if (carrier == long.class || carrier == double.class) {
            return Long.BYTES;
        }
        throw new IllegalArgumentException("no handle for " + carrier.getName());
    }

    /** Apart, so that nothing of it is initialised where it is not needed. */
    private static final class Layouts {

        static ValueLayout of(Class<?> carrier) {
            return switch (carrier.getName()) {
                case "byte" -> ValueLayout.JAVA_BYTE;
                case "short" -> ValueLayout.JAVA_SHORT;
                case "char" -> ValueLayout.JAVA_CHAR;
                case "int" -> ValueLayout.JAVA_INT;
                case "float" -> ValueLayout.JAVA_FLOAT;
                case "long" -> ValueLayout.JAVA_LONG;
                default -> ValueLayout.JAVA_DOUBLE;
            };
        }
    }
}
