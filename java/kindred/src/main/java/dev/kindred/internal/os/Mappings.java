// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.os;

import dev.kindred.SystemCallException;

/** Maps files into memory. */
public final class Mappings {

    /** No access. */
    public static final int PROT_NONE = 0;

    /** May be read. */
    public static final int PROT_READ = 1;

    /** May be written. */
    public static final int PROT_WRITE = 2;

    /** What is written goes to the file and to all who map it. */
    public static final int MAP_SHARED = 1;

    /** What is written stays here. */
    public static final int MAP_PRIVATE = 2;

    /** In the place of what is there. */
    public static final int MAP_FIXED = 0x10;

    /** No file: the descriptor is -1. */
    public static final int MAP_ANONYMOUS = 0x20;

    /** Do not count it against what the machine may promise. */
    public static final int MAP_NORESERVE = 0x4000;

    /** A forked child does not have it. */
    public static final int MADV_DONTFORK = 10;

    /** A core dump leaves it out. */
    public static final int MADV_DONTDUMP = 16;

    /** Give its pages and the room for them in the file back. */
    public static final int MADV_REMOVE = 9;

    /** Make all its pages now, as reading them would. */
    public static final int MADV_POPULATE_READ = 22;

    private Mappings() {}

    /**
     * {@return the address of a new mapping}
     *
     * @param descriptor the file, -1 with {@link #MAP_ANONYMOUS}
     * @param offset     where in the file it begins, a multiple of the page size
     * @param length     its length in bytes, which may go beyond the end of the file
     * @param protection {@code PROT_} constants
     * @param flags      {@code MAP_} constants
     * @throws dev.kindred.SystemCallException if it cannot be mapped
     */
    public static long map(int descriptor, long offset, long length, int protection, int flags) {
        long result = Native.map(descriptor, offset, length, protection, flags);
        if (result < 0) {
            throw mapFailure(result, length, protection, flags, descriptor, offset);
        }
        return result;
    }

    /**
     * Puts a mapping of a file's beginning in the place of another. Whoever touches the memory meanwhile touches one or the other.
     *
     * @param address    where the other begins
     * @param length     how long both are
     * @param descriptor the file
     * @param protection {@code PROT_} constants
     * @param flags      {@code MAP_} constants
     * @throws dev.kindred.SystemCallException if it cannot be mapped; the other is still there then
     */
    public static void mapOver(long address, long length, int descriptor, int protection, int flags) {
        int result = Native.mapOver(address, length, descriptor, protection, flags);
        if (result < 0) {
            throw mapFailure(result, length, protection, flags | MAP_FIXED, descriptor, 0);
        }
    }

    /**
     * Removes a mapping. Whoever touches the memory afterwards crashes the process.
     *
     * @param address where it begins
     * @param length  its length in bytes
     * @throws dev.kindred.SystemCallException if there is no such mapping
     */
    public static void unmap(long address, long length) {
        int result = Native.unmap(address, length);
        if (result < 0) {
            throw Errno.failure(result, "munmap", "address", "0x" + Long.toHexString(address), "length", length);
        }
    }

    /**
     * Tells the kernel about the use of a mapping.
     *
     * @param address where it begins, a multiple of the page size
     * @param length  its length in bytes
     * @param advice  a {@code MADV_} constant
     * @throws dev.kindred.SystemCallException if the kernel cannot follow it
     */
    public static void advise(long address, long length, int advice) {
        int result = Native.advise(address, length, advice);
        if (result < 0) {
            throw adviceFailure(result, address, length, advice);
        }
    }

    static SystemCallException adviceFailure(int result, long address, long length, int advice) {
        return Errno.failure(result, "madvise", "address", "0x" + Long.toHexString(address), "length", length, "advice", adviceName(advice));
    }

    private static RuntimeException mapFailure(long result, long length, int protection, int flags, int descriptor, long offset) {
        return Errno.failure(
                result,
                "mmap",
                "length",
                length,
                "protection",
                Texts.bitNames(protection, "PROT_NONE", "PROT_READ", PROT_READ, "PROT_WRITE", PROT_WRITE),
                "flags",
                Texts.bitNames(
                        flags,
                        "0",
                        "MAP_SHARED",
                        MAP_SHARED,
                        "MAP_PRIVATE",
                        MAP_PRIVATE,
                        "MAP_FIXED",
                        MAP_FIXED,
                        "MAP_ANONYMOUS",
                        MAP_ANONYMOUS,
                        "MAP_NORESERVE",
                        MAP_NORESERVE),
                "descriptor",
                descriptor,
                "offset",
                offset);
    }

    private static String adviceName(int advice) {
        return switch (advice) {
            case MADV_DONTFORK -> "MADV_DONTFORK";
            case MADV_DONTDUMP -> "MADV_DONTDUMP";
            case MADV_REMOVE -> "MADV_REMOVE";
            case MADV_POPULATE_READ -> "MADV_POPULATE_READ";
            default -> Integer.toString(advice);
        };
    }
}
