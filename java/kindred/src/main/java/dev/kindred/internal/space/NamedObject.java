// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.space;

import java.nio.charset.StandardCharsets;

/**
 * What a named object is, so that those who meet at a name can tell whether they mean the same.
 *
 * @param name         its name in its space
 * @param kind         its type, as messages call it
 * @param parameters   what else all who use it must agree on, as messages put it; may be empty
 * @param isPoisonable whether its block begins with a mutex that its owner's death poisons: as long as that is held or poisoned, the space
 *                     is not removed, so that somebody learns of it
 */
public record NamedObject(String name, String kind, String parameters, boolean isPoisonable) {

    /** Checks what it is made of. */
    public NamedObject {
        Names.check("the name of an object in a space", name);
        requireAtMost(DirectoryLayout.KIND_LIMIT, kind);
        requireAtMost(DirectoryLayout.PARAMETERS_LIMIT, parameters);
    }

    private static void requireAtMost(int limit, String text) {
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        if (length > limit) {
            throw new IllegalArgumentException("'" + text + "' has " + length + " bytes, at most " + limit + " are possible");
        }
    }

    /** {@return whether somebody who asks for the other means this} */
    boolean isAs(NamedObject other) {
        return kind.equals(other.kind) && parameters.equals(other.parameters);
    }

    /** {@return the kind and the parameters} */
    String description() {
        return parameters.isEmpty() ? kind : kind + " (" + parameters + ")";
    }
}
