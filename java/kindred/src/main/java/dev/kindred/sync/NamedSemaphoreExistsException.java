// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.sync;

/** Thrown when a {@link NamedSemaphore} is to be created under a name that exists. Nothing was created or changed. */
public final class NamedSemaphoreExistsException extends RuntimeException {

    private static final long serialVersionUID = 1;

    NamedSemaphoreExistsException(String name, Throwable cause) {
        super("NamedSemaphore '" + name + "' exists already (" + SemaphoreNames.file(name)
                + "): open it, unlink it first, or choose another name", cause);
    }
}
