// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.os;

import java.io.FileDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/** Calls on files and descriptors of every kind. All descriptors that are made here are close-on-exec. */
public final class Descriptors {

    /** Open for reading. */
    public static final int O_RDONLY = 0;

    /** Open for writing. */
    public static final int O_WRONLY = 1;

    /** Open for both. */
    public static final int O_RDWR = 2;

    /** Create the file if it is not there. */
    public static final int O_CREAT = 0100;

    /** Fail if it is there. */
    public static final int O_EXCL = 0200;

    /** Empty it. */
    public static final int O_TRUNC = 01000;

    /** Write at its end. */
    public static final int O_APPEND = 02000;

    /** Do not wait. */
    public static final int O_NONBLOCK = 04000;

    /** Ready to read, or at the end. */
    public static final int POLLIN = 1;

    /** Ready to write. */
    public static final int POLLOUT = 4;

    /** An error. */
    public static final int POLLERR = 8;

    /** The other end is closed. */
    public static final int POLLHUP = 16;

    private static final int ACCESS_MASK = 3;
    private static final int STATUS_LENGTH = 7;

    private Descriptors() {}

    /**
     * {@return a descriptor of the file}
     *
     * @param path  where it is
     * @param flags {@code O_} constants
     * @param mode  permissions of a file that is created
     * @throws dev.kindred.SystemCallException if it cannot be opened
     */
    public static int open(String path, int flags, int mode) {
        int result = Native.open(Texts.terminated(path), flags, mode);
        if (result < 0) {
            throw Errno.failure(result, "open", "path", path, "flags", flagNames(flags), "mode", Texts.mode(mode));
        }
        return result;
    }

    /**
     * Closes a descriptor.
     *
     * @param descriptor the descriptor
     * @throws dev.kindred.SystemCallException if it is not open, or what was written to its file could not be stored
     */
    public static void close(int descriptor) {
        int result = Native.close(descriptor);
        if (result < 0) {
            throw Errno.failure(result, "close", "descriptor", descriptor);
        }
    }

    /**
     * {@return what the system says of the file}
     *
     * @param descriptor a descriptor of it
     * @throws dev.kindred.SystemCallException if it is not open
     */
    public static FileStatus status(int descriptor) {
        long[] values = new long[STATUS_LENGTH];
        int result = Native.status(descriptor, values);
        if (result < 0) {
            throw Errno.failure(result, "statx", "descriptor", descriptor);
        }
        return new FileStatus(values[0], values[1], values[2], values[3], (int) values[4], (int) values[5], values[6]);
    }

    /**
     * {@return another descriptor of the same open file description, never one of standard input, output and error}
     *
     * @param descriptor the descriptor
     * @throws dev.kindred.SystemCallException if it is not open, or this process may have no more
     */
    public static int duplicate(int descriptor) {
        NativeLibrary.require();
        int result = Native.duplicate(descriptor);
        if (result < 0) {
            throw Errno.failure(result, "fcntl", "descriptor", descriptor, "command", "F_DUPFD_CLOEXEC");
        }
        return result;
    }

    /**
     * Makes one number stand for what another stands for. Standard input, output and error stay open in programs that are started; others are
     * close-on-exec.
     *
     * @param from the descriptor
     * @param to   the number, which is closed before if it is open
     * @throws dev.kindred.SystemCallException if {@code from} is not open, or {@code to} is beyond the limit
     */
    public static void duplicateTo(int from, int to) {
        int result = Native.duplicateTo(from, to);
        if (result < 0) {
            throw Errno.failure(result, "dup3", "from", from, "to", to);
        }
    }

    /**
     * {@return the {@code O_} constants a file was opened with, as far as they can be asked for}
     *
     * @param descriptor a descriptor of it
     * @throws dev.kindred.SystemCallException if it is not open
     */
    public static int statusFlags(int descriptor) {
        int result = Native.statusFlags(descriptor);
        if (result < 0) {
            throw Errno.failure(result, "fcntl", "descriptor", descriptor, "command", "F_GETFL");
        }
        return result;
    }

    /**
     * Reads once.
     *
     * @param descriptor the descriptor
     * @param buffer     native memory to fill from its beginning
     * @return the bytes read, 0 at the end, {@code -Errno.EAGAIN} if nothing is there and the descriptor does not block
     * @throws dev.kindred.SystemCallException if reading fails
     */
    public static long read(int descriptor, MemorySegment buffer) {
        try {
            long result = Native.read(descriptor, address(buffer), buffer.byteSize());
            if (result < 0 && result != -Errno.EAGAIN) {
                throw Errno.failure(result, "read", "descriptor", descriptor, "length", buffer.byteSize());
            }
            return result;
        } finally {
            Reference.reachabilityFence(buffer);
        }
    }

    /**
     * Writes once.
     *
     * @param descriptor the descriptor
     * @param buffer     native memory to write from its beginning
     * @return the bytes written, which may be fewer than there are, or {@code -Errno.EAGAIN} if there is no room and the descriptor does not
     *         block
     * @throws dev.kindred.SystemCallException if writing fails
     */
    public static long write(int descriptor, MemorySegment buffer) {
        try {
            long result = Native.write(descriptor, address(buffer), buffer.byteSize());
            if (result < 0 && result != -Errno.EAGAIN) {
                throw Errno.failure(result, "write", "descriptor", descriptor, "length", buffer.byteSize());
            }
            return result;
        } finally {
            Reference.reachabilityFence(buffer);
        }
    }

    /**
     * {@return two descriptors: the end to read from and the end to write to}
     *
     * @param flags 0 or {@link #O_NONBLOCK}
     * @throws dev.kindred.SystemCallException if this process may have no more descriptors
     */
    public static int[] pipe(int flags) {
        int[] ends = new int[2];
        int result = Native.pipe(flags, ends);
        if (result < 0) {
            throw Errno.failure(result, "pipe2", "flags", flagNames(flags));
        }
        return ends;
    }

    /**
     * Waits until a descriptor is ready. A thread that waits here is not woken by {@link Thread#interrupt()}.
     *
     * @param descriptor the descriptor
     * @param events     {@code POLL} constants
     * @param deadline   when to give up: {@link System#nanoTime()}, or {@link Long#MAX_VALUE} for never
     * @return the events that are ready, 0 at the deadline
     * @throws dev.kindred.SystemCallException if the kernel has no memory for the call
     */
    public static int poll(int descriptor, int events, long deadline) {
        int result = Native.poll(descriptor, events, deadline);
        if (result < 0) {
            throw Errno.failure(result, "ppoll", "descriptor", descriptor, "events", "0x" + Integer.toHexString(events));
        }
        return result;
    }

    /**
     * {@return the number inside of a Java object}
     *
     * @param descriptor the object
     * @throws dev.kindred.SystemCallException if it is closed
     */
    public static int of(FileDescriptor descriptor) {
        NativeLibrary.require();
        int result = Native.descriptorOf(descriptor);
        if (result < 0) {
            throw Errno.failure(result, "FileDescriptor", "object", descriptor);
        }
        return result;
    }

    /**
     * {@return a Java object for a number, which a stream or channel made of it will close}
     *
     * @param descriptor the number
     */
    public static FileDescriptor wrap(int descriptor) {
        FileDescriptor object = new FileDescriptor();
        Native.setDescriptor(object, descriptor);
        return object;
    }

    /** {@return where native memory lies} The caller keeps it reachable until the call is over. */
    static long address(MemorySegment memory) {
        if (!memory.isNative()) {
            throw new IllegalArgumentException("memory of the Java heap cannot be given to the operating system: " + memory);
        }
        return memory.address();
    }

    /** {@return the names of {@code O_} constants} */
    static String flagNames(int flags) {
        String access =
                switch (flags & ACCESS_MASK) {
                    case O_RDONLY -> "O_RDONLY";
                    case O_WRONLY -> "O_WRONLY";
                    case O_RDWR -> "O_RDWR";
                    default -> "O_ACCMODE";
                };
        String others = Texts.bitNames(
                flags & ~ACCESS_MASK,
                "",
                "O_CREAT",
                O_CREAT,
                "O_EXCL",
                O_EXCL,
                "O_TRUNC",
                O_TRUNC,
                "O_APPEND",
                O_APPEND,
                "O_NONBLOCK",
                O_NONBLOCK);
        return others.isEmpty() ? access : access + "|" + others;
    }
}
