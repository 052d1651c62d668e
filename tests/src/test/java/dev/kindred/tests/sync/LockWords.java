// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.sync;

import java.lang.reflect.Field;
import java.util.concurrent.locks.Lock;

import dev.kindred.internal.space.Block;

/** What those who wait for a lock have announced in its word, which no method tells. */
final class LockWords {

    private static final int WAITERS = 1 << 31;
    private static final int RESERVED = 1 << 29;

    private LockWords() {}

    /** {@return whether somebody has announced that it sleeps} */
    static boolean hasWaiters(Lock lock) throws ReflectiveOperationException {
        return (word(lock) & WAITERS) != 0;
    }

    /** {@return whether somebody has announced that it has waited long} */
    static boolean isReserved(Lock lock) throws ReflectiveOperationException {
        return (word(lock) & RESERVED) != 0;
    }

    private static int word(Lock lock) throws ReflectiveOperationException {
        Field field = lock.getClass().getSuperclass().getDeclaredField("block");
        field.setAccessible(true);
        Block block = (Block) field.get(lock);
        return block.words().getVolatile(block.offset());
    }
}
