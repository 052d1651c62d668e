// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;

import dev.kindred.sync.RLock;
import org.junit.jupiter.api.Test;

/** What structs promise. */
final class StructTest {

    private record Point(double x, double y) {}

    private record Mixed(byte a, int b, short c, double d, char e, boolean f, float g, long h) {}

    private record Particle(Point place, @FixedLength(3) float[] colour, @StoredAs(CType.UNSIGNED_SHORT) int charge,
            @FixedLength(20) String name, @StoredAs(CType.FLOAT) double mass,
            @FixedLength(2) @StoredAs(CType.UNSIGNED_INT) long[] counts) {}

    private record Tail(double d, byte b) {}

    private record Outer(byte b, Tail tail, byte c) {}

    private record Unsigned(@StoredAs(CType.UNSIGNED_CHAR) int small, @StoredAs(CType.UNSIGNED_LONG) long large) {}

    /** Sizes and offsets as gcc gives them on x86-64. */
    @Test
    void fieldsLieWhereCPutsThem() {
        assertLayout(StructType.of(Point.class), 16, 8, "x", 0, "y", 8);
        assertLayout(StructType.of(Mixed.class), 40, 8, "a", 0, "b", 4, "c", 8, "d", 16, "e", 24, "f", 26, "g", 28,
                "h", 32);
        assertLayout(StructType.of(Particle.class), 64, 8,
                "place", 0, "place.y", 8, "colour", 16, "charge", 28, "name", 30, "mass", 52, "counts", 56);
        assertLayout(StructType.of(Outer.class), 32, 8, "b", 0, "tail", 8, "tail.b", 16, "c", 24);
        assertLayout(StructType.of(Unsigned.class), 16, 8, "small", 0, "large", 8);
    }

    private static void assertLayout(StructType<?> type, long size, long alignment, Object... offsets) {
        assertEquals(size, type.size(), type::toString);
        assertEquals(alignment, type.alignment());
        assertEquals(type.size(), type.layout().byteSize());
        for (int index = 0; index < offsets.length; index += 2) {
            assertEquals(((Integer) offsets[index + 1]).longValue(), type.offset((String) offsets[index]), 
                    type + " at " + offsets[index]);
        }
    }

    @Test
    void recordsComeBackAsTheyWent() {
        Mixed mixed = new Mixed((byte) -1, 1 << 30, (short) -300, 1e300, '\uffff', true, 1.5f, Long.MIN_VALUE);
        assertEquals(mixed, RawStruct.of(mixed).get());
        Outer outer = new Outer((byte) 1, new Tail(2.5, (byte) 3), (byte) 4);
        assertEquals(outer, Struct.of(outer).get());
        Particle particle = new Particle(new Point(1, 2), new float[] {1, 2, 3}, 65535, "grüße", 0.5,
                new long[] {0, (1L << 32) - 1});
        Particle back = Struct.of(particle).get();
        assertEquals(particle.place(), back.place());
        assertArrayEquals(particle.colour(), back.colour());
        assertEquals(65535, back.charge());
        assertEquals("grüße", back.name());
        assertEquals(0.5, back.mass());
        assertArrayEquals(particle.counts(), back.counts());
    }

    @Test
    void fieldsAreTheSameMemory() {
        Struct<Particle> struct = Struct.of(StructType.of(Particle.class));
        Value y = struct.field("place.y");
        y.setDouble(7);
        struct.array("colour").setFloat(2, 9);
        struct.array("name").setString("muon");
        assertEquals(40_000, struct.field("charge").getAndAdd(0) + 40_000);
        struct.field("charge").getAndAdd(40_000);
        Particle particle = struct.get();
        assertEquals(new Point(0, 7), particle.place());
        assertArrayEquals(new float[] {0, 0, 9}, particle.colour());
        assertEquals("muon", particle.name());
        assertEquals(40_000, particle.charge());
        assertSame(struct.getLock(), y.getLock());
        assertSame(struct.getLock(), struct.array("colour").getLock());
        VarHandle handle = struct.type().layout()
                .varHandle(PathElement.groupElement("place"), PathElement.groupElement("y"));
        assertEquals(7.0, (double) handle.get(struct.segment(), 0L));
    }

    @Test
    void pathsThatDoNotExistAreRefused() {
        Struct<Particle> struct = Struct.of(StructType.of(Particle.class));
        for (String path : List.of("", "z", "place.z", "charge.x", "place.", ".x", "place.x.y")) {
            assertThrows(IllegalArgumentException.class, () -> struct.field(path), path);
        }
        assertThrows(IllegalArgumentException.class, () -> struct.field("place"));
        assertThrows(IllegalArgumentException.class, () -> struct.field("colour"));
        assertThrows(IllegalArgumentException.class, () -> struct.array("charge"));
    }

    @Test
    void numbersOutOfRangeAreRefused() {
        assertThrows(ArithmeticException.class, () -> Struct.of(new Unsigned(256, 0)));
        assertThrows(ArithmeticException.class, () -> Struct.of(new Unsigned(-1, 0)));
        assertEquals("18446744073709551615", Long.toUnsignedString(Struct.of(new Unsigned(255, -1)).get().large()));
    }

    @Test
    void arraysAndTextsMustFit() {
        Point point = new Point(0, 0);
        long[] counts = new long[2];
        float[] colour = new float[3];
        assertThrows(IllegalArgumentException.class,
                () -> Struct.of(new Particle(point, new float[2], 0, "", 0, counts)));
        assertThrows(IllegalArgumentException.class,
                () -> Struct.of(new Particle(point, colour, 0, "x".repeat(21), 0, counts)));
        assertThrows(ArithmeticException.class, () -> Struct.of(new Particle(point, colour, 0, "", 1e300, counts)));
    }

    @Test
    void recordsThatAreNoStructsAreRefused() {
        record Reference(Object object) {}

        record Boxed(Integer number) {}

        record Unbounded(int[] numbers) {}

        record UnboundedText(String text) {}

        record NeedlessLength(@FixedLength(2) int number) {}

        record NoLength(@FixedLength(0) int[] numbers) {}

        record WrongType(@StoredAs(CType.INT) double number) {}

        record Shorts(@FixedLength(2) short[] numbers) {}

        record Empty() {}

        List<Class<? extends Record>> records = List.of(Reference.class, Boxed.class, Unbounded.class,
                UnboundedText.class, NeedlessLength.class, NoLength.class, WrongType.class, Shorts.class, Empty.class);
        for (Class<? extends Record> record : records) {
            assertThrows(IllegalArgumentException.class, () -> StructType.of(record), record.getSimpleName());
        }
    }

    @Test
    void layoutsAreStructs() {
        StructLayout inner = MemoryLayout.structLayout(ValueLayout.JAVA_INT.withName("id"),
                ValueLayout.JAVA_SHORT.withName("kind"),
                MemoryLayout.paddingLayout(2));
        StructLayout layout = MemoryLayout.structLayout(
                ValueLayout.JAVA_BYTE.withName("tag"), MemoryLayout.paddingLayout(7),
                ValueLayout.JAVA_LONG.withName("total"),
                MemoryLayout.sequenceLayout(3, ValueLayout.JAVA_INT).withName("parts"), inner.withName("inner"),
                MemoryLayout.sequenceLayout(2, inner).withName("inners")).withName("example");
        StructType<MemorySegment> type = StructType.of(layout);
        assertEquals(56, type.size(), "without the padding at its end that C has");
        RawStruct<MemorySegment> struct = RawStruct.of(type);
        struct.field("total").setLong(-5);
        struct.field("inner.kind").setInt(-7);
        struct.array("parts").setInt(2, 9);
        MemorySegment copy = struct.get();
        assertEquals(-5, copy.get(ValueLayout.JAVA_LONG_UNALIGNED, 8));
        assertEquals(9, copy.get(ValueLayout.JAVA_INT_UNALIGNED, 24));
        assertEquals(-7, copy.get(ValueLayout.JAVA_SHORT_UNALIGNED, 32));
        copy.set(ValueLayout.JAVA_BYTE, 0, (byte) 3);
        struct.set(copy);
        assertEquals(3, struct.field("tag").getInt());
        assertThrows(IllegalArgumentException.class, () -> struct.set(MemorySegment.ofArray(new byte[10])));
        assertThrows(IllegalArgumentException.class, () -> struct.field("inners.id"));
    }

    @Test
    void layoutsThatAreNoSharedStructsAreRefused() {
        List<StructLayout> layouts = List.of(
                MemoryLayout.structLayout(ValueLayout.ADDRESS.withName("pointer")),
                MemoryLayout.structLayout(ValueLayout.JAVA_INT),
                MemoryLayout.structLayout(ValueLayout.JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN).withName("big")),
                MemoryLayout.structLayout(
                        ValueLayout.JAVA_BYTE.withName("a"), ValueLayout.JAVA_INT_UNALIGNED.withName("packed")),
                MemoryLayout.structLayout(
                        MemoryLayout.unionLayout(ValueLayout.JAVA_INT.withName("i")).withName("union")),
                MemoryLayout.structLayout(MemoryLayout.paddingLayout(8)));
        for (StructLayout layout : layouts) {
            assertThrows(IllegalArgumentException.class, () -> StructType.of(layout), layout::toString);
        }
    }

    @Test
    void typesTravelByRecordOrByFields() throws IOException, ClassNotFoundException {
        assertSame(StructType.of(Particle.class), roundTrip(StructType.of(Particle.class)));
        StructType<MemorySegment> type = StructType.of(MemoryLayout.structLayout(
                ValueLayout.JAVA_INT.withName("id"), MemoryLayout.paddingLayout(4),
                StructType.of(Point.class).layout().withName("place")).withName("s"));
        StructType<?> copy = roundTrip(type);
        assertEquals(type.layout(), copy.layout());
        assertEquals(16, copy.offset("place.y"));
    }

    @Test
    void arraysOfStructsHaveColumns() {
        StructArray<Point> points = StructArray.copyOf(StructType.of(Point.class),
                List.of(new Point(1, 2), new Point(3, 4), new Point(5, 6)));
        assertEquals(new Point(3, 4), points.get(1));
        Array ys = points.column("y");
        assertArrayEquals(new double[] {2, 4, 6}, ys.toDoubleArray());
        ys.put(1, new double[] {40, 60}, 0, 2);
        assertEquals(new Point(5, 60), points.get(2));
        assertEquals(9, points.column("x").doubles().sum());
        assertSame(points.getLock(), ys.getLock());
        assertEquals(List.of(new Point(3, 40), new Point(5, 60)), points.slice(1, 3).stream().toList());
        points.at(0).field("x").setDouble(-1);
        assertEquals(new Point(-2, 2), points.update(0, point -> new Point(point.x() * 2, point.y())));
        assertEquals(48, points.segment().byteSize());
        StructArray<Point> copy = points.copy();
        points.set(0, new Point(0, 0));
        assertEquals(new Point(-2, 2), copy.get(0));
        for (long index : new long[] {-1, 3, Long.MAX_VALUE}) {
            assertThrows(IndexOutOfBoundsException.class, () -> points.get(index));
            assertThrows(IndexOutOfBoundsException.class, () -> points.set(index, new Point(0, 0)));
            assertThrows(IndexOutOfBoundsException.class, () -> points.at(index));
        }
        assertThrows(IndexOutOfBoundsException.class, () -> points.slice(2, 4));
    }

    @Test
    void updatesAreMadeUnderTheLock() throws InterruptedException {
        Struct<Point> point = RawStruct.of(new Point(0, 0)).guardedBy(new RLock());
        Thread other = Thread.ofPlatform().start(() -> moveOften(point));
        moveOften(point);
        other.join();
        assertEquals(new Point(4000, -4000), point.get());
        assertTrue(point.toString().contains("Point[x=4000.0, y=-4000.0]"), point.toString());
    }

    private static void moveOften(Struct<Point> point) {
        for (int turn = 0; turn < 2000; turn++) {
            point.update(old -> new Point(old.x() + 1, old.y() - 1));
        }
    }

    @SuppressWarnings("unchecked")
    private static <T> T roundTrip(T object) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (T) in.readObject();
        }
    }
}
