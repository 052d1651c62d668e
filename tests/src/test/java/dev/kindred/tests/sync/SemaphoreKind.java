// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.sync;

import java.util.concurrent.atomic.AtomicInteger;

import dev.kindred.sync.BoundedSemaphore;
import dev.kindred.sync.NamedSemaphore;
import dev.kindred.sync.RobustSemaphore;
import dev.kindred.sync.Semaphore;

/** The kinds of semaphores, each of which keeps the contract. */
enum SemaphoreKind {
    COUNTING {
        @Override
        AnySemaphore create(int permits) {
            return new AnySemaphore(new Semaphore(permits));
        }
    },
    BOUNDED {
        @Override
        AnySemaphore create(int permits) {
            return new AnySemaphore(new BoundedSemaphore(permits));
        }
    },
    NAMED {
        @Override
        AnySemaphore create(int permits) {
            return new AnySemaphore(NamedSemaphore.create(freeName(), permits));
        }
    },
    ROBUST {
        @Override
        AnySemaphore create(int permits) {
            return new AnySemaphore(new RobustSemaphore(permits));
        }
    };

    private static final AtomicInteger NAMES = new AtomicInteger();

    /** {@return a name that no other test uses} */
    static String freeName() {
        return "kindred-test-" + ProcessHandle.current().pid() + "-" + NAMES.incrementAndGet();
    }

    /** {@return a semaphore, to be closed where it was created} */
    abstract AnySemaphore create(int permits);
}
