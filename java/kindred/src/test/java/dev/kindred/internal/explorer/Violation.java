// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.explorer;

/** Something that must not happen did. Thrown by {@link Scenario#explore}, its message ends with the shortest way there. */
public final class Violation extends AssertionError {

    private static final long serialVersionUID = 1;

    /** What happened. */
    public Violation(String message) {
        super(message);
    }

    Violation(String message, Throwable cause) {
        super(message, cause);
    }
}
