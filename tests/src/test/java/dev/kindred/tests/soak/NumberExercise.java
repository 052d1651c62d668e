// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.soak;

import java.util.SplittableRandom;

import dev.kindred.memory.RawValue;
import dev.kindred.tests.soak.Ledger.Account;
import dev.kindred.tests.soak.Ledger.Entry;

/** A number that all add to. */
record NumberExercise(String name, RawValue number) implements Exercise {

    @Override
    public void run(Account account, SplittableRandom random) {
        int more = 1 + random.nextInt(3);
        account.add(Entry.PUT_BEGUN, more);
        long _ = number.getAndAdd(more);
        account.add(Entry.PUT_DONE, more);
    }

    @Override
    public void check(Ledger ledger, int index) {
        Signals.assertBetween(name, ledger.sum(index, Entry.PUT_DONE), number.getLong(), ledger.sum(index, Entry.PUT_BEGUN));
    }
}
