// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.soak;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.kindred.memory.RawValue;
import dev.kindred.sync.Barrier;
import dev.kindred.tests.soak.Ledger.Account;
import dev.kindred.tests.soak.Ledger.Entry;
import dev.kindred.tests.support.Delays;

/** A barrier for one thread of each worker: a death breaks it, whoever learns that makes it whole, and the rounds go on with the successor. */
record BarrierExercise(String name, Barrier barrier, RawValue trips) implements Exercise {

    /** @param name what it is called */
    static BarrierExercise of(String name, int parties, RawValue trips) {
        return new BarrierExercise(name, new Barrier(parties, () -> trips.getAndAdd(1)), trips);
    }

    @Override
    public void run(Account account, SplittableRandom random) throws Exception {
        account.add(Entry.TAKE_BEGUN, 1);
        try {
            long begin = System.nanoTime();
            int _ = barrier.await(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS);
            account.took(System.nanoTime() - begin);
            account.add(Entry.TAKE_DONE, 1);
        } catch (BrokenBarrierException broken) {
            account.add(Entry.BROKEN, 1);
            if (barrier.isBroken()) {
                barrier.reset();
            }
        } catch (TimeoutException late) {
            throw new AssertionError(barrier + ": nobody else came, and nobody's death was told", late);
        }
    }

    @Override
    public void check(Ledger ledger, int index) {
        long released = ledger.sum(index, Entry.TAKE_DONE);
        assertTrue(released <= trips.getLong() * barrier.getParties(), () -> released + " were released by " + trips.getLong() + " rounds");
    }
}
