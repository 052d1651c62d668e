// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

import dev.kindred.memory.Array;
import dev.kindred.memory.CType;
import dev.kindred.memory.FixedLength;
import dev.kindred.memory.RawArray;
import dev.kindred.memory.RawStruct;
import dev.kindred.memory.RawStructArray;
import dev.kindred.memory.RawValue;
import dev.kindred.memory.StoredAs;
import dev.kindred.memory.Struct;
import dev.kindred.memory.StructArray;
import dev.kindred.memory.StructType;
import dev.kindred.memory.Value;
import dev.kindred.sync.Lock;
import org.junit.jupiter.api.Test;

/**
 * CPython's group SharedCTypes: numbers, structs, arrays and texts that a child doubles, with locks and without, and
 * copies of them.
 */
final class StructConformanceTest {

    record Foo(int x, double y, @StoredAs(CType.UNSIGNED_INT) long z, @FixedLength(20) String name,
            @FixedLength(3) int[] more) {}

    record Point(double x, double y) {}

    @Test
    void aChildDoublesWhatHasNoLock() throws InterruptedException {
        checkThatAChildDoubles(RawValue.ofInt(7), RawValue.ofDouble(1.0 / 3), RawValue.of(CType.LONG_LONG, 1L << 33),
                RawStruct.of(foo()), RawArray.ofDoubles(0, 1, 2, 3), RawArray.of(CType.CHAR, 20));
    }

    @Test
    void aChildDoublesWhatHasALock() throws InterruptedException {
        checkThatAChildDoubles(Value.ofInt(7), Value.ofDouble(1.0 / 3), Value.of(CType.LONG_LONG, 1L << 33),
                Struct.of(foo()), Array.ofDoubles(0, 1, 2, 3), Array.of(CType.CHAR, 20));
    }

    @Test
    void aChildDoublesWhatSharesOneLock() throws InterruptedException {
        Lock lock = new Lock();
        checkThatAChildDoubles(RawValue.ofInt(7).guardedBy(lock), RawValue.ofDouble(1.0 / 3).guardedBy(lock),
                RawValue.of(CType.LONG_LONG, 1L << 33).guardedBy(lock), RawStruct.of(foo()).guardedBy(lock),
                RawArray.ofDoubles(0, 1, 2, 3).guardedBy(lock), RawArray.of(CType.CHAR, 20).guardedBy(lock));
    }

    private static Foo foo() {
        return new Foo(3, 2, 3_000_000_000L / 2, "struct", new int[] {1, 2, 3});
    }

    private static void checkThatAChildDoubles(RawValue x, RawValue y, RawValue z, RawStruct<Foo> struct,
            RawArray array, RawArray text)
            throws InterruptedException {
        text.setString("hello");
        Children.run(() -> {
            x.setInt(x.getInt() * 2);
            y.setDouble(y.getDouble() * 2);
            z.setLong(z.getLong() * 2);
            Foo old = struct.get();
            struct.set(new Foo(old.x() * 2, old.y() * 2, old.z() * 2, old.name() + old.name(), old.more()));
            struct.array("more").setInt(2, 6);
            for (long index = 0; index < array.length(); index++) {
                array.setDouble(index, array.getDouble(index) * 2);
            }
            text.setString(text.getString() + text.getString());
        });
        assertEquals(14, x.getInt());
        assertEquals(2.0 / 3, y.getDouble());
        assertEquals(1L << 34, z.getLong());
        Foo doubled = struct.get();
        assertEquals(6, doubled.x());
        assertEquals(4, doubled.y());
        assertEquals(3_000_000_000L, doubled.z());
        assertEquals("structstruct", doubled.name());
        assertArrayEquals(new int[] {1, 2, 6}, doubled.more());
        assertArrayEquals(new double[] {0, 2, 4, 6}, array.toDoubleArray());
        assertEquals("hellohello", text.getString());
    }

    @Test
    void arraysOfStructsAreShared() throws InterruptedException {
        StructArray<Point> points = StructArray.copyOf(StructType.of(Point.class),
                List.of(new Point(1.875, -6.25), new Point(-5.75, 2.0), new Point(2.375, 9.5)));
        RawStructArray<Point> raw = points.raw();
        Array xs = points.column("x");
        Children.run(() -> {
            for (long index = 0; index < points.length(); index++) {
                points.update(index, point -> new Point(point.x() * point.x(), point.y() * point.y()));
            }
            assertEquals(points.get(1).x(), xs.getDouble(1));
            assertEquals(true, xs.getLock() == points.getLock());
            raw.slice(2, 3).set(0, new Point(0, 1));
        });
        assertEquals(List.of(new Point(3.515625, 39.0625), new Point(33.0625, 4.0), new Point(0, 1)),
                points.stream().toList());
    }

    @Test
    void structsOfLayoutsAreShared() throws InterruptedException {
        RawStruct<MemorySegment> struct = RawStruct.of(StructType.of(MemoryLayout.structLayout(
                ValueLayout.JAVA_INT.withName("id"), MemoryLayout.paddingLayout(4),
                ValueLayout.JAVA_DOUBLE.withName("weight"))));
        Children.run(() -> {
            struct.field("id").setInt(5);
            struct.field("weight").setDouble(0.5);
        });
        assertEquals(5, struct.field("id").getInt());
        assertEquals(0.5, struct.get().get(ValueLayout.JAVA_DOUBLE_UNALIGNED, 8));
    }

    @Test
    void copiesStayAsTheyAre() {
        RawStruct<Foo> original = RawStruct.of(foo());
        RawStruct<Foo> copy = original.copy();
        original.field("x").setInt(0);
        original.array("name").setString("changed");
        assertEquals(3, copy.get().x());
        assertEquals("struct", copy.get().name());
        assertSame(original.type(), copy.type());
    }
}
