// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.memory;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** The names of shared memory: what a user may choose, and what is chosen when the user does not care. */
final class SharedMemoryNames {

    /** NAME_MAX: how many bytes a file's name may have. */
    private static final int LIMIT = 255;

    /** What CPython begins its own names with, too. */
    private static final String RANDOM_PREFIX = "psm_";

    private SharedMemoryNames() {}

    /** {@return a name that is probably free} It has 32 random bits, so that creating must be ready to try another. */
    static String random() {
        return RANDOM_PREFIX + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    }

    /**
     * Checks a name that a user gave.
     *
     * @return the name
     * @throws IllegalArgumentException saying what is wrong with it
     */
    static String check(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("the name of a SharedMemory is empty");
        }
        if (name.equals(".") || name.equals("..")) {
            throw new IllegalArgumentException("a SharedMemory cannot be named '" + name + "': this names a folder");
        }
        refuse(name, '/', "'/' (names are plain; the '/' that shm_open wants is put before them)");
        refuse(name, '\0', "NUL");
        int bytes = Utf8.encode(name, "the name of a SharedMemory").length;
        if (bytes > LIMIT) {
            throw new IllegalArgumentException("the name of a SharedMemory has " + bytes + " bytes in UTF-8, at most "
                    + LIMIT + " are possible: " + name);
        }
        return name;
    }

    private static void refuse(String name, char character, String description) {
        int index = name.indexOf(character);
        if (index >= 0) {
            throw new IllegalArgumentException("the name of a SharedMemory contains " + description + " at index "
                    + index + ": " + name.replace("\0", "\\0"));
        }
    }
}
