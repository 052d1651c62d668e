// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.sync;

import java.util.concurrent.locks.Lock;

import dev.kindred.sync.RLock;

/** The kinds of locks, each of which keeps the contract. */
enum LockKind {
    LOCK {
        @Override
        Lock create() {
            return new dev.kindred.sync.Lock();
        }
    },
    LOCK_TAKE_OVER {
        @Override
        Lock create() {
            return dev.kindred.sync.Lock.takeOver();
        }
    },
    LOCK_HAND_OFF {
        @Override
        Lock create() {
            return dev.kindred.sync.Lock.handOff();
        }
    },
    RLOCK {
        @Override
        Lock create() {
            return new RLock();
        }
    },
    RLOCK_TAKE_OVER {
        @Override
        Lock create() {
            return RLock.takeOver();
        }
    };

    abstract Lock create();
}
