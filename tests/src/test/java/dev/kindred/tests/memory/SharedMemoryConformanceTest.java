// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.kindred.memory.ShareableList;
import dev.kindred.memory.SharedMemory;
import dev.kindred.memory.SharedMemoryNotFoundException;
import dev.kindred.tests.support.TestJvm;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** CPython's group SharedMemory, as far as it is not about one process alone. */
final class SharedMemoryConformanceTest {

    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    private final String name = "kindred-conformance-" + ProcessHandle.current().pid();

    @AfterEach
    void removeName() throws IOException {
        Files.deleteIfExists(Path.of("/dev/shm", name));
    }

    @Test
    void childrenGetANamedOneByNameAndAsAnObject() throws InterruptedException {
        try (SharedMemory memory = SharedMemory.create(name, 1024)) {
            String itsName = name;
            Children.run(() -> {
                try (SharedMemory opened = SharedMemory.open(itsName)) {
                    opened.segment().set(ValueLayout.JAVA_BYTE, 0, (byte) 'n');
                }
                memory.segment().set(ValueLayout.JAVA_BYTE, 1, (byte) 'o');
            });
            assertEquals('n', memory.segment().get(ValueLayout.JAVA_BYTE, 0));
            assertEquals('o', memory.segment().get(ValueLayout.JAVA_BYTE, 1));
        }
    }

    @Test
    void childrenGetAnAnonymousOne() throws InterruptedException {
        try (SharedMemory memory = SharedMemory.anonymous(8192)) {
            Children.run(2, () -> {
                assertEquals(8192, memory.size());
                for (int turn = 0; turn < 10_000; turn++) {
                    long before = (long) LONG.getAndAdd(memory.segment(), 8184L, 1L);
                    assertTrue(before >= 0);
                }
            });
            assertEquals(20_000, memory.segment().get(ValueLayout.JAVA_LONG, 8184));
        }
    }

    /** A child hands what it was given to a child of its own. */
    @Test
    void grandchildrenGetAnAnonymousOne() throws InterruptedException {
        try (SharedMemory memory = SharedMemory.anonymous(16)) {
            Children.run(() -> Children.run(() -> memory.segment().set(ValueLayout.JAVA_LONG, 8, 3)));
            assertEquals(3, memory.segment().get(ValueLayout.JAVA_LONG, 8));
        }
    }

    /** Nobody but the program removes a name: not the end of the process that created it, however it ends. */
    @Test
    void namesSurviveTheirCreators() {
        for (String ending : List.of("exit", "SIGKILL")) {
            try (TestJvm creator = TestJvm.start(Creator.class, name)) {
                creator.awaitLine("created");
                if (ending.equals("exit")) {
                    creator.send("exit");
                    assertEquals(0, creator.exitStatus());
                } else {
                    creator.kill();
                }
            }
            try (SharedMemory memory = SharedMemory.open(name)) {
                assertEquals("still here", memory.segment().getString(0));
                memory.unlink();
            }
            assertThrows(SharedMemoryNotFoundException.class, () -> SharedMemory.open(name));
        }
    }

    /** The one who opened it and ends does not take it from the others. */
    @Test
    void thoseWhoOpenedItMayEnd() throws InterruptedException {
        try (SharedMemory memory = SharedMemory.create(name, 8)) {
            String itsName = name;
            Children.run(() -> SharedMemory.open(itsName).segment().set(ValueLayout.JAVA_LONG, 0, 1));
            assertTrue(Files.exists(Path.of("/dev/shm", name)));
            assertEquals(1, memory.segment().get(ValueLayout.JAVA_LONG, 0));
        }
    }

    @Test
    void anonymousOnesLeaveNothing() throws IOException {
        long before = entries();
        try (SharedMemory memory = SharedMemory.anonymous(1 << 20)) {
            memory.segment().fill((byte) 1);
            assertEquals(before, entries());
        }
    }

    private static long entries() throws IOException {
        try (var files = Files.list(Path.of("/dev/shm"))) {
            return files.count();
        }
    }

    @Test
    void listsGoToChildrenByTheirName() throws InterruptedException {
        try (ShareableList list = ShareableList.create(name, List.of("spam", 1, 2.5, true))) {
            Children.run(() -> {
                assertEquals(List.of("spam", 1L, 2.5, true), list);
                list.set(0, "eggs");
                list.set(3, null);
            });
            assertEquals("eggs", list.get(0));
            assertEquals(null, list.get(3));
        }
    }

    /** A child that starts writes through one handle and reads through another, closed in between. */
    @Test
    void closingHereDoesNotConcernOthers() throws InterruptedException {
        SharedMemory memory = SharedMemory.create(name, 8);
        MemorySegment segment = memory.segment();
        Children.run(() -> memory.close());
        segment.set(ValueLayout.JAVA_LONG, 0, 9);
        memory.close();
        assertThrows(IllegalStateException.class, () -> segment.get(ValueLayout.JAVA_LONG, 0));
        assertFalse(memory.toString().isEmpty());
    }

    /** Creates memory and stays until it is told, or killed. */
    static final class Creator {

        private Creator() {}

        public static void main(String[] arguments) {
            SharedMemory memory = SharedMemory.create(arguments[0], 100);
            memory.segment().setString(0, "still here");
            TestJvm.say("created");
            TestJvm.hear();
        }
    }
}
