// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.os;

/**
 * Locks on single bytes of a file that belong to an open file description: to nobody in particular, and gone when the last descriptor and the
 * last mapping made from it are gone, however that comes about.
 */
public final class FileLocks {

    private FileLocks() {}

    /**
     * Takes a byte if nobody has it. Taking what the same description holds succeeds.
     *
     * @param descriptor a description open for writing
     * @param offset     the byte, which need not lie inside of the file
     * @return whether it was taken
     * @throws dev.kindred.SystemCallException if the file cannot be locked
     */
    public static boolean tryLockByte(int descriptor, long offset) {
        int result = Native.lockByte(descriptor, offset);
        if (result < 0 && result != -Errno.EAGAIN && result != -Errno.EACCES) {
            throw failure(result, descriptor, "F_OFD_SETLK", offset);
        }
        return result >= 0;
    }

    /**
     * Gives a byte back, or does nothing if the description does not hold it.
     *
     * @param descriptor the description
     * @param offset     the byte
     * @throws dev.kindred.SystemCallException if the file cannot be unlocked
     */
    public static void unlockByte(int descriptor, long offset) {
        int result = Native.unlockByte(descriptor, offset);
        if (result < 0) {
            throw failure(result, descriptor, "F_OFD_SETLK", offset);
        }
    }

    /**
     * {@return whether another description than this one holds a byte}
     *
     * @param descriptor a description of the file
     * @param offset     the byte
     * @throws dev.kindred.SystemCallException if the file cannot be asked
     */
    public static boolean isByteLocked(int descriptor, long offset) {
        int result = Native.isByteLocked(descriptor, offset);
        if (result < 0) {
            throw failure(result, descriptor, "F_OFD_GETLK", offset);
        }
        return result != 0;
    }

    private static RuntimeException failure(int result, int descriptor, String command, long offset) {
        return Errno.failure(result, "fcntl", "descriptor", descriptor, "command", command, "offset", offset);
    }
}
