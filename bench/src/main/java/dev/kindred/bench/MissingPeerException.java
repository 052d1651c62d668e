// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench;

/** A peer cannot play on this machine; the message says what to install. */
final class MissingPeerException extends Exception {

    private static final long serialVersionUID = 1;

    MissingPeerException(String message) {
        super(message);
    }
}
