// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.sync;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

import dev.kindred.OutOfSharedMemoryException;
import dev.kindred.SystemCallException;
import dev.kindred.internal.os.Descriptors;
import dev.kindred.internal.os.NamedSemaphores;
import dev.kindred.internal.os.Processes;
import dev.kindred.internal.sync.LibrarySemaphores;
import dev.kindred.internal.sync.SemaphoreLayout;

/**
 * The memory of a semaphore that the C library has opened by name. It is closed when nobody can reach the segment any more, and not before:
 * a thread may be inside of a call, or asleep on its words, and what has the address then would be something else.
 */
final class SemaphoreMapping {

    /** Only this user's processes. */
    private static final int MODE = 0600;

    private static final int ROOT = 0;

    /** A process can have some 65,000 mappings: after so many more, those that nobody can reach any more are looked for. */
    private static final int COLLECT_AFTER = 4096;

    private static final AtomicInteger OPEN = new AtomicInteger();

    private SemaphoreMapping() {}

    /** Creates a semaphore under a name that does not exist. {@return its memory} */
    static MemorySegment create(String name, int permits) {
        return keep(name, call(name, Descriptors.O_CREAT | Descriptors.O_EXCL, permits));
    }

    /** {@return the memory of a semaphore that exists} */
    static MemorySegment open(String name) {
        return keep(name, call(name, 0, 0));
    }

    static void unlink(String name) {
        try {
            NamedSemaphores.unlink(SemaphoreNames.path(name));
        } catch (SystemCallException failure) {
            throw explain(name, failure);
        }
    }

    private static long call(String name, int flags, int permits) {
        LibrarySemaphores.requireSameLayout("NamedSemaphore");
        try {
            return NamedSemaphores.open(SemaphoreNames.path(name), flags, MODE, permits);
        } catch (SystemCallException failure) {
            throw explain(name, failure);
        }
    }

    private static RuntimeException explain(String name, SystemCallException failure) {
        return switch (failure.errnoName()) {
            case "EEXIST" -> new NamedSemaphoreExistsException(name, failure);
            case "ENOENT" -> new NamedSemaphoreNotFoundException(name, failure);
            case "ENOSPC" -> new OutOfSharedMemoryException(SemaphoreLayout.LIBRARY_SIZE, "there is no room for NamedSemaphore '" + name
                    + "': /dev/shm is full (" + failure.getMessage() + ")");
            default -> failure;
        };
    }

    @SuppressWarnings("restricted")
    private static MemorySegment keep(String name, long address) {
        try {
            checkFile(name);
        } catch (RuntimeException refused) {
            NamedSemaphores.close(address);
            throw refused;
        }
        MemorySegment memory = MemorySegment.ofAddress(address)
                .reinterpret(SemaphoreLayout.LIBRARY_SIZE, Arena.ofAuto(), _ -> close(address));
        if (OPEN.incrementAndGet() % COLLECT_AFTER == 0) {
            System.gc();
        }
        return memory;
    }

    private static void close(long address) {
        OPEN.decrementAndGet();
        NamedSemaphores.close(address);
    }

    /** After it was opened: a stranger cannot put a file of ours in the place of the stranger's own. The C library looks at nothing. */
    private static void checkFile(String name) {
        Map<String, Object> attributes;
        try {
            attributes = Files.readAttributes(Path.of(SemaphoreNames.file(name)), "unix:uid,size", LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException unlinked) {
            throw new NamedSemaphoreNotFoundException(name, unlinked);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot see whose " + SemaphoreNames.file(name) + " is", failure);
        }
        int owner = (Integer) Objects.requireNonNull(attributes.get("uid"));
        if (owner != ROOT && owner != Processes.userId()) {
            throw new IllegalStateException("NamedSemaphore '" + name + "' belongs to user " + owner + ", this process to user "
                    + Processes.userId() + ": semaphores of strangers are not opened");
        }
        long size = (Long) Objects.requireNonNull(attributes.get("size"));
        if (size != SemaphoreLayout.LIBRARY_SIZE) {
            throw new IllegalStateException(SemaphoreNames.file(name) + " is no semaphore: it has " + size + " bytes, not "
                    + SemaphoreLayout.LIBRARY_SIZE);
        }
    }
}
