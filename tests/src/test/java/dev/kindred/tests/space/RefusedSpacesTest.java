// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.space;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.kindred.OutOfSharedMemoryException;
import dev.kindred.Space;
import dev.kindred.sync.Lock;
import dev.kindred.tests.support.Delays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What has a space's name and is none of this user's and this version is refused, by an error that says why, and is left as it is. */
class RefusedSpacesTest {

    private static final long VERSION_OFFSET = 8;
    private static final int NOBODY = 65534;

    private final String name = SpaceFiles.newName();
    private final Path file = SpaceFiles.of(name);

    @AfterEach
    void remove() throws IOException {
        Files.deleteIfExists(file);
    }

    /** Leaves a space behind that is as it should be. */
    private void makeSpace() {
        Space space = Space.open(name);
        Lock.open(space, "lock").lock();
        space.close();
        assertTrue(SpaceFiles.exists(name));
    }

    private String refusal() {
        IllegalStateException refused = assertThrows(IllegalStateException.class, () -> Space.open(name));
        String message = String.valueOf(refused.getMessage());
        assertTrue(message.contains("'" + name + "' (" + file + ")"), message);
        return message;
    }

    @Test
    void anotherVersion() throws IOException {
        makeSpace();
        ByteBuffer version = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder()).putInt(4711).flip();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(version, VERSION_OFFSET);
        }
        String message = refusal();
        assertTrue(message.contains("another version of Kindred: its format is 4711, that of this one"), message);
        assertTrue(message.contains("remove it, or choose another name"), message);
    }

    @Test
    void truncated() throws IOException {
        makeSpace();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(8192);
        }
        String message = refusal();
        assertTrue(message.contains("is damaged: it has 8192 bytes"), message);
    }

    @Test
    void empty() throws IOException {
        Files.createFile(file);
        String message = refusal();
        assertTrue(message.contains("is not a shared space of Kindred"), message);
        assertEquals(0, Files.size(file));
    }

    @Test
    void ofAnotherProgram() throws IOException {
        Files.writeString(file, "something else altogether");
        String message = refusal();
        assertTrue(message.contains("is not a shared space of Kindred"), message);
        assertEquals("something else altogether", Files.readString(file));
    }

    /** A file as large as a space, without a page in it. */
    @Test
    void sparse() throws IOException {
        makeSpace();
        long size = Files.size(file);
        Files.delete(file);
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(size);
        }
        assertTrue(refusal().contains("is not a shared space of Kindred"));
    }

    @Test
    void aSymbolicLink() throws IOException {
        Path target = Files.createTempFile("kindred", "target");
        Files.createSymbolicLink(file, target);
        assertTrue(refusal().contains("is a symbolic link"));
        assertEquals(0, Files.size(target));
        Files.delete(target);
    }

    @Test
    void aFolder() throws IOException {
        Files.createDirectory(file);
        assertThrows(RuntimeException.class, () -> Space.open(name));
        assertTrue(Files.isDirectory(file));
    }

    @Test
    void ofAnotherUser() throws IOException {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can give a file to another user");
        makeSpace();
        Files.setAttribute(file, "unix:uid", NOBODY);
        String message = refusal();
        assertTrue(message.contains("belongs to user 65534, this process to user 0"), message);
        assertTrue(message.contains("choose another name"), message);
        assertEquals(NOBODY, Files.getAttribute(file, "unix:uid"));
    }

    /** One who is not root cannot even open it, and is told the same. */
    @Test
    void ofAnotherUserWhoMayNotBeRead() throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can become another user");
        makeSpace();
        Path cache = Files.createTempDirectory("kindred-nobody");
        Files.setAttribute(cache, "unix:uid", NOBODY);
        try {
            String output = run(List.of("setpriv", "--reuid", "nobody", "--clear-groups"), List.of("-Dkindred.cache=" + cache), OpensOne.class, name);
            assertTrue(output.contains("belongs to user 0, this process to user 65534"), output);
        } finally {
            try (var files = Files.walk(cache)) {
                for (Path each : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }

    /** A program that opens a space and prints what it throws. */
    static final class OpensOne {
        private OpensOne() {}

        public static void main(String[] arguments) {
            try {
                System.out.println("opened: " + Space.open(arguments[0]));
            } catch (IllegalStateException refused) {
                // The other user cannot read what else is on the class path.
                System.out.println(refused.getMessage());
            }
        }
    }

    private static String run(List<String> wrapper, List<String> options, Class<?> program, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(wrapper);
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m", "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS), output);
        assumeTrue(!output.contains("unshare failed") && process.exitValue() != NOT_PERMITTED, "this user may not mount: " + output);
        assertEquals(0, process.exitValue(), output);
        return output;
    }

    /** What the shell ends with where this user may not mount. */
    private static final int NOT_PERMITTED = 77;

    /** In a mount namespace of its own, /dev/shm is a file system of 512 KiB. */
    private static final String SMALL = "mount -t tmpfs -o size=512k,mode=1777 kindred-test /dev/shm || exit " + NOT_PERMITTED + "; exec \"$@\"";

    @Test
    void aFullDevShmIsAnException() throws IOException, InterruptedException {
        String output = run(List.of("unshare", "--mount", "sh", "-c", SMALL, "sh"), List.of(), InSmallDevShm.class);
        assertTrue(output.endsWith("all as it should be\n"), output);
    }

    /** Runs with a /dev/shm of 512 KiB. */
    static final class InSmallDevShm {

        private static final int PAGE = 4096;
        private static final Path FILLER = Path.of("/dev/shm/filler");

        private InSmallDevShm() {}

        public static void main(String[] arguments) throws IOException {
            fillButFor(0);
            assertThrows(OutOfSharedMemoryException.class, () -> Space.open("orders"));
            assertEquals(List.of("filler"), names());
            // Room for a space, and for none of what is in it.
            fillButFor(2 * PAGE);
            try (Space space = Space.open("orders")) {
                assertThrows(OutOfSharedMemoryException.class, () -> Lock.open(space, "lock"));
                assertEquals(List.of(), space.names());
                Files.delete(FILLER);
                Lock lock = Lock.open(space, "lock");
                lock.lock();
                lock.unlock();
                int opened = openUntilFull(space);
                assertEquals(opened + 1, space.names().size());
                assertTrue(space.remove("lock"));
                assertTrue(lock.tryLock());
                lock.unlock();
            }
            assertFalse(Files.exists(Path.of("/dev/shm/kindred.orders")));
            System.out.println("all as it should be");
        }

        private static int openUntilFull(Space space) {
            for (int i = 0; ; i++) {
                String name = "lock-" + i;
                try {
                    Lock.open(space, name);
                } catch (OutOfSharedMemoryException full) {
                    return i;
                }
            }
        }

        private static void fillButFor(int bytes) throws IOException {
            long room = Files.getFileStore(Path.of("/dev/shm")).getUsableSpace()
                    + (Files.exists(FILLER) ? Files.size(FILLER) : 0);
            Files.write(FILLER, new byte[(int) room - bytes]);
        }

        private static List<String> names() throws IOException {
            try (var files = Files.list(Path.of("/dev/shm"))) {
                return files.map(each -> each.getFileName().toString()).toList();
            }
        }
    }
}
