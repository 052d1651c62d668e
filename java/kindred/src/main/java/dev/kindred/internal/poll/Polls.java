// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.poll;

/** What this process keeps for its waits for descriptors. */
public final class Polls {

    private Polls() {}

    /** Opens what is kept for the life of this JVM, and closes what is kept for a while: for tests that count descriptors. */
    public static void settle() {
        PollPump.shared();
        Bells.closeIdle();
    }
}
