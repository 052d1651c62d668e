// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.codec;

import java.io.ObjectStreamException;
import org.jspecify.annotations.Nullable;

/** Thrown when bytes are no element, or one that cannot be made here. */
public final class UnreadableException extends ObjectStreamException {

    private static final long serialVersionUID = 1;

    private final @Nullable String typeName;

    UnreadableException(String message, @Nullable String typeName, @Nullable Throwable cause) {
        super(message);
        this.typeName = typeName;
        if (cause != null) {
            initCause(cause);
        }
    }

    UnreadableException(String message) {
        this(message, null, null);
    }

    /** {@return the name of the class that is to blame, or null if it is none} */
    public @Nullable String typeName() {
        return typeName;
    }
}
