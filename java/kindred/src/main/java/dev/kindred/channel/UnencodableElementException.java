// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

import org.jspecify.annotations.Nullable;

/** Thrown when an element cannot be encoded, mostly because something in it is not serializable. Nothing has been put or sent. */
public final class UnencodableElementException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    /** The name of the class that is to blame, if it is known. */
    private final @Nullable String typeName;

    UnencodableElementException(String message, @Nullable String typeName, Throwable cause) {
        super(message, cause);
        this.typeName = typeName;
    }

    /** {@return the name of the class that cannot be encoded, or null if the codec does not name one} */
    public @Nullable String typeName() {
        return typeName;
    }
}
