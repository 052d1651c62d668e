// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.sync;

import java.util.concurrent.atomic.AtomicInteger;

import dev.kindred.Space;
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

        @Override
        AnySemaphore open(Space space, String name, int permits) {
            return new AnySemaphore(Semaphore.open(space, name, permits));
        }
    },
    BOUNDED {
        @Override
        AnySemaphore create(int permits) {
            return new AnySemaphore(new BoundedSemaphore(permits));
        }

        @Override
        AnySemaphore open(Space space, String name, int permits) {
            return new AnySemaphore(BoundedSemaphore.open(space, name, permits));
        }
    },
    NAMED {
        @Override
        AnySemaphore create(int permits) {
            return new AnySemaphore(NamedSemaphore.create(freeName(), permits));
        }

        @Override
        AnySemaphore open(Space space, String name, int permits) {
            return create(permits);
        }
    },
    ROBUST {
        @Override
        AnySemaphore create(int permits) {
            return new AnySemaphore(new RobustSemaphore(permits));
        }

        @Override
        AnySemaphore open(Space space, String name, int permits) {
            return new AnySemaphore(RobustSemaphore.open(space, name, permits));
        }
    };

    private static final AtomicInteger NAMES = new AtomicInteger();

    /** {@return a name that no other test uses} */
    static String freeName() {
        return "kindred-test-" + ProcessHandle.current().pid() + "-" + NAMES.incrementAndGet();
    }

    /** {@return a semaphore, to be closed where it was created} */
    abstract AnySemaphore create(int permits);

    /** {@return the semaphore of a name in a space; of one that has a name of its own, another} */
    abstract AnySemaphore open(Space space, String name, int permits);
}
