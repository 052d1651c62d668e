// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when an element that has arrived cannot be decoded: its class is not known here, the filter refuses it, its constructor does, or the bytes are
 * none that the codec writes. That one element is lost, and those behind it are not.
 */
public final class UndecodableElementException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** The name of the class that is to blame, if it is one. */
    private final @Nullable String typeName;

    /** What was taken with it. */
    private transient @Nullable List<?> others;

    UndecodableElementException(String message, @Nullable String typeName, Throwable cause) {
        super(message, cause);
        this.typeName = typeName;
    }

    void setOthers(List<?> decoded) {
        others = List.copyOf(decoded);
    }

    /** {@return the elements that were taken by the same call and could be decoded, in their order, if it was one that returns several} */
    public List<?> others() {
        return others == null ? List.of() : others;
    }

    /** {@return the name of the class that is to blame, or null if the bytes name none} */
    public @Nullable String typeName() {
        return typeName;
    }
}
