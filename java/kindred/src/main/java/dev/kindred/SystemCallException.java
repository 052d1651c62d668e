// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred;

/**
 * Thrown when a call to the operating system fails in a way that no more specific exception describes.
 *
 * <p>The message names the call, its arguments, errno's name and its text, for example
 * {@code shm_open(name=/orders, flags=O_CREAT|O_EXCL): EEXIST (File exists)}.
 */
public class SystemCallException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** The call that failed. */
    private final String call;

    /** What the call left in errno. */
    private final int errno;

    /** The symbolic name of errno. */
    private final String errnoName;

    /**
     * Creates one.
     *
     * @param call      the call's name
     * @param arguments its arguments, as {@code name=value} separated by commas; may be empty
     * @param errno     what it left in errno, positive
     * @param errnoName the symbolic name, for example {@code EEXIST}
     * @param text      what the C library says of it
     */
    public SystemCallException(String call, String arguments, int errno, String errnoName, String text) {
        super(call + "(" + arguments + "): " + errnoName + " (" + text + ")");
        this.call = call;
        this.errno = errno;
        this.errnoName = errnoName;
    }

    /** {@return the name of the call that failed, for example {@code mmap}} */
    public final String call() {
        return call;
    }

    /** {@return the error number, positive} */
    public final int errno() {
        return errno;
    }

    /** {@return the symbolic name of the error number, for example {@code ENOMEM}} */
    public final String errnoName() {
        return errnoName;
    }
}
