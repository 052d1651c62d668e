// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.memory;

/** Thrown when a {@link SharedMemory} is to be created under a name that exists. Nothing was created or changed. */
public final class SharedMemoryExistsException extends RuntimeException {

    private static final long serialVersionUID = 1;

    SharedMemoryExistsException(String name) {
        super("SharedMemory '" + name + "' exists already (/dev/shm/" + name
                + "): open it, unlink it first, or choose another name");
    }
}
