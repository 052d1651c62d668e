// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.os;

import dev.kindred.OutOfSharedMemoryException;
import dev.kindred.SystemCallException;
import dev.kindred.UnsupportedPlatformException;

/** Files that lie in memory: anonymous ones and those of {@code /dev/shm}. */
public final class SharedObjects {

    /** No more seals may be added. */
    public static final int F_SEAL_SEAL = 1;

    /** The file cannot become smaller. */
    public static final int F_SEAL_SHRINK = 2;

    /** The file cannot become larger. */
    public static final int F_SEAL_GROW = 4;

    private static final int FALLOC_FL_KEEP_SIZE = 1;
    private static final int FALLOC_FL_PUNCH_HOLE = 2;

    private SharedObjects() {}

    /**
     * {@return a descriptor of a new anonymous file, which can be sealed}
     *
     * @param name what /proc shows it as
     * @throws dev.kindred.SystemCallException if it cannot be made
     */
    public static int memfdCreate(String name) {
        NativeLibrary.require();
        int result = Native.memfdCreate(Texts.terminated(name));
        if (result < 0) {
            throw Errno.failure(result, "memfd_create", "name", name);
        }
        return result;
    }

    /**
     * Adds seals, which can never be removed.
     *
     * @param descriptor an anonymous file
     * @param seals      {@code F_SEAL_} constants
     * @throws dev.kindred.SystemCallException if it is sealed against seals, or no anonymous file
     */
    public static void addSeals(int descriptor, int seals) {
        int result = Native.addSeals(descriptor, seals);
        if (result < 0) {
            throw Errno.failure(
                    result,
                    "fcntl",
                    "descriptor",
                    descriptor,
                    "command",
                    "F_ADD_SEALS",
                    "seals",
                    Texts.bitNames(
                            seals, "0", "F_SEAL_SEAL", F_SEAL_SEAL, "F_SEAL_SHRINK", F_SEAL_SHRINK, "F_SEAL_GROW", F_SEAL_GROW));
        }
    }

    /**
     * {@return a descriptor of a named object}
     *
     * @param name  its name: a slash and at most 255 bytes without a slash
     * @param flags {@code O_} constants of {@link Descriptors}
     * @param mode  permissions of one that is created
     * @throws dev.kindred.SystemCallException if it cannot be opened
     */
    public static int sharedMemoryOpen(String name, int flags, int mode) {
        NativeLibrary.require();
        int result = Native.sharedMemoryOpen(Texts.terminated(name), flags, mode);
        if (result < 0) {
            throw Errno.failure(
                    result, "shm_open", "name", name, "flags", Descriptors.flagNames(flags), "mode", Texts.mode(mode));
        }
        return result;
    }

    /**
     * Removes a named object's name. The object lives on while somebody has it open.
     *
     * @param name its name
     * @throws dev.kindred.SystemCallException if there is none, or it is another user's
     */
    public static void sharedMemoryUnlink(String name) {
        NativeLibrary.require();
        int result = Native.sharedMemoryUnlink(Texts.terminated(name));
        if (result < 0) {
            throw Errno.failure(result, "shm_unlink", "name", name);
        }
    }

    /**
     * {@return a descriptor of a new file that lies where named objects do, but has no name yet} It is gone when nobody has it open or mapped,
     * unless {@link #sharedMemoryLink} gives it a name.
     *
     * @param mode its permissions
     * @throws UnsupportedPlatformException    if the file system of /dev/shm cannot do that
     * @throws dev.kindred.SystemCallException if it cannot be made
     */
    public static int sharedMemoryCreateUnnamed(int mode) {
        NativeLibrary.require();
        int result = Native.sharedMemoryCreateUnnamed(mode);
        if (result < 0) {
            SystemCallException failure =
                    Errno.failure(result, "open", "path", "/dev/shm", "flags", "O_RDWR|O_TMPFILE", "mode", Texts.mode(mode));
            throw result == -Errno.EOPNOTSUPP ? notInMemory(failure) : failure;
        }
        return result;
    }

    private static UnsupportedPlatformException notInMemory(SystemCallException failure) {
        return new UnsupportedPlatformException(
                "/dev/shm cannot hold named shared memory, because its file system cannot make a file that has no name yet; mount a tmpfs"
                        + " there (mount -t tmpfs tmpfs /dev/shm): " + failure.getMessage(),
                failure);
    }

    /**
     * Gives a file its name, all at once: nobody finds it half made.
     *
     * @param descriptor a file that {@link #sharedMemoryCreateUnnamed} made
     * @param name       its name
     * @return false, and nothing was done, if another file has that name
     * @throws dev.kindred.SystemCallException if it cannot get one
     */
    public static boolean sharedMemoryLink(int descriptor, String name) {
        int result = Native.sharedMemoryLink(descriptor, Texts.terminated(name));
        if (result < 0 && result != -Errno.EEXIST) {
            throw Errno.failure(result, "linkat", "descriptor", descriptor, "name", name);
        }
        return result >= 0;
    }

    /**
     * Sets a file's length. Room for what is added is not reserved.
     *
     * @param descriptor the file
     * @param size       its new length in bytes
     * @throws dev.kindred.SystemCallException if it cannot be that long
     */
    public static void truncate(int descriptor, long size) {
        int result = Native.truncate(descriptor, size);
        if (result < 0) {
            throw Errno.failure(result, "ftruncate", "descriptor", descriptor, "size", size);
        }
    }

    /**
     * Reserves memory for a part of a file, which becomes longer if it has to. No access to this part fails for want of memory afterwards.
     *
     * @param descriptor the file
     * @param offset     where the part begins
     * @param length     its length in bytes
     * @param what       what the room is for, for the message
     * @throws OutOfSharedMemoryException      if there is not so much; some of it may have been reserved all the same
     * @throws dev.kindred.SystemCallException if something else is wrong
     */
    public static void reserve(int descriptor, long offset, long length, String what) {
        MemoryLimit.requireRoom(length, what);
        requireRoomInFileSystem(descriptor, length, what);
        int result = Native.fallocate(descriptor, 0, offset, length);
        if (result >= 0) {
            return;
        }
        switch (-result) {
            case Errno.ENOSPC -> throw new OutOfSharedMemoryException(length, full(descriptor, length, what));
            case Errno.ENOMEM -> throw noMemoryLeft(length, what);
            case Errno.EFBIG ->
                throw new OutOfSharedMemoryException(
                        length,
                        "cannot reserve " + length + " bytes for " + what + " at offset " + offset
                                + ": files may not become so large; raise the limit (ulimit -f), or ask for less");
            default ->
                throw Errno.failure(result, "fallocate", "descriptor", descriptor, "offset", offset, "length", length);
        }
    }

    private static OutOfSharedMemoryException noMemoryLeft(long length, String what) {
        return new OutOfSharedMemoryException(
                length,
                "cannot reserve " + length + " bytes for " + what + ": the machine has no memory left; end other programs, or ask for less");
    }

    /**
     * Reserves memory for all of a file that this process may perhaps only read: each page that is missing is made, as the first access to it
     * would make it.
     *
     * @param descriptor the file
     * @param address    where it is mapped, from its beginning
     * @param length     its length in bytes
     * @param what       what the room is for, for the message
     * @throws OutOfSharedMemoryException      if there is not so much; some of it may have been reserved all the same
     * @throws dev.kindred.SystemCallException if something else is wrong
     */
    public static void reserveMapped(int descriptor, long address, long length, String what) {
        MemoryLimit.requireRoom(length, what);
        requireRoomInFileSystem(descriptor, length, what);
        int result = Native.advise(address, length, Mappings.MADV_POPULATE_READ);
        switch (-result) {
            case 0 -> {}
            // What would be a SIGBUS if the page were touched.
            case Errno.EFAULT -> throw new OutOfSharedMemoryException(length, full(descriptor, length, what));
            case Errno.ENOMEM -> throw noMemoryLeft(length, what);
            default -> throw Mappings.adviceFailure(result, address, length, Mappings.MADV_POPULATE_READ);
        }
    }

    /**
     * Makes sure that a request can be met at all: it is met in steps, and one that is too large would take the last byte from everybody else
     * before it fails.
     */
    private static void requireRoomInFileSystem(int descriptor, long length, String what) {
        long room = Native.room(descriptor);
        if (room >= 0 && length > room && length - room > Descriptors.status(descriptor).allocated()) {
            throw new OutOfSharedMemoryException(length, full(descriptor, length, what));
        }
    }

    static String full(int descriptor, long length, String what) {
        String asked = "cannot reserve " + length + " bytes for " + what + ": ";
        long room = Native.room(descriptor);
        if (room < 0 || room == Long.MAX_VALUE) {
            return asked + "the kernel commits no more memory; end other programs, or raise vm.overcommit_ratio";
        }
        return asked + "the file system that holds it has " + room
                + " bytes left; remove files that nobody needs from it, or make it larger "
                + "(mount -o remount,size=... /dev/shm; for a container --shm-size)";
    }

    /**
     * Gives the memory of a part of a file back; it reads as zeros afterwards.
     *
     * @param descriptor the file, whose length stays
     * @param offset     where the part begins
     * @param length     its length in bytes
     * @throws dev.kindred.SystemCallException if the file is sealed against writing
     */
    public static void punch(int descriptor, long offset, long length) {
        int result = Native.fallocate(descriptor, FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE, offset, length);
        if (result < 0) {
            throw Errno.failure(
                    result,
                    "fallocate",
                    "descriptor",
                    descriptor,
                    "mode",
                    "FALLOC_FL_KEEP_SIZE|FALLOC_FL_PUNCH_HOLE",
                    "offset",
                    offset,
                    "length",
                    length);
        }
    }
}
