// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import dev.kindred.internal.crash.CrashPoint;
import dev.kindred.memory.ShareableList;
import dev.kindred.memory.SharedMemory;
import dev.kindred.memory.SharedMemoryExistsException;
import dev.kindred.memory.SharedMemoryNotFoundException;
import dev.kindred.tests.support.Eventually;
import dev.kindred.tests.support.Processes;
import dev.kindred.tests.support.TestJvm;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Who comes after a creator of named memory that was killed or stopped at any step finds nothing, or all of it: never a name without a size, a
 * part of a list, or an access that fails.
 */
class MemoryCreationTest {

    /** Several steps of reservation, and not a whole number of pages. */
    private static final long SIZE = (33L << 20) + 5;

    private static final List<@Nullable Object> ITEMS = Arrays.asList("howdy", 273.154, 100L, null, true, "x".repeat(50_000));

    private final String name = "kindred-creation-" + ProcessHandle.current().pid();

    private final Path file = Path.of("/dev/shm", name);

    @AfterEach
    void removeNames() throws IOException {
        Files.deleteIfExists(file);
        Files.deleteIfExists(Path.of("/dev/shm", secondName(name)));
    }

    private static String secondName(String name) {
        return name + "-memory";
    }

    private TestJvm creator(String what, CrashPoint point, String signal) {
        return TestJvm.start(List.of("-Dkindred.crash=" + point + ":1:" + signal), Map.of(), Creator.class, what, name);
    }

    private static void awaitStopped(TestJvm jvm) {
        Eventually.holds("the creator is stopped", () -> {
            Processes.Entry entry = Processes.entry(jvm.pid());
            return entry != null && entry.isStopped();
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"MEMORY_FILE_MADE", "MEMORY_SIZED", "MEMORY_RESERVED", "MEMORY_MAPPED", "MEMORY_NAMED"})
    void ofMemoryThereIsNothingOrAll(CrashPoint point) {
        try (TestJvm creator = creator("memory", point, "KILL")) {
            assertEquals(-9, creator.exitStatus());
        }
        assertEquals(point == CrashPoint.MEMORY_NAMED, Files.exists(file));
        if (point == CrashPoint.MEMORY_NAMED) {
            assertThrows(SharedMemoryExistsException.class, () -> SharedMemory.create(name, SIZE));
            checkAllOfIt();
        }
        try (SharedMemory memory = SharedMemory.createOrOpen(name, SIZE)) {
            assertEquals(point != CrashPoint.MEMORY_NAMED, memory.isCreator());
            memory.segment().fill((byte) 1);
            memory.unlink();
        }
        SharedMemory.create(name, SIZE).close();
    }

    private void checkAllOfIt() {
        try (SharedMemory readOnly = SharedMemory.openReadOnly(name); SharedMemory memory = SharedMemory.open(name)) {
            for (SharedMemory each : List.of(readOnly, memory)) {
                assertEquals(SIZE, each.size());
                assertEquals(-1, each.segment().mismatch(MemorySegment.ofArray(new byte[(int) SIZE])));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MEMORY_FILE_MADE", "MEMORY_SIZED", "MEMORY_RESERVED", "MEMORY_MAPPED", "MEMORY_CONTENT_BEGUN",
        "MEMORY_CONTENT_WRITTEN", "MEMORY_NAMED"})
    void ofAListThereIsNothingOrAll(CrashPoint point) {
        try (TestJvm creator = creator("list", point, "KILL")) {
            assertEquals(-9, creator.exitStatus());
        }
        if (point == CrashPoint.MEMORY_NAMED) {
            try (ShareableList list = ShareableList.open(name)) {
                assertEquals(ITEMS, list);
                list.unlink();
            }
        } else {
            assertThrows(SharedMemoryNotFoundException.class, () -> ShareableList.open(name));
        }
        try (ShareableList list = ShareableList.create(name, ITEMS)) {
            assertEquals(ITEMS, list);
        }
    }

    /** Nobody waits for a creator, who may be stopped for ever; and one that goes on later does no harm. */
    @ParameterizedTest
    @EnumSource(names = {"MEMORY_FILE_MADE", "MEMORY_SIZED", "MEMORY_RESERVED", "MEMORY_MAPPED", "MEMORY_NAMED"})
    void nobodyWaitsForAStoppedCreator(CrashPoint point) {
        try (TestJvm creator = creator("memory", point, "STOP")) {
            awaitStopped(creator);
            boolean named = point == CrashPoint.MEMORY_NAMED;
            try (SharedMemory memory = SharedMemory.createOrOpen(name, SIZE)) {
                assertEquals(!named, memory.isCreator());
                memory.segment().fill((byte) 7);
                creator.resume();
                String outcome = creator.awaitLine("outcome").substring("outcome ".length());
                assertEquals(named ? "created" : SharedMemoryExistsException.class.getName(), outcome);
                assertEquals(0, creator.exitStatus());
                assertEquals(7, memory.segment().get(ValueLayout.JAVA_BYTE, SIZE - 1));
            }
        }
        assertTrue(Files.exists(file), "the loser took the winner's name away");
    }

    /** As above, of lists, which are named last: whoever is faster has the name, and the other says so. */
    @ParameterizedTest
    @EnumSource(names = {"MEMORY_FILE_MADE", "MEMORY_CONTENT_BEGUN", "MEMORY_CONTENT_WRITTEN"})
    void nobodyWaitsForAStoppedCreatorOfAList(CrashPoint point) {
        try (TestJvm creator = creator("list", point, "STOP")) {
            awaitStopped(creator);
            assertThrows(SharedMemoryNotFoundException.class, () -> ShareableList.open(name));
            try (ShareableList list = ShareableList.create(name, List.of("mine"))) {
                creator.resume();
                assertEquals("outcome " + SharedMemoryExistsException.class.getName(), creator.awaitLine("outcome"));
                assertEquals(List.of("mine"), list);
                assertEquals(List.of("mine"), ShareableList.open(name));
            }
        }
    }

    /** What creators leave that need two calls for a name and a size, such as CPython, when they are killed in between. */
    @Test
    void aNameWithoutASizeIsAClearError() throws IOException {
        Files.createFile(file);
        List<Executable> openings = List.of(() -> SharedMemory.open(name), () -> SharedMemory.openReadOnly(name),
                () -> SharedMemory.createOrOpen(name, 1), () -> ShareableList.open(name));
        for (Executable opening : openings) {
            String message = String.valueOf(assertThrows(IllegalStateException.class, opening).getMessage());
            assertTrue(message.contains("'" + name + "' has no size") && message.contains("unlink it"), message);
        }
        assertThrows(SharedMemoryExistsException.class, () -> SharedMemory.create(name, 1));
        SharedMemory.unlink(name);
        SharedMemory.create(name, 1).close();
    }

    /** What CPython leaves of a list when it is killed before it has written the number of items: zeros, and not a list of none. */
    @Test
    void zerosAreNoList() throws IOException {
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(300);
        }
        String message = String.valueOf(assertThrows(IllegalStateException.class, () -> ShareableList.open(name)).getMessage());
        assertTrue(message.contains("holds no list"), message);
        try (RandomAccessFile empty = new RandomAccessFile(file.toFile(), "rw")) {
            empty.setLength(16);
        }
        try (ShareableList list = ShareableList.open(name)) {
            assertTrue(list.isEmpty());
        }
    }

    /** Names come and go under the eyes of others, who see nothing or all. */
    @Test
    void nobodySeesAPart() {
        try (TestJvm creator = TestJvm.start(Creator.class, "turns", name)) {
            int seen = 0;
            creator.awaitLine("begun");
            while (seen < 300) {
                try (ShareableList list = ShareableList.open(name)) {
                    assertEquals(ITEMS, list);
                    seen++;
                } catch (SharedMemoryNotFoundException betweenTwo) {
                    Thread.onSpinWait();
                }
                try (SharedMemory memory = SharedMemory.open(secondName(name))) {
                    assertEquals(100_000, memory.size());
                    assertEquals(-1, memory.segment().mismatch(MemorySegment.ofArray(new byte[100_000])));
                } catch (SharedMemoryNotFoundException betweenTwo) {
                    Thread.onSpinWait();
                }
            }
            creator.send("end");
            creator.awaitLine("ended");
        }
        assertFalse(Files.exists(file));
    }

    /** Creates what it is told. */
    static final class Creator {

        private Creator() {}

        public static void main(String[] arguments) throws IOException {
            String name = arguments[1];
            if (arguments[0].equals("turns")) {
                takeTurns(name);
                return;
            }
            String outcome = "created";
            try {
                if (arguments[0].equals("memory")) {
                    SharedMemory.create(name, SIZE).close();
                } else {
                    ShareableList.create(name, ITEMS).close();
                }
            } catch (SharedMemoryExistsException exists) {
                outcome = exists.getClass().getName();
            }
            TestJvm.say("outcome " + outcome);
        }

        private static void takeTurns(String name) throws IOException {
            TestJvm.say("begun");
            while (System.in.available() == 0) {
                try (ShareableList list = ShareableList.create(name, ITEMS);
                        SharedMemory memory = SharedMemory.create(secondName(name), 100_000)) {
                    memory.unlink();
                    list.unlink();
                }
            }
            TestJvm.say("ended");
        }
    }
}
