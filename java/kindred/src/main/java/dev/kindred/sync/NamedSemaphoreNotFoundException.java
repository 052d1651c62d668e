// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.sync;

import org.jspecify.annotations.Nullable;

/** Thrown when no {@link NamedSemaphore} has the name that is to be opened or unlinked. */
public final class NamedSemaphoreNotFoundException extends RuntimeException {

    private static final long serialVersionUID = 1;

    NamedSemaphoreNotFoundException(String name, @Nullable Throwable cause) {
        super("no NamedSemaphore '" + name + "' (" + SemaphoreNames.file(name)
                + "): it was never created, has been unlinked, or lies in another container's /dev/shm", cause);
    }
}
