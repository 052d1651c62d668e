// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.sync;

import java.nio.charset.StandardCharsets;

/** The names that semaphores can have. */
final class SemaphoreNames {

    /** NAME_MAX, less what the C library puts before the name of the file. */
    private static final int LIMIT = 255 - "sem.".length();

    private SemaphoreNames() {}

    /**
     * Checks a name that a user gave.
     *
     * @return the name
     * @throws IllegalArgumentException saying what is wrong with it
     */
    static String check(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("the name of a NamedSemaphore is empty");
        }
        refuse(name, '/', "'/' (names are plain; the '/' that sem_open wants is put before them)");
        refuse(name, '\0', "NUL");
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
            throw new IllegalArgumentException("the name of a NamedSemaphore has half a surrogate pair, which UTF-8 cannot say");
        }
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > LIMIT) {
            throw new IllegalArgumentException("the name of a NamedSemaphore has " + bytes + " bytes in UTF-8, at most " + LIMIT
                    + " are possible: " + name);
        }
        return name;
    }

    private static void refuse(String name, char character, String description) {
        int index = name.indexOf(character);
        if (index >= 0) {
            throw new IllegalArgumentException("the name of a NamedSemaphore contains " + description + " at index " + index + ": "
                    + name.replace("\0", "\\0"));
        }
    }

    /** {@return what sem_open calls a name} */
    static String path(String name) {
        return "/" + name;
    }

    /** {@return the file that the C library keeps a semaphore in} */
    static String file(String name) {
        return "/dev/shm/sem." + name;
    }
}
