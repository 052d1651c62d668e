// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.soak;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;

import dev.kindred.OwnerDiedException;
import dev.kindred.memory.RawValue;
import dev.kindred.sync.Condition;
import dev.kindred.sync.RLock;
import dev.kindred.tests.soak.Ledger.Account;
import dev.kindred.tests.soak.Ledger.Entry;

/** A buffer of bounded size, of which only the number of elements is kept: conditions tell that there is room, and that there is something. */
record BufferExercise(String name, Lock lock, Condition notFull, Condition notEmpty, RawValue count) implements Exercise {

    private static final int CAPACITY = 3;

    @Override
    public void run(Account account, SplittableRandom random) throws Exception {
        boolean puts = random.nextBoolean();
        account.add(puts ? Entry.PUT_BEGUN : Entry.TAKE_BEGUN, 1);
        lock(account);
        boolean done = false;
        try {
            done = await(account, puts, random);
            if (done) {
                count.setLong(count.getLong() + (puts ? 1 : -1));
                Exercise.perhapsDie(random);
                signal(puts ? notEmpty : notFull, random);
            }
        } finally {
            lock.unlock();
        }
        if (done) {
            account.add(puts ? Entry.PUT_DONE : Entry.TAKE_DONE, 1);
        } else {
            account.add(puts ? Entry.PUT_BEGUN : Entry.TAKE_BEGUN, -1);
        }
    }

    private void lock(Account account) {
        try {
            lock.lock();
        } catch (OwnerDiedException died) {
            recover(account);
        }
    }

    /** The number is changed in one step, so that there is nothing to repair. But the dead may have owed others a signal. */
    private void recover(Account account) {
        boolean recovered = lock instanceof RLock reentrant ? reentrant.recover() : ((dev.kindred.sync.Lock) lock).recover();
        if (recovered) {
            account.add(Entry.RECOVERED, 1);
            notFull.signalAll();
            notEmpty.signalAll();
        }
    }

    private boolean await(Account account, boolean puts, SplittableRandom random) throws InterruptedException {
        long left = TimeUnit.MICROSECONDS.toNanos(random.nextInt(5_000));
        long begin = System.nanoTime();
        while (puts ? count.getLong() == CAPACITY : count.getLong() == 0) {
            if (left <= 0) {
                return false;
            }
            try {
                left = (puts ? notFull : notEmpty).awaitNanos(left);
            } catch (OwnerDiedException died) {
                recover(account);
            }
        }
        account.took(System.nanoTime() - begin);
        return true;
    }

    private static void signal(Condition condition, SplittableRandom random) {
        switch (random.nextInt(3)) {
            case 0 -> condition.signalAll();
            case 1 -> condition.signal(2);
            default -> condition.signal();
        }
    }

    @Override
    public void check(Ledger ledger, int index) {
        Signals.assertBetween(name, ledger.sum(index, Entry.PUT_DONE) - ledger.sum(index, Entry.TAKE_BEGUN), count.getLong(),
                ledger.sum(index, Entry.PUT_BEGUN) - ledger.sum(index, Entry.TAKE_DONE));
    }
}
