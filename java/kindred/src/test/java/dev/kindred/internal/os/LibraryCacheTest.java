// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.os;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kindred.UnsupportedPlatformException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cache gives out files with the right content only, and only from folders that nobody else can write. */
class LibraryCacheTest {

    private static final byte[] CONTENT = "a library".getBytes(StandardCharsets.UTF_8);
    private static final int NOBODY = 65534;

    @TempDir
    Path temporary;

    @Test
    void writesOnceAndFindsAgain() throws IOException {
        Path folder = temporary.resolve("new/folder");
        Path file = new LibraryCache(folder).provide("lib.so", CONTENT);
        assertEquals(folder.resolve("lib.so"), file);
        assertArrayEquals(CONTENT, Files.readAllBytes(file));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
        Object inode = Files.getAttribute(file, "unix:ino");
        assertEquals(file, new LibraryCache(folder).provide("lib.so", CONTENT));
        assertEquals(inode, Files.getAttribute(file, "unix:ino"));
        assertEquals(List.of("lib.so"), names(folder));
    }

    @Test
    void replacesWhatIsDamaged() throws IOException {
        LibraryCache cache = new LibraryCache(temporary.resolve("cache"));
        Path file = cache.provide("lib.so", CONTENT);
        for (byte[] damaged : List.of(new byte[0], new byte[CONTENT.length], "a library and more".getBytes(StandardCharsets.UTF_8))) {
            Files.write(file, damaged);
            assertArrayEquals(CONTENT, Files.readAllBytes(cache.provide("lib.so", CONTENT)));
        }
    }

    /** A file that a process has loaded must not change under it. */
    @Test
    void replacesAndDoesNotOverwrite() throws IOException {
        LibraryCache cache = new LibraryCache(temporary.resolve("cache"));
        Path file = cache.provide("lib.so", CONTENT);
        Files.write(file, new byte[3]);
        Object inode = Files.getAttribute(file, "unix:ino");
        Path link = Files.createLink(temporary.resolve("loaded"), file); // keeps the inode's number from being used again
        cache.provide("lib.so", CONTENT);
        assertNotEquals(inode, Files.getAttribute(file, "unix:ino"));
        assertEquals(3, Files.size(link));
    }

    @Test
    void replacesALink() throws IOException {
        Path folder = temporary.resolve("cache");
        LibraryCache cache = new LibraryCache(folder);
        cache.provide("other.so", CONTENT);
        Path target = Files.write(temporary.resolve("target"), CONTENT);
        Files.createSymbolicLink(folder.resolve("lib.so"), target);
        assertTrue(Files.isRegularFile(cache.provide("lib.so", CONTENT), java.nio.file.LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void removesWhatTheKilledHaveLeft() throws IOException {
        Path folder = temporary.resolve("cache");
        LibraryCache cache = new LibraryCache(folder);
        cache.provide("old.so", CONTENT);
        Path remains = Files.write(folder.resolve("lib.so.1.2.tmp"), new byte[1]);
        Files.setLastModifiedTime(remains, FileTime.from(Instant.now().minus(2, ChronoUnit.HOURS)));
        Path inWork = Files.write(folder.resolve("lib.so.3.4.tmp"), new byte[1]);
        cache.provide("lib.so", CONTENT);
        assertFalse(Files.exists(remains));
        assertTrue(Files.exists(inWork));
    }

    @Test
    void refusesAFolderThatOthersCanWrite() throws IOException {
        Path folder = Files.createDirectory(temporary.resolve("open"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertEquals(
                "the native library of Kindred is not extracted to " + folder + ", because others may write to it (mode 0777, want 0700); "
                        + "remove it, or set -Dkindred.cache=FOLDER to a folder of your own",
                refusal(folder));
    }

    @Test
    void refusesALinkToAFolder() throws IOException {
        Path folder = Files.createDirectory(temporary.resolve("folder"));
        assertTrue(refusal(Files.createSymbolicLink(temporary.resolve("link"), folder)).contains("it is no folder"));
        assertTrue(refusal(Files.createSymbolicLink(temporary.resolve("broken"), temporary.resolve("nowhere"))).contains("it is no folder"));
    }

    @Test
    void refusesAFolderOfSomebodyElse() throws IOException {
        assumeTrue(Processes.userId() == 0, "only root can give folders away");
        Path folder = Files.createDirectory(temporary.resolve("foreign"), PosixFilePermissions.asFileAttribute(
                PosixFilePermissions.fromString("rwx------")));
        Files.setAttribute(folder, "unix:uid", NOBODY);
        assertTrue(refusal(folder).contains("it belongs to user 65534 and this is user 0"));
    }

    @Test
    void namesThePropertyWhereItCannotWrite() throws IOException {
        Path file = Files.write(temporary.resolve("file"), CONTENT);
        String message = refusal(file.resolve("cache"));
        assertTrue(message.endsWith("; set -Dkindred.cache=FOLDER to a folder that can be written"), message);
    }

    private static String refusal(Path folder) {
        return String.valueOf(
                assertThrows(UnsupportedPlatformException.class, () -> new LibraryCache(folder).provide("lib.so", CONTENT))
                        .getMessage());
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
