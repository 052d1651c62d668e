// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred;

/**
 * Thrown when Kindred is first used on a machine that lacks what it needs: another operating system or architecture, a kernel older than
 * 5.16, a C library older than glibc 2.28 or musl 1.2, a container profile that forbids a call, or a folder from which no library can be
 * loaded. The message is one line that names what is missing and what to do.
 */
public class UnsupportedPlatformException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /**
     * Creates one.
     *
     * @param message what is missing and what to do
     */
    public UnsupportedPlatformException(String message) {
        super(message);
    }

    /**
     * Creates one with a cause.
     *
     * @param message what is missing and what to do
     * @param cause   what was thrown
     */
    public UnsupportedPlatformException(String message, Throwable cause) {
        super(message, cause);
    }
}
