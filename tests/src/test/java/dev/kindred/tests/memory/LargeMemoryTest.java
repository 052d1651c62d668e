// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

import dev.kindred.OutOfSharedMemoryException;
import dev.kindred.memory.Array;
import dev.kindred.memory.CType;
import dev.kindred.memory.SharedMemory;
import dev.kindred.tests.support.TestJvm;
import org.junit.jupiter.api.Test;

/** Sizes, offsets and indexes that an int cannot hold. In a JVM of its own, which gives the memory back at its end. */
final class LargeMemoryTest {

    private static final long SIZE = (1L << 31) + (200L << 20);

    @Test
    void memoryAndArraysMayBeLargerThanTwoGibibytes() {
        try (TestJvm jvm = TestJvm.start(Large.class)) {
            for (String what : new String[] {"memory", "array"}) {
                String line = jvm.awaitLine(what);
                assumeFalse(line.contains("no room"), line);
                assertEquals(what + " right", line);
            }
            assertEquals(0, jvm.exitStatus());
        }
    }

    /** Touches a few pages only; the room for all of them is there. */
    static final class Large {

        /** What the JDK allows. */
        private static final int LONGEST_BUFFER = Integer.MAX_VALUE - 8;

        private Large() {}

        public static void main(String[] arguments) {
            TestJvm.say("memory " + attempt(Large::memory));
            TestJvm.say("array " + attempt(Large::array));
        }

        private static String attempt(Runnable check) {
            try {
                check.run();
                return "right";
            } catch (OutOfSharedMemoryException full) {
                return "no room: " + full.getMessage();
            }
        }

        private static void memory() {
            try (SharedMemory memory = SharedMemory.anonymous(SIZE)) {
                assertEquals(SIZE, memory.size());
                memory.segment().set(ValueLayout.JAVA_LONG, SIZE - 8, 5);
                ByteBuffer end = memory.buffer(SIZE - 4096, 4096);
                assertEquals(5, end.getLong(4088));
                assertEquals(LONGEST_BUFFER, memory.buffer(1, LONGEST_BUFFER).capacity());
                assertThrows(IllegalArgumentException.class, () -> memory.buffer(1, LONGEST_BUFFER + 1));
                assertThrows(UnsupportedOperationException.class, memory::buffer);
                assertThrows(IndexOutOfBoundsException.class, () -> memory.buffer(SIZE, 1));
            }
        }

        private static void array() {
            Array array = Array.of(CType.UNSIGNED_CHAR, SIZE);
            assertEquals(SIZE, array.length());
            array.setInt(SIZE - 1, 200);
            array.getAndAdd(SIZE - 1, 55);
            assertEquals(255, array.slice(1L << 31, SIZE).getInt(SIZE - 1 - (1L << 31)));
            assertThrows(ArithmeticException.class, () -> array.getAndAdd(SIZE - 1, 1));
            assertThrows(IndexOutOfBoundsException.class, () -> array.getInt(SIZE));
            assertThrows(ArithmeticException.class, array::toIntArray);
        }
    }
}
