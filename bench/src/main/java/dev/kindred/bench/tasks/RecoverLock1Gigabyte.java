// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

/** Kills holders that have 1 GB resident. */
public final class RecoverLock1Gigabyte extends RecoverLock {

    /** One kill a round. */
    public RecoverLock1Gigabyte() {
        super(1L << 30, 1);
    }
}
