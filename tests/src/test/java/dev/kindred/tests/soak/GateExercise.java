// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.soak;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

import dev.kindred.sync.Event;
import dev.kindred.tests.soak.Ledger.Account;
import dev.kindred.tests.soak.Ledger.Entry;
import dev.kindred.tests.support.Delays;

/** An event that the parent sets and clears without end: nobody waits for it for ever, whoever died while it waited or was woken. */
record GateExercise(String name, Event gate) implements Exercise {

    @Override
    public void run(Account account, SplittableRandom random) throws Exception {
        account.add(Entry.TAKE_BEGUN, 1);
        long begin = System.nanoTime();
        assertTrue(gate.await(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS), () -> gate + " was set, and a waiter was not woken");
        account.took(System.nanoTime() - begin);
        account.add(Entry.TAKE_DONE, 1);
    }
}
