// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.os;

import dev.kindred.UnsupportedPlatformException;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * A folder of extracted libraries, which only their owner can write.
 *
 * <p>A file is written under a name of its own and then renamed, so that whoever finds one finds all of it, however many processes extract it
 * at once and whenever one of them is killed. What is found is compared with what it is to be: a file that a crash of the machine has left
 * damaged is replaced.
 */
final class LibraryCache {

    /** The property that names the folder. */
    static final String FOLDER_PROPERTY = "kindred.cache";

    private static final Set<PosixFilePermission> OWNER_ONLY = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);
    private static final String TEMPORARY_SUFFIX = ".tmp";
    private static final int WRITABLE_BY_OTHERS = 0022;

    private final Path folder;

    LibraryCache(Path folder) {
        this.folder = folder;
    }

    /** {@return the cache of this user}: the folder that is asked for, else that of the desktop's rules, else one beside the temporary files. */
    static LibraryCache standard() {
        String asked = System.getProperty(FOLDER_PROPERTY);
        if (asked != null) {
            return new LibraryCache(Path.of(asked).toAbsolutePath());
        }
        String caches = System.getenv("XDG_CACHE_HOME");
        if (caches != null && caches.startsWith("/")) {
            return new LibraryCache(Path.of(caches, "kindred"));
        }
        Path home = Path.of(System.getProperty("user.home"));
        if (home.isAbsolute() && Files.isDirectory(home) && Files.isWritable(home)) {
            return new LibraryCache(home.resolve(".cache").resolve("kindred"));
        }
        return new LibraryCache(Path.of(System.getProperty("java.io.tmpdir"), "kindred-" + userId()).toAbsolutePath());
    }

    /**
     * {@return the file of this name, which holds the content}
     *
     * @throws UnsupportedPlatformException if the folder cannot be used, or not be trusted
     */
    Path provide(String name, byte[] content) {
        try {
            prepareFolder();
            Path file = folder.resolve(name);
            if (!holds(file, content)) {
                removeRemains();
                write(file, content);
            }
            return file;
        } catch (IOException e) {
            throw new UnsupportedPlatformException(
                    "the native library of Kindred cannot be extracted to " + folder + ": " + e + "; set -D" + FOLDER_PROPERTY
                            + "=FOLDER to a folder that can be written",
                    e);
        }
    }

    private void prepareFolder() throws IOException {
        FileAttribute<?> ownerOnly = PosixFilePermissions.asFileAttribute(OWNER_ONLY);
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            Path parent = folder.getParent();
            if (parent != null) {
                Files.createDirectories(parent, ownerOnly);
            }
            try {
                Files.createDirectory(folder, ownerOnly);
            } catch (FileAlreadyExistsException e) {
                // Another process was faster; whose it is is looked at below in any case.
            }
        }
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw distrusted("it is no folder");
        }
        int owner = (Integer) Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        int user = userId();
        if (owner != user) {
            throw distrusted("it belongs to user " + owner + " and this is user " + user);
        }
        int mode = (Integer) Files.getAttribute(folder, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        if ((mode & WRITABLE_BY_OTHERS) != 0) {
            throw distrusted("others may write to it (mode " + Texts.mode(mode & 07777) + ", want 0700)");
        }
    }

    private UnsupportedPlatformException distrusted(String why) {
        return new UnsupportedPlatformException("the native library of Kindred is not extracted to " + folder + ", because " + why
                + "; remove it, or set -D" + FOLDER_PROPERTY + "=FOLDER to a folder of your own");
    }

    private static boolean holds(Path file, byte[] content) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try {
            return Files.size(file) == content.length && Arrays.equals(Files.readAllBytes(file), content);
        } catch (NoSuchFileException e) {
            return false; // removed just now
        }
    }

    private void write(Path file, byte[] content) throws IOException {
        // Not Files.createTempFile: its random numbers cost more than all the rest.
        Path temporary = folder.resolve(
                file.getFileName() + "." + ProcessHandle.current().pid() + "." + System.nanoTime() + TEMPORARY_SUFFIX);
        try (SeekableByteChannel channel = Files.newByteChannel(
                temporary,
                Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
                PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Removes what processes have left that were killed while they wrote; one that writes still is not an hour old. */
    private void removeRemains() throws IOException {
        FileTime limit = FileTime.from(Instant.now().minus(1, ChronoUnit.HOURS));
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + TEMPORARY_SUFFIX)) {
            for (Path file : files) {
                if (Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).compareTo(limit) < 0) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /** {@return the user that files made by this process belong to} The library that could tell is only being loaded. */
    private static int userId() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("Uid:\t")) {
                    return Integer.parseUnsignedInt(line.split("\t", 5)[4]);
                }
            }
            throw new UnsupportedPlatformException("/proc/self/status does not say which user this is");
        } catch (IOException e) {
            throw new UnsupportedPlatformException("cannot tell which user this is: /proc/self/status: " + e.getMessage(), e);
        }
    }
}
