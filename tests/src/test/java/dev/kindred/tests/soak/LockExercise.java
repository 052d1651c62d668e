// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;

import dev.kindred.OwnerDiedException;
import dev.kindred.memory.SharedMemory;
import dev.kindred.sync.RLock;
import dev.kindred.tests.soak.Ledger.Account;
import dev.kindred.tests.soak.Ledger.Entry;
import dev.kindred.tests.support.Delays;

/**
 * Two numbers that are the same whenever their lock is free and no owner of it has died. They are read and written without any order, so that
 * only the lock can make it right.
 *
 * @param silent whether the lock goes on to the next silently when its owner dies
 */
record LockExercise(String name, Lock lock, boolean silent, SharedMemory memory) implements Exercise {

    private static final long FIRST = 0;
    private static final long SECOND = 128;

    static LockExercise of(String name, Lock lock, boolean silent) {
        return new LockExercise(name, lock, silent, SharedMemory.anonymous(256));
    }

    @Override
    public void run(Account account, SplittableRandom random) throws Exception {
        boolean again = lock instanceof RLock && random.nextInt(4) == 0;
        account.add(Entry.PUT_BEGUN, 1);
        long begin = System.nanoTime();
        boolean taken = acquire(random, account);
        account.took(System.nanoTime() - begin);
        if (!taken) {
            account.add(Entry.PUT_BEGUN, -1);
            return;
        }
        if (again) {
            lock.lock();
        }
        change(account, random);
        if (again) {
            lock.unlock();
        }
        lock.unlock();
        account.add(Entry.PUT_DONE, 1);
    }

    private boolean acquire(SplittableRandom random, Account account) throws Exception {
        try {
            return switch (random.nextInt(8)) {
                case 0 -> lock.tryLock();
                case 1 -> lock.tryLock(random.nextInt(2_000), TimeUnit.MICROSECONDS);
                default -> {
                    assertTrue(lock.tryLock(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS), () -> lock + " was never free");
                    yield true;
                }
            };
        } catch (OwnerDiedException died) {
            if (recover()) {
                account.add(Entry.RECOVERED, 1);
                repair();
            }
            return true;
        }
    }

    private boolean recover() throws Exception {
        long time = Delays.LONG.toMillis();
        return lock instanceof RLock reentrant ? reentrant.recover(time, TimeUnit.MILLISECONDS)
                : ((dev.kindred.sync.Lock) lock).recover(time, TimeUnit.MILLISECONDS);
    }

    private void repair() {
        MemorySegment numbers = memory.segment();
        numbers.set(ValueLayout.JAVA_LONG, SECOND, numbers.get(ValueLayout.JAVA_LONG, FIRST));
    }

    private void change(Account account, SplittableRandom random) {
        MemorySegment numbers = memory.segment();
        long first = numbers.get(ValueLayout.JAVA_LONG, FIRST);
        long second = numbers.get(ValueLayout.JAVA_LONG, SECOND);
        if (silent && first == second + 1) {
            account.add(Entry.RECOVERED, 1);
            // In its place, before anything else is changed: this process may be the next to die.
            repair();
            second = first;
        }
        assertEquals(first, second, () -> "two were in " + lock + " at once, or one of them had not been recovered");
        numbers.set(ValueLayout.JAVA_LONG, FIRST, first + 1);
        Exercise.perhapsDie(random);
        numbers.set(ValueLayout.JAVA_LONG, SECOND, second + 1);
    }

    @Override
    public void check(Ledger ledger, int index) throws Exception {
        if (!silent && recover()) {
            repair();
        } else if (silent) {
            assertTrue(lock.tryLock(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS), () -> lock + " is not free in the end");
        }
        long number = memory.segment().get(ValueLayout.JAVA_LONG, FIRST);
        lock.unlock();
        Signals.assertBetween(name, ledger.sum(index, Entry.PUT_DONE), number, ledger.sum(index, Entry.PUT_BEGUN));
        memory.close();
    }
}
