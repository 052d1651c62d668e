// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.codec;

import java.io.IOException;

/** Says that an element must travel otherwise. It is no failure, and nobody outside of this package sees it. */
final class NotCompactException extends IOException {

    private static final long serialVersionUID = 1;

    NotCompactException(String what) {
        super(what);
    }

    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
