// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.os;

/**
 * What the system says of an open file.
 *
 * @param size   its length in bytes
 * @param device the device it lies on
 * @param inode  its number there
 * @param links  how many names it has: 0 once it is unlinked
 * @param uid    who owns it
 * @param mode   type and permissions
 * @param blocks how many blocks of 512 bytes are in use
 */
public record FileStatus(long size, long device, long inode, long links, int uid, int mode, long blocks) {

    private static final int BLOCK_SIZE = 512;
    private static final int TYPE_MASK = 0170000;
    private static final int DIRECTORY = 0040000;
    private static final int REGULAR = 0100000;
    private static final int PERMISSIONS_MASK = 07777;

    /** {@return whether this is the same file as another} */
    public boolean isSameFile(FileStatus other) {
        return device == other.device && inode == other.inode;
    }

    /** {@return how many bytes it takes of its file system, which may be more or fewer than it is long} */
    public long allocated() {
        return blocks * BLOCK_SIZE;
    }

    /** {@return whether it is a folder} */
    public boolean isDirectory() {
        return (mode & TYPE_MASK) == DIRECTORY;
    }

    /** {@return whether it is an ordinary file} */
    public boolean isRegular() {
        return (mode & TYPE_MASK) == REGULAR;
    }

    /** {@return the permission bits} */
    public int permissions() {
        return mode & PERMISSIONS_MASK;
    }
}
