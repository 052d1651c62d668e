// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import java.io.Serializable;

import dev.kindred.sync.Condition;
import dev.kindred.sync.Lock;

/** Kills processes that others wait for at a condition, which they would have signalled. */
public final class RecoverCondition extends Recovery<RecoverCondition.Shared> {

    /** What the processes share. */
    record Shared(Lock lock, Condition condition) implements Serializable {
        static Shared make() {
            Lock lock = new Lock();
            return new Shared(lock, lock.newCondition());
        }
    }

    /** Processes of at most 128 MB. */
    public RecoverCondition() {
        super(Shared::make, _ -> {}, RecoverCondition::awaitDeath);
    }

    private static void awaitDeath(Shared shared) throws InterruptedException {
        shared.lock.lock();
        try {
            shared.condition.await();
        } finally {
            shared.lock.unlock();
        }
    }
}
