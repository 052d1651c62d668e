// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

import dev.kindred.sync.RobustSemaphore;
import dev.kindred.tests.soak.Ledger.Account;
import dev.kindred.tests.soak.Ledger.Entry;
import dev.kindred.tests.support.Delays;
import dev.kindred.tests.support.Eventually;

/** Permits that come back from the dead: whoever asks gets one in the end, and there are all of them when nobody is left. */
record PermitsExercise(String name, RobustSemaphore semaphore, int permits) implements Exercise {

    @Override
    public void run(Account account, SplittableRandom random) throws Exception {
        account.add(Entry.TAKE_BEGUN, 1);
        long begin = System.nanoTime();
        assertTrue(semaphore.tryAcquire(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS), () -> "no permit of " + semaphore + " came free");
        account.took(System.nanoTime() - begin);
        account.add(Entry.TAKE_DONE, 1);
        if (random.nextInt(16) == 0) {
            int held = semaphore.holders().values().stream().mapToInt(Integer::intValue).sum();
            assertTrue(held <= permits, () -> held + " permits of " + semaphore + " are held");
        }
        Exercise.perhapsDie(random);
        semaphore.release();
    }

    @Override
    public void check(Ledger ledger, int index) {
        Eventually.holds("all permits of the dead have come back", () -> semaphore.getValue() == permits);
        assertEquals(0, semaphore.holders().size());
    }
}
