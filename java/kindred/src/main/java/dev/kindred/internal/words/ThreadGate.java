// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.words;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** A gate for real threads; one that waits, parks. */
final class ThreadGate implements Gate {

    private final ReentrantLock lock = new ReentrantLock();

    @Override
    public int enter(long deadline, boolean interruptible) {
        if (!interruptible) {
            return enterUninterruptibly(deadline);
        }
        try {
            if (deadline == Words.NO_DEADLINE) {
                lock.lockInterruptibly();
                return Words.WOKEN;
            }
            return lock.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS) ? Words.WOKEN : Words.TIMED_OUT;
        } catch (InterruptedException e) {
            return Words.INTERRUPTED;
        }
    }

    private int enterUninterruptibly(long deadline) {
        if (deadline == Words.NO_DEADLINE) {
            lock.lock();
            return Words.WOKEN;
        }
        boolean interrupted = false;
        while (true) {
            try {
                boolean entered = lock.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
                return entered ? Words.WOKEN : Words.TIMED_OUT;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
    }

    @Override
    public void leave() {
        lock.unlock();
    }
}
