// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

/** Kills holders that have 4 GB resident. */
public final class RecoverLock4Gigabytes extends RecoverLock {

    /** One kill a round. */
    public RecoverLock4Gigabytes() {
        super(4L << 30, 1);
    }
}
