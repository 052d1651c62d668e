// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

import dev.kindred.memory.CType;
import dev.kindred.memory.FixedLength;
import dev.kindred.memory.ShareableList;
import dev.kindred.memory.SharedMemory;
import dev.kindred.memory.StoredAs;
import dev.kindred.memory.StructType;
import dev.kindred.tests.support.Cpython;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A live CPython opens what is created here, and creates what is opened here. */
final class CpythonTest {

    /**
     * What comes first: CPython before 3.13 takes down at its end what it has opened, unless it is told to forget about
     * it.
     */
    private static final String PREAMBLE = """
            import sys
            from multiprocessing import resource_tracker
            from multiprocessing.shared_memory import SharedMemory, ShareableList
            name = sys.argv[1]
            def forget(memory):
                resource_tracker.unregister(memory._name, 'shared_memory')
            """;

    private final String name = "kindred-python-" + ProcessHandle.current().pid();

    @AfterEach
    void removeName() throws IOException {
        Files.deleteIfExists(Path.of("/dev/shm", name));
    }

    @Test
    void pythonOpensMemoryThatWasCreatedHere() throws IOException {
        try (SharedMemory memory = SharedMemory.create(name, 5000)) {
            memory.segment().set(ValueLayout.JAVA_LONG, 4992, 0x0123456789abcdefL);
            try (Cpython python = new Cpython(PREAMBLE + """
                    memory = SharedMemory(name)
                    forget(memory)
                    print(memory.size, int.from_bytes(memory.buf[4992:5000], sys.byteorder))
                    memory.buf[0:5] = b'hello'
                    memory.close()
                    """, name)) {
                assertEquals("5000 " + 0x0123456789abcdefL, python.line());
            }
            assertEquals("hello", memory.segment().getString(0));
        }
    }

    @Test
    void pythonsMemoryIsOpenedHere() throws IOException {
        try (Cpython python = new Cpython(PREAMBLE + """
                memory = SharedMemory(create=True, size=10)
                memory.buf[9] = 42
                print(memory.name)
                input()
                print(memory.buf[8])
                memory.close()
                memory.unlink()
                """, name)) {
            String itsName = python.line();
            try (SharedMemory memory = SharedMemory.open(itsName);
                    SharedMemory readOnly = SharedMemory.openReadOnly(itsName)) {
                assertEquals(10, memory.size());
                assertEquals(42, readOnly.segment().get(ValueLayout.JAVA_BYTE, 9));
                memory.segment().set(ValueLayout.JAVA_BYTE, 8, (byte) 41);
                python.send("read");
                assertEquals("41", python.line());
            }
        }
    }

    /** Both write the very same bytes for the same items. */
    @Test
    void listsHaveTheSameBytes() throws IOException {
        List<@Nullable Object> items = Arrays.asList("howdy", "bytes".getBytes(StandardCharsets.UTF_8), -273.154, 100,
                null, true, false, 42, "", "12345678", Long.MIN_VALUE, Double.NaN);
        try (Cpython python = new Cpython(PREAMBLE + """
                items = ['howdy', b'bytes', -273.154, 100, None, True, False, 42, '', '12345678', -2**63, float('nan')]
                written = ShareableList(items)
                print(bytes(written.shm.buf).hex())
                written.shm.close()
                written.shm.unlink()
                """, name);
                ShareableList list = ShareableList.create(name, items)) {
            byte[] theirs = HexFormat.of().parseHex(python.line());
            assertArrayEquals(theirs, list.sharedMemory().segment().toArray(ValueLayout.JAVA_BYTE));
        }
    }

    @Test
    void pythonReadsAndWritesAListThatWasCreatedHere() throws IOException {
        try (ShareableList list = ShareableList.create(name,
                Arrays.asList("grüße", new byte[] {1, 0, 2}, 0.5, 7, true, null, "slot of 16 bytes"))) {
            try (Cpython python = new Cpython(PREAMBLE + """
                    items = ShareableList(name=name)
                    forget(items.shm)
                    print(list(items), len(items), items.format)
                    items[0] = 'hallo'
                    items[1] = b'b'
                    items[2] = None
                    items[3] = 'text'
                    items[4] = 2 ** 63 - 1
                    items[5] = False
                    items[6] = 'ü' * 12
                    items.shm.close()
                    """, name)) {
                assertEquals("['grüße', b'\\x01\\x00\\x02', 0.5, 7, True, None, 'slot of 16 bytes'] 7 "
                        + list.format(), python.line());
            }
            assertEquals("hallo", list.get(0));
            assertArrayEquals(new byte[] {'b'}, (byte[]) list.get(1));
            assertEquals(null, list.get(2));
            assertEquals("text", list.get(3));
            assertEquals(Long.MAX_VALUE, list.get(4));
            assertEquals(false, list.get(5));
            assertEquals("ü".repeat(12), list.get(6));
        }
    }

    @Test
    void pythonsListIsReadAndWrittenHere() throws IOException {
        try (Cpython python = new Cpython(PREAMBLE + """
                items = ShareableList(['howdy', b'HoWdY', -273.154, 100, None, True, 42], name=name)
                print('ready')
                input()
                print(list(items), items.format)
                items.shm.close()
                items.shm.unlink()
                """, name)) {
            assertEquals("ready", python.line());
            try (ShareableList list = ShareableList.open(name)) {
                assertEquals(7, list.size());
                assertEquals("howdy", list.get(0));
                assertArrayEquals("HoWdY".getBytes(StandardCharsets.US_ASCII), (byte[]) list.get(1));
                assertEquals(Arrays.asList(-273.154, 100L, null, true, 42L), list.subList(2, 7));
                list.set(0, "hülle");
                list.set(1, 5);
                list.set(2, true);
                list.set(3, "eight by");
                list.set(4, -0.5);
                list.set(6, null);
                assertThrows(IllegalArgumentException.class, () -> list.set(0, "nine bytes"));
                python.send("read");
                assertEquals("['hülle', 5, True, 'eight by', -0.5, True, None] 8sqxxxxxxx?8sdxxxxxxx?xxxxxx?x",
                        python.line());
            }
        }
    }

    record Inner(double weight, byte kind) {}

    record Outer(byte tag, Inner inner, @FixedLength(3) int[] parts, @StoredAs(CType.UNSIGNED_SHORT) int port,
            @FixedLength(5) String name, long total) {}

    @Test
    void structsLieAsCtypesPutsThem() throws IOException {
        StructType<Outer> type = StructType.of(Outer.class);
        try (Cpython python = new Cpython("""
                from ctypes import *
                class Inner(Structure):
                    _fields_ = [('weight', c_double), ('kind', c_byte)]
                class Outer(Structure):
                    _fields_ = [('tag', c_byte), ('inner', Inner), ('parts', c_int * 3), ('port', c_ushort),
                                ('name', c_char * 5), ('total', c_longlong)]
                print(sizeof(Outer), *[getattr(Outer, field[0]).offset for field in Outer._fields_])
                """)) {
            String ours = type.size() + " " + String.join(" ",
                    List.of("tag", "inner", "parts", "port", "name", "total").stream()
                    .map(path -> Long.toString(type.offset(path))).toList());
            assertEquals(python.line(), ours);
        }
    }
}
