// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.soak;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Serializable;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

import dev.kindred.sync.NamedSemaphore;
import dev.kindred.sync.Semaphore;
import dev.kindred.tests.soak.Ledger.Account;
import dev.kindred.tests.soak.Ledger.Entry;
import dev.kindred.tests.support.Delays;

/**
 * The permits of a semaphore are conserved: there are as many as at first, and those put by all, without those taken by all. Of a thread that was
 * killed in a call it is not known whether it put or took one.
 *
 * @param paired whether each puts what it took itself, or some put and others take
 */
record Signals(String name, Serializable semaphore, int atFirst, boolean paired) implements Exercise {

    /** So few that those who take have to wait. */
    private static final int ENOUGH = 3;

    private boolean tryTake(long microseconds) throws InterruptedException {
        return semaphore instanceof Semaphore counting ? counting.tryAcquire(microseconds, TimeUnit.MICROSECONDS)
                : ((NamedSemaphore) semaphore).tryAcquire(microseconds, TimeUnit.MICROSECONDS);
    }

    private void put(int permits) {
        if (semaphore instanceof Semaphore counting) {
            counting.release(permits);
        } else {
            ((NamedSemaphore) semaphore).release(permits);
        }
    }

    private int value() {
        return semaphore instanceof Semaphore counting ? counting.getValue() : ((NamedSemaphore) semaphore).getValue();
    }

    @Override
    public void run(Account account, SplittableRandom random) throws Exception {
        if (paired) {
            take(account, Delays.LONG.toNanos() / 1_000);
            if (random.nextInt(4) == 0) {
                take(account, 0);
            }
            Exercise.perhapsDie(random);
            giveBack(account);
        } else if (random.nextBoolean() && value() < ENOUGH) {
            put(account, 1 + random.nextInt(2));
        } else {
            take(account, random.nextInt(3) == 0 ? 0 : 3_000);
        }
    }

    private void take(Account account, long microseconds) throws InterruptedException {
        account.add(Entry.TAKE_BEGUN, 1);
        long begin = System.nanoTime();
        boolean taken = tryTake(microseconds);
        account.took(System.nanoTime() - begin);
        account.add(taken ? Entry.TAKE_DONE : Entry.TAKE_BEGUN, taken ? 1 : -1);
    }

    private void put(Account account, int permits) {
        account.add(Entry.PUT_BEGUN, permits);
        put(permits);
        account.add(Entry.PUT_DONE, permits);
    }

    /** Puts what was taken for certain and not begun to be put. */
    private void giveBack(Account account) {
        int held = (int) (account.get(Entry.TAKE_DONE) - account.get(Entry.PUT_BEGUN));
        if (held > 0) {
            put(account, held);
        }
    }

    @Override
    public void inherit(Account dead) {
        if (paired) {
            giveBack(dead);
        }
    }

    @Override
    public void check(Ledger ledger, int index) {
        assertBetween(name, atFirst + ledger.sum(index, Entry.PUT_DONE) - ledger.sum(index, Entry.TAKE_BEGUN), value(),
                atFirst + ledger.sum(index, Entry.PUT_BEGUN) - ledger.sum(index, Entry.TAKE_DONE));
        if (semaphore instanceof NamedSemaphore named) {
            named.close();
        }
    }

    static void assertBetween(String what, long least, long actual, long most) {
        assertTrue(least <= actual && actual <= most, () -> what + ": " + actual + " is not from " + least + " to " + most);
    }
}
