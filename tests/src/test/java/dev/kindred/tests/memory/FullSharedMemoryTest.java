// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.kindred.OutOfSharedMemoryException;
import dev.kindred.memory.ShareableList;
import dev.kindred.memory.SharedMemory;
import dev.kindred.tests.support.Delays;
import org.junit.jupiter.api.Test;

/** A /dev/shm without room is an exception, and nothing else: no SIGBUS, no InternalError, nothing left behind. */
final class FullSharedMemoryTest {

    /** What the shell ends with where this user may not mount. */
    private static final int NOT_PERMITTED = 77;

    /** In a mount namespace of its own, /dev/shm is a file system of 8 MiB. */
    private static final String SMALL = "mount -t tmpfs -o size=8m,mode=1777 kindred-test /dev/shm || exit "
            + NOT_PERMITTED + "; exec \"$@\"";

    @Test
    void aFullDevShmIsAnException() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c", SMALL, "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m",
                "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), InSmallDevShm.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS));
        assumeFalse(process.exitValue() == NOT_PERMITTED || output.contains("unshare failed"),
                "this user may not mount: " + output);
        assertEquals(0, process.exitValue(), output);
        assertTrue(output.endsWith("all as it should be\n"), output);
    }

    /** Runs with a /dev/shm of 8 MiB. */
    static final class InSmallDevShm {

        private static final long MEBIBYTE = 1 << 20;

        private InSmallDevShm() {}

        public static void main(String[] arguments) throws IOException {
            try (SharedMemory first = create("first")) {
                OutOfSharedMemoryException full =
                        assertThrows(OutOfSharedMemoryException.class, () -> create("second"));
                assertEquals(6 * MEBIBYTE, full.requested());
                assertTrue(String.valueOf(full.getMessage()).contains("'second'"), full.getMessage());
                assertEquals(List.of("first"), names());
                String text = "x".repeat(3 << 20);
                assertThrows(OutOfSharedMemoryException.class, () -> ShareableList.create("list", List.of(text)));
                assertThrows(OutOfSharedMemoryException.class, () -> SharedMemory.createOrOpen("third", 6 * MEBIBYTE));
                assertEquals(List.of("first"), names());
                first.segment().fill((byte) 1);
                openingWhatNobodyReserved();
                first.unlink();
            }
            create("second").close();
            SharedMemory.unlink("second");
            System.out.println("all as it should be");
        }

        private static SharedMemory create(String name) {
            return SharedMemory.create(name, 6 * MEBIBYTE);
        }

        /** As CPython leaves it: of the right size, and with no page behind it. */
        private static void openingWhatNobodyReserved() throws IOException {
            Path sparse = Path.of("/dev/shm/sparse");
            try (RandomAccessFile file = new RandomAccessFile(sparse.toFile(), "rw")) {
                file.setLength(4 * MEBIBYTE);
            }
            assertThrows(OutOfSharedMemoryException.class, () -> SharedMemory.open("sparse"));
            assertThrows(OutOfSharedMemoryException.class, () -> SharedMemory.openReadOnly("sparse"));
            Files.delete(sparse);
        }

        private static List<String> names() throws IOException {
            try (var files = Files.list(Path.of("/dev/shm"))) {
                return files.map(file -> file.getFileName().toString()).toList();
            }
        }
    }
}
