// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import dev.kindred.sync.RobustSemaphore;

/** Kills holders of the only permit of a robust semaphore. */
public final class RecoverSemaphore extends Recovery<RobustSemaphore> {

    /** Holders of at most 128 MB. */
    public RecoverSemaphore() {
        super(() -> new RobustSemaphore(1), RobustSemaphore::acquire, RobustSemaphore::acquire);
    }
}
