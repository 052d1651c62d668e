// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred;

/**
 * A process of this family, living or dead, as messages name it.
 *
 * @param name the name it was started with; {@code main} for the process that founded the family
 * @param pid  its process number, in its own pid namespace
 */
public record ProcessIdentity(String name, long pid) {

    @Override
    public String toString() {
        return name + " (pid " + pid + ")";
    }
}
