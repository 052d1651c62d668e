// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import dev.kindred.OwnerDiedException;
import dev.kindred.sync.Lock;

/** Kills owners of a lock. */
public class RecoverLock extends Recovery<Lock> {

    /** Owners of at most 128 MB. */
    public RecoverLock() {
        this(USUAL_BYTES, USUAL_KILLS);
    }

    RecoverLock(long resident, int kills) {
        super(Lock::new, Lock::lock, RecoverLock::recover, resident, kills);
    }

    private static void recover(Lock lock) {
        try {
            lock.lock();
        } catch (OwnerDiedException e) {
            lock.recover();
        }
        lock.unlock();
    }
}
