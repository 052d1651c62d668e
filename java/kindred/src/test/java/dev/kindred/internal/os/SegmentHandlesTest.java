// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.lang.invoke.VarHandle.AccessMode;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The handles do what those of the layouts do, and refuse what those refuse. */
final class SegmentHandlesTest {

    static List<ValueLayout> layouts() {
        return List.of(ValueLayout.JAVA_BYTE, ValueLayout.JAVA_SHORT, ValueLayout.JAVA_CHAR, ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG, ValueLayout.JAVA_FLOAT, ValueLayout.JAVA_DOUBLE);
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void areThoseOfTheLayouts(ValueLayout layout) {
        VarHandle expected = layout.varHandle().withInvokeExactBehavior();
        VarHandle handle = SegmentHandles.of(layout.carrier());
        assertEquals(expected.varType(), handle.varType());
        assertEquals(expected.coordinateTypes(), handle.coordinateTypes());
        assertTrue(handle.hasInvokeExactBehavior());
        for (AccessMode mode : AccessMode.values()) {
            assertEquals(expected.isAccessModeSupported(mode), handle.isAccessModeSupported(mode), mode.toString());
        }
        assertEquals(expected.getClass(), handle.getClass());
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void checkBoundsAlignmentAndWhoMayWrite(ValueLayout layout) {
        VarHandle handle = SegmentHandles.of(layout.carrier()).withInvokeBehavior();
        long size = layout.byteSize();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment segment = arena.allocate(3 * size, size);
            Object last = layout.varHandle().get(segment, 2 * size);
            handle.setVolatile(segment, 2 * size, last);
            assertEquals(last, handle.get(segment, 2 * size));
            assertThrows(IndexOutOfBoundsException.class, () -> handle.get(segment, 3 * size));
            assertThrows(IndexOutOfBoundsException.class, () -> handle.get(segment, -size));
            assertThrows(RuntimeException.class, () -> handle.set(segment.asReadOnly(), 0L, last));
            if (size > 1) {
                assertThrows(IllegalArgumentException.class, () -> handle.get(segment, size / 2));
            }
        }
    }

    @Test
    void useNativeOrder() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment segment = arena.allocate(8, 8);
            SegmentHandles.of(long.class).withInvokeBehavior().set(segment, 0L, 0x0102030405060708L);
            assertEquals(0x0102030405060708L, segment.get(ValueLayout.JAVA_LONG, 0));
        }
    }

    /** Else every child pays for the layouts, and nobody notices. */
    @Test
    void takeTheShortWayOnThisJdk() {
        MemoryLayout layout = MemoryLayout.paddingLayout(4).withByteAlignment(4);
        assertNotNull(Native.segmentHandle(int.class, layout, 3, ByteOrder.nativeOrder()));
    }

    @Test
    void areOfNumbersOnly() {
        assertThrows(IllegalArgumentException.class, () -> SegmentHandles.of(boolean.class));
        assertThrows(IllegalArgumentException.class, () -> SegmentHandles.of(String.class));
    }
}
