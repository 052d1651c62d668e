// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import java.util.concurrent.BrokenBarrierException;

import dev.kindred.sync.Barrier;

/** Kills members of a barrier at which others wait. */
public final class RecoverBarrier extends Recovery<Barrier> {

    /** Members of at most 128 MB. */
    public RecoverBarrier() {
        super(() -> new Barrier(2), Barrier::register, RecoverBarrier::awaitBreak);
    }

    private static void awaitBreak(Barrier barrier) throws Exception {
        try {
            int _ = barrier.await();
            throw new IllegalStateException("the barrier let somebody pass alone");
        } catch (BrokenBarrierException expected) {
            barrier.reset();
        }
    }
}
