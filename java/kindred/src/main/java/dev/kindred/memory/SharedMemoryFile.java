// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import dev.kindred.SystemCallException;
import dev.kindred.internal.os.Descriptors;
import dev.kindred.internal.os.FileStatus;
import dev.kindred.internal.os.Mappings;
import dev.kindred.internal.os.Processes;
import dev.kindred.internal.os.SharedObjects;
import org.jspecify.annotations.Nullable;

/**
 * The file under a {@link SharedMemory} while that is being made: created or opened, checked, with its room reserved,
 * ready to be mapped. Closing it takes back what was done for it, except what was kept.
 */
final class SharedMemoryFile implements AutoCloseable {

    /** The name of all anonymous ones, which only /proc shows. */
    private static final String ANONYMOUS = "kindred-memory";

    /** Only this user's processes. */
    private static final int MODE = 0600;

    /** How long a name may exist without a size: whoever creates by shm_open and ftruncate needs two calls. */
    private static final long SIZE_WAIT_NANOSECONDS = TimeUnit.MILLISECONDS.toNanos(200);

    private static final long SIZE_POLL_NANOSECONDS = TimeUnit.MICROSECONDS.toNanos(200);

    private static final int ROOT = 0;

    private final int descriptor;
    private final String description;
    private final boolean readOnly;

    /** The name that goes when this is closed; null once the memory is made, and when the name was there before. */
    private @Nullable String newName;

    private long size;
    private boolean descriptorKept;

    private SharedMemoryFile(int descriptor, String description, boolean readOnly, @Nullable String newName) {
        this.descriptor = descriptor;
        this.description = description;
        this.readOnly = readOnly;
        this.newName = newName;
    }

    static SharedMemoryFile createAnonymous(long size) {
        int descriptor = SharedObjects.memfdCreate(ANONYMOUS);
        return new SharedMemoryFile(descriptor, "an anonymous SharedMemory", false, null).allocate(size).seal();
    }

    static SharedMemoryFile create(String name, long size) {
        int descriptor = openDescriptor(name, Descriptors.O_CREAT | Descriptors.O_EXCL | Descriptors.O_RDWR);
        return new SharedMemoryFile(descriptor, describe(name), false, name).allocate(size);
    }

    static SharedMemoryFile open(String name, boolean readOnly) {
        int descriptor = openDescriptor(name, readOnly ? Descriptors.O_RDONLY : Descriptors.O_RDWR);
        return new SharedMemoryFile(descriptor, describe(name), readOnly, null).examine();
    }

    /** {@return the file of an anonymous one that this child was given} The descriptor is this object's from now on. */
    static SharedMemoryFile inherited(int descriptor) {
        SharedMemoryFile file = new SharedMemoryFile(descriptor, "an inherited SharedMemory", false, null);
        file.size = Descriptors.status(descriptor).size();
        return file;
    }

    static void unlink(String name) {
        try {
            SharedObjects.sharedMemoryUnlink(path(name));
        } catch (SystemCallException failure) {
            throw failure.errnoName().equals("ENOENT") ? new SharedMemoryNotFoundException(name, failure) : failure;
        }
    }

    long size() {
        return size;
    }

    boolean isReadOnly() {
        return readOnly;
    }

    /** {@return the file's bytes, until the arena is closed} The name stays from now on. */
    @SuppressWarnings("restricted")
    MemorySegment map(Arena arena) {
        long length = size;
        int protection = readOnly ? Mappings.PROT_READ : Mappings.PROT_READ | Mappings.PROT_WRITE;
        long address = Mappings.map(descriptor, 0, length, protection, Mappings.MAP_SHARED);
        MemorySegment mapped = MemorySegment.ofAddress(address)
                .reinterpret(length, arena, _ -> Mappings.unmap(address, length));
        newName = null;
        return readOnly ? mapped.asReadOnly() : mapped;
    }

    /** {@return the descriptor, which the caller closes} */
    int keepDescriptor() {
        descriptorKept = true;
        return descriptor;
    }

    @Override
    public void close() {
        if (newName != null) {
            SharedObjects.sharedMemoryUnlink(path(newName));
            newName = null;
        }
        if (!descriptorKept) {
            Descriptors.close(descriptor);
        }
    }

    /**
     * The size comes before the room: reserving makes a file grow step by step, and an opener must not take a step for
     * the size.
     */
    private SharedMemoryFile allocate(long bytes) {
        return orClose(() -> {
            SharedObjects.truncate(descriptor, bytes);
            SharedObjects.reserve(descriptor, 0, bytes, description);
            size = bytes;
        });
    }

    private SharedMemoryFile seal() {
        int seals = SharedObjects.F_SEAL_SHRINK | SharedObjects.F_SEAL_GROW | SharedObjects.F_SEAL_SEAL;
        return orClose(() -> SharedObjects.addSeals(descriptor, seals));
    }

    private SharedMemoryFile examine() {
        return orClose(() -> {
            checkOwner();
            size = awaitSize();
            reserve();
        });
    }

    private SharedMemoryFile orClose(Runnable step) {
        try {
            step.run();
            return this;
        } catch (Throwable failure) {
            try {
                close();
            } catch (RuntimeException second) {
                failure.addSuppressed(second);
            }
            throw failure;
        }
    }

    private void checkOwner() {
        FileStatus status = Descriptors.status(descriptor);
        if (status.isDirectory()) {
            throw new IllegalStateException(description + " is not shared memory but a folder of /dev/shm");
        }
        if (status.uid() != ROOT && status.uid() != Processes.userId()) {
            throw new IllegalStateException(description + " belongs to user " + status.uid() + ", this process to user "
                    + Processes.userId() + ": memory of strangers is not opened");
        }
    }

    private long awaitSize() {
        long deadline = System.nanoTime() + SIZE_WAIT_NANOSECONDS;
        while (true) {
            long current = Descriptors.status(descriptor).size();
            if (current > 0) {
                return current;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException(
                        description + " has no size: whoever created it died before it set one; unlink it");
            }
            LockSupport.parkNanos(SIZE_POLL_NANOSECONDS);
        }
    }

    /**
     * A creator such as CPython only sets the size, so that a page is looked for when it is first touched, and SIGBUS
     * if there is none.
     */
    private void reserve() {
        if (Descriptors.status(descriptor).allocated() >= size) {
            return;
        }
        if (!readOnly) {
            SharedObjects.reserve(descriptor, 0, size, description);
            return;
        }
        int writable;
        try {
            writable = Descriptors.open("/proc/self/fd/" + descriptor, Descriptors.O_RDWR, 0);
        } catch (SystemCallException denied) {
            // This user may only read it: what its creator has reserved must do, as SharedMemory documents.
            return;
        }
        try {
            SharedObjects.reserve(writable, 0, size, description);
        } finally {
            Descriptors.close(writable);
        }
    }

    private static int openDescriptor(String name, int flags) {
        try {
            return SharedObjects.sharedMemoryOpen(path(name), flags, MODE);
        } catch (SystemCallException failure) {
            throw switch (failure.errnoName()) {
                case "EEXIST" -> new SharedMemoryExistsException(name, failure);
                case "ENOENT" -> new SharedMemoryNotFoundException(name, failure);
                default -> failure;
            };
        }
    }

    /** {@return what shm_open calls a name} */
    private static String path(String name) {
        return "/" + name;
    }

    private static String describe(String name) {
        return "SharedMemory '" + name + "'";
    }
}
