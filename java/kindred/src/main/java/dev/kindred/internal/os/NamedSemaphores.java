// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.os;

/** POSIX semaphores: those with a name, which other programs can open, and words that C code can post. */
public final class NamedSemaphores {

    private NamedSemaphores() {}

    /**
     * {@return the address of a semaphore, which {@link #close} takes}
     *
     * @param name  a slash and at most 251 bytes without a slash
     * @param flags 0, {@link Descriptors#O_CREAT} or that and {@link Descriptors#O_EXCL}
     * @param mode  permissions of one that is created
     * @param value value of one that is created
     * @throws dev.kindred.SystemCallException if it cannot be opened
     */
    public static long open(String name, int flags, int mode, int value) {
        long result = Native.semaphoreOpen(Texts.terminated(name), flags, mode, value);
        if (result < 0) {
            throw Errno.failure(
                    result,
                    "sem_open",
                    "name",
                    name,
                    "flags",
                    Descriptors.flagNames(flags),
                    "mode",
                    Texts.mode(mode),
                    "value",
                    value);
        }
        return result;
    }

    /**
     * Makes 32 bytes of shared memory a semaphore.
     *
     * @param address where they are
     * @param value   its value
     * @throws dev.kindred.SystemCallException if the value is too large
     */
    public static void initialize(long address, int value) {
        int result = Native.semaphoreInitialize(address, value);
        if (result < 0) {
            throw Errno.failure(result, "sem_init", "address", "0x" + Long.toHexString(address), "value", value);
        }
    }

    /**
     * Closes what {@link #open} returned; nobody may use the address afterwards.
     *
     * @param address the address
     * @throws dev.kindred.SystemCallException if it is none of those
     */
    public static void close(long address) {
        int result = Native.semaphoreClose(address);
        if (result < 0) {
            throw Errno.failure(result, "sem_close", "address", "0x" + Long.toHexString(address));
        }
    }

    /**
     * Removes a semaphore's name. The semaphore lives on while somebody has it open.
     *
     * @param name its name
     * @throws dev.kindred.SystemCallException if there is none, or it is another user's
     */
    public static void unlink(String name) {
        int result = Native.semaphoreUnlink(Texts.terminated(name));
        if (result < 0) {
            throw Errno.failure(result, "sem_unlink", "name", name);
        }
    }

    /**
     * Adds a permit and wakes one who waits for it.
     *
     * @param address the semaphore
     * @throws dev.kindred.SystemCallException if it has as many as it can hold
     */
    public static void post(long address) {
        int result = Native.semaphorePost(address);
        if (result < 0) {
            throw Errno.failure(result, "sem_post", "address", "0x" + Long.toHexString(address));
        }
    }
}
