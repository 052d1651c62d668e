// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.explorer;

/** The explorer cannot do its work. An error, so that no code of an actor takes it for an exception of its own. */
final class ExplorerError extends Error {

    private static final long serialVersionUID = 1;

    ExplorerError(String message) {
        super(message);
    }

    ExplorerError(String message, Throwable cause) {
        super(message, cause);
    }
}
