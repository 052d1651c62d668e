// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import dev.kindred.OutOfSharedMemoryException;
import dev.kindred.SystemCallException;
import dev.kindred.internal.crash.CrashPoint;
import dev.kindred.internal.os.Descriptors;
import dev.kindred.internal.os.Errno;
import dev.kindred.internal.os.FileStatus;
import dev.kindred.internal.os.Mappings;
import dev.kindred.internal.os.Processes;
import dev.kindred.internal.os.SharedObjects;

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

    private long size;
    private boolean descriptorKept;

    private SharedMemoryFile(int descriptor, String description, boolean readOnly) {
        this.descriptor = descriptor;
        this.description = description;
        this.readOnly = readOnly;
    }

    static SharedMemoryFile createAnonymous(long size) {
        int descriptor = SharedObjects.memfdCreate(ANONYMOUS);
        return new SharedMemoryFile(descriptor, "an anonymous SharedMemory", false).resize(size).reserveAll().seal();
    }

    /**
     * Creates one that has room, and can be mapped and filled before it is {@linkplain #giveName named}: until then
     * whatever fails leaves nothing behind, and nothing has to be taken back that others may have found.
     */
    static SharedMemoryFile create(String name, long size) {
        refuseTaken(name);
        int descriptor = SharedObjects.sharedMemoryCreateUnnamed(MODE);
        CrashPoint.MEMORY_FILE_MADE.pass();
        SharedMemoryFile file = new SharedMemoryFile(descriptor, describe(name), false).resize(size);
        try {
            return file.reserveAll();
        } catch (OutOfSharedMemoryException full) {
            // Perhaps because another was faster to get room for the same.
            refuseTaken(name);
            throw full;
        }
    }

    /**
     * It would be found out when the name is given; but nobody should fail for want of room that another has already
     * taken under this name.
     */
    private static void refuseTaken(String name) {
        int descriptor;
        try {
            descriptor = SharedObjects.sharedMemoryOpen(path(name), Descriptors.O_RDONLY, 0);
        } catch (SystemCallException freeOrNotToBeOpened) {
            return;
        }
        Descriptors.close(descriptor);
        throw new SharedMemoryExistsException(name);
    }

    static SharedMemoryFile open(String name, boolean readOnly) {
        int descriptor = openDescriptor(name, readOnly ? Descriptors.O_RDONLY : Descriptors.O_RDWR);
        return new SharedMemoryFile(descriptor, describe(name), readOnly).examine();
    }

    /** {@return the file of an anonymous one that this child was given} The descriptor is this object's from now on. */
    static SharedMemoryFile inherited(int descriptor) {
        SharedMemoryFile file = new SharedMemoryFile(descriptor, "an inherited SharedMemory", false);
        file.size = Descriptors.status(descriptor).size();
        return file;
    }

    static void unlink(String name) {
        try {
            SharedObjects.sharedMemoryUnlink(path(name));
        } catch (SystemCallException failure) {
            throw failure.errno() == Errno.ENOENT ? new SharedMemoryNotFoundException(name, failure) : failure;
        }
    }

    long size() {
        return size;
    }

    boolean isReadOnly() {
        return readOnly;
    }

    /** {@return the file's bytes, until the arena is closed} */
    @SuppressWarnings("restricted")
    MemorySegment map(Arena arena) {
        long length = size;
        int protection = readOnly ? Mappings.PROT_READ : Mappings.PROT_READ | Mappings.PROT_WRITE;
        long address = Mappings.map(descriptor, 0, length, protection, Mappings.MAP_SHARED);
        CrashPoint.MEMORY_MAPPED.pass();
        if (readOnly && !isReserved()) {
            try {
                SharedObjects.reserveMapped(descriptor, address, length, description);
            } catch (Throwable failure) {
                Mappings.unmap(address, length);
                throw failure;
            }
        }
        MemorySegment mapped = MemorySegment.ofAddress(address)
                .reinterpret(length, arena, _ -> Mappings.unmap(address, length));
        return readOnly ? mapped.asReadOnly() : mapped;
    }

    /**
     * Lets others find it. What was done to the file and its bytes before is there for whoever opens it: a system call
     * lies between.
     *
     * @throws SharedMemoryExistsException if another has the name
     */
    void giveName(String name) {
        if (!SharedObjects.sharedMemoryLink(descriptor, path(name))) {
            throw new SharedMemoryExistsException(name);
        }
        CrashPoint.MEMORY_NAMED.pass();
    }

    /** {@return the descriptor, which the caller closes} */
    int keepDescriptor() {
        descriptorKept = true;
        return descriptor;
    }

    @Override
    public void close() {
        if (!descriptorKept) {
            Descriptors.close(descriptor);
        }
    }

    private SharedMemoryFile resize(long bytes) {
        return orClose(() -> {
            SharedObjects.truncate(descriptor, bytes);
            size = bytes;
            CrashPoint.MEMORY_SIZED.pass();
        });
    }

    private SharedMemoryFile reserveAll() {
        return orClose(() -> {
            SharedObjects.reserve(descriptor, 0, size, description);
            CrashPoint.MEMORY_RESERVED.pass();
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
            if (!readOnly && !isReserved()) {
                SharedObjects.reserve(descriptor, 0, size, description);
            }
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
     * {@return whether there is a page behind every byte} A creator such as CPython only sets the size, so that a page
     * is looked for when it is first touched, and SIGBUS if there is none.
     */
    private boolean isReserved() {
        return Descriptors.status(descriptor).allocated() >= size;
    }

    private static int openDescriptor(String name, int flags) {
        try {
            return SharedObjects.sharedMemoryOpen(path(name), flags, 0);
        } catch (SystemCallException failure) {
            throw failure.errno() == Errno.ENOENT ? new SharedMemoryNotFoundException(name, failure) : failure;
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
