// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.codec;

import java.io.ObjectStreamException;

/** Thrown when an element cannot be encoded because of something in it. */
public final class UnwritableException extends ObjectStreamException {

    private static final long serialVersionUID = 1;

    private final String typeName;

    UnwritableException(String message, Object culprit) {
        super(culprit.getClass().getTypeName() + ' ' + message);
        this.typeName = culprit.getClass().getTypeName();
    }

    /** {@return the name of the class of what cannot be encoded} */
    public String typeName() {
        return typeName;
    }
}
