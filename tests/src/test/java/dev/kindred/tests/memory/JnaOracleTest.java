// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import dev.kindred.memory.Array;
import dev.kindred.memory.CType;
import dev.kindred.memory.RawValue;
import dev.kindred.memory.SharedMemory;
import dev.kindred.memory.SharedMemoryNotFoundException;
import dev.kindred.memory.Value;
import org.junit.jupiter.api.Test;

/** C, called through JNA, creates, maps and reads the same memory. */
final class JnaOracleTest {

    /** The C library. */
    private interface C extends Library {

        C INSTANCE = Native.load("c", C.class);

        int shm_open(String name, int flags, int mode);

        int shm_unlink(String name);

        int ftruncate(int descriptor, long length);

        Pointer mmap(Pointer address, long length, int protection, int flags, int descriptor, long offset);

        int munmap(Pointer address, long length);

        int close(int descriptor);
    }

    private static final int O_RDWR = 2;
    private static final int O_CREAT_EXCL = 0300;
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_SHARED = 1;

    private final String name = "kindred-jna-" + ProcessHandle.current().pid();

    @Test
    void cMapsMemoryThatWasCreatedHere() {
        try (SharedMemory memory = SharedMemory.create(name, 10_000)) {
            Pointer mapped = map(O_RDWR, 10_000);
            memory.segment().set(ValueLayout.JAVA_LONG, 9992, Long.MIN_VALUE + 5);
            assertEquals(Long.MIN_VALUE + 5, mapped.getLong(9992));
            mapped.setDouble(0, 10.78);
            assertEquals(10.78, memory.segment().get(ValueLayout.JAVA_DOUBLE, 0));
            memory.unlink();
            assertEquals(-1, C.INSTANCE.shm_open("/" + name, O_RDWR, 0));
            mapped.setInt(100, 7);
            assertEquals(7, memory.buffer().getInt(100));
            C.INSTANCE.munmap(mapped, 10_000);
        }
    }

    @Test
    void memoryThatCCreatedIsOpenedHere() {
        Pointer mapped = map(O_RDWR | O_CREAT_EXCL, 4097);
        try (SharedMemory memory = SharedMemory.open(name)) {
            assertEquals(4097, memory.size());
            mapped.setByte(4096, (byte) 9);
            assertEquals(9, memory.segment().get(ValueLayout.JAVA_BYTE, 4096));
        } finally {
            C.INSTANCE.munmap(mapped, 4097);
            C.INSTANCE.shm_unlink("/" + name);
        }
        assertThrows(SharedMemoryNotFoundException.class, () -> SharedMemory.open(name));
    }

    @Test
    void cReadsTheWordsOfValues() {
        RawValue value = RawValue.of(CType.UNSIGNED_LONG_LONG, -2);
        Pointer word = new Pointer(value.segment().address());
        assertEquals(-2, word.getLong(0));
        word.setLong(0, 5);
        assertEquals(5, value.getAndAdd(-5));
        assertEquals(0, word.getLong(0));
        Value real = Value.ofDouble(10.0);
        new Pointer(real.segment().address()).setDouble(0, 10.78);
        assertEquals(10.78, real.getDouble());
    }

    @Test
    void cReadsTheWordsOfArraysOfAllTypes() {
        for (CType type : CType.values()) {
            Array array = Array.of(type, 5);
            Pointer words = new Pointer(array.segment().address());
            assertArrayEquals(new byte[5 * type.size()], words.getByteArray(0, 5 * type.size()), "zeros at first");
            switch (type) {
                case FLOAT -> {
                    array.setDouble(4, -1.5);
                    assertEquals(-1.5f, words.getFloat(16));
                }
                case DOUBLE -> {
                    array.setDouble(4, -1.5);
                    assertEquals(-1.5, words.getDouble(32));
                }
                default -> {
                    array.setInt(4, 100);
                    assertEquals(100, number(words, type));
                }
            }
        }
        Array text = Array.ofString("für C");
        assertArrayEquals(text.getRaw(), new Pointer(text.segment().address()).getByteArray(0, 6));
    }

    private static long number(Pointer words, CType type) {
        return switch (type.size()) {
            case 1 -> words.getByte(4);
            case 2 -> words.getShort(8);
            case 4 -> words.getInt(16);
            default -> words.getLong(32);
        };
    }

    private Pointer map(int flags, long length) {
        int descriptor = C.INSTANCE.shm_open("/" + name, flags, 0600);
        assertTrue(descriptor >= 0, "shm_open failed: errno " + Native.getLastError());
        if ((flags & O_CREAT_EXCL) != 0) {
            assertEquals(0, C.INSTANCE.ftruncate(descriptor, length));
        }
        Pointer mapped = C.INSTANCE.mmap(null, length, PROT_READ_WRITE, MAP_SHARED, descriptor, 0);
        assertTrue(Pointer.nativeValue(mapped) != -1, "mmap failed: errno " + Native.getLastError());
        C.INSTANCE.close(descriptor);
        return mapped;
    }
}
