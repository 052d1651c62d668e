// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

import dev.kindred.internal.poll.OpenDescriptor;
import org.jspecify.annotations.Nullable;

/** What a listener works with, apart from the listener, so that it can be closed when the listener has become unreachable. */
final class ListeningSocket {

    /** A file's number, by which one of the same path that somebody else has put there is told from it. */
    private record Identity(@Nullable Object device, @Nullable Object inode) {

        private static Identity of(Path path) throws IOException {
            Map<String, Object> attributes = Files.readAttributes(path, "unix:dev,ino", LinkOption.NOFOLLOW_LINKS);
            return new Identity(attributes.get("dev"), attributes.get("ino"));
        }
    }

    private final OpenDescriptor descriptor;

    /** The file that goes with it, or null if there is none or it is another process's. */
    private final @Nullable Path file;
    private final @Nullable Identity identity;

    /** Takes a number over; and a file, if one is given. */
    ListeningSocket(int number, @Nullable Path file) {
        this.descriptor = new OpenDescriptor(number);
        this.file = file == null ? null : file.toAbsolutePath();
        try {
            this.identity = file == null ? null : Identity.of(file);
        } catch (IOException e) {
            throw new UncheckedIOException("the socket's file " + file + " cannot be looked at", e);
        }
    }

    OpenDescriptor descriptor() {
        return descriptor;
    }

    /** Closes it, and removes its file if that is still the one. */
    void close() {
        // In this order: who finds the file and connects is still refused or accepted, and does not hang.
        try {
            removeFile();
        } finally {
            descriptor.close();
        }
    }

    private void removeFile() {
        Path path = file;
        if (path == null) {
            return;
        }
        try {
            if (Identity.of(path).equals(identity)) {
                Files.deleteIfExists(path);
            }
        } catch (NoSuchFileException gone) {
            // Somebody has removed it: that is what was wanted.
            return;
        } catch (IOException e) {
            throw new UncheckedIOException("the socket's file " + path + " cannot be removed", e);
        }
    }
}
