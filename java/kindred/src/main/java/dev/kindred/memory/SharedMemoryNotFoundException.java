// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.memory;

/** Thrown when no {@link SharedMemory} has the name that is to be opened or unlinked. */
public final class SharedMemoryNotFoundException extends RuntimeException {

    private static final long serialVersionUID = 1;

    SharedMemoryNotFoundException(String name, Throwable cause) {
        super("no SharedMemory '" + name + "' (/dev/shm/" + name
                + "): it was never created, has been unlinked, or lies in another " + "container's /dev/shm", cause);
    }
}
