// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.sync;

import java.util.concurrent.locks.Lock;

import dev.kindred.Space;
import dev.kindred.sync.RLock;

/** The kinds of locks, each of which keeps the contract. */
enum LockKind {
    LOCK {
        @Override
        Lock create() {
            return new dev.kindred.sync.Lock();
        }

        @Override
        Lock open(Space space, String name) {
            return dev.kindred.sync.Lock.open(space, name);
        }
    },
    LOCK_TAKE_OVER {
        @Override
        Lock create() {
            return dev.kindred.sync.Lock.takeOver();
        }

        @Override
        Lock open(Space space, String name) {
            return dev.kindred.sync.Lock.openTakeOver(space, name);
        }
    },
    LOCK_HAND_OFF {
        @Override
        Lock create() {
            return dev.kindred.sync.Lock.handOff();
        }

        @Override
        Lock open(Space space, String name) {
            return dev.kindred.sync.Lock.openHandOff(space, name);
        }
    },
    RLOCK {
        @Override
        Lock create() {
            return new RLock();
        }

        @Override
        Lock open(Space space, String name) {
            return RLock.open(space, name);
        }
    },
    RLOCK_TAKE_OVER {
        @Override
        Lock create() {
            return RLock.takeOver();
        }

        @Override
        Lock open(Space space, String name) {
            return RLock.openTakeOver(space, name);
        }
    };

    abstract Lock create();

    abstract Lock open(Space space, String name);
}
