// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;

import dev.kindred.memory.CType;
import dev.kindred.memory.RawArray;
import dev.kindred.tests.soak.Ledger.Account;

/** Shared memory that is allocated, used and left to the collector: it is zeroed, and nobody else writes to it. */
record BlocksExercise(String name) implements Exercise {

    @Override
    public void run(Account account, SplittableRandom random) {
        int length = 1 << random.nextInt(10);
        RawArray array = RawArray.of(CType.LONG_LONG, length);
        long mine = ThreadLocalRandom.current().nextLong();
        for (int i = 0; i < length; i++) {
            assertEquals(0, array.getLong(i), "a new block is not zeroed");
            array.setLong(i, mine);
        }
        Thread.yield();
        for (int i = 0; i < length; i++) {
            assertEquals(mine, array.getLong(i), "two have the same block");
        }
    }
}
