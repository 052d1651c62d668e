// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.space;

/** The names that spaces and their objects can have. */
final class Names {

    /** How many characters a name can have, each of which is a byte. */
    private static final int LIMIT = DirectoryLayout.NAME_LIMIT;

    private static final String ALLOWED = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";

    private Names() {}

    /**
     * Checks a name that a user gave.
     *
     * @param what what it names, for messages
     * @throws IllegalArgumentException saying what is wrong with it
     */
    static void check(String what, String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException(what + " is empty");
        }
        for (int i = 0; i < name.length(); i++) {
            if (!isAllowed(name.charAt(i))) {
                throw new IllegalArgumentException(what + ", '" + name.replace("\0", "\\0") + "', contains " + describe(name.codePointAt(i))
                        + " at index " + i + ": ASCII letters, digits, '.', '-' and '_' are possible");
            }
        }
        if (name.length() > LIMIT) {
            throw new IllegalArgumentException(what + " has " + name.length() + " characters, at most " + LIMIT + " are possible: " + name);
        }
    }

    private static boolean isAllowed(char character) {
        return ALLOWED.indexOf(character) >= 0;
    }

    private static String describe(int codePoint) {
        return codePoint > ' ' && codePoint < 0x7f ? "'" + Character.toString(codePoint) + "'" : String.format("U+%04X", codePoint);
    }
}
