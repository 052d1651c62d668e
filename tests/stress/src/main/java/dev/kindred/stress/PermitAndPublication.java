// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.stress;

import dev.kindred.internal.sync.CountingSemaphore;
import dev.kindred.internal.words.Words;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A permit that was put is taken or still there, and brings with it what was stored plainly before it was put. */
@JCStressTest
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "too early")
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "taken, with what came with it")
@State
public class PermitAndPublication {

    private static final int WORK = 64;

    private final long offset = TwoMappings.fresh();
    private final CountingSemaphore first;
    private final CountingSemaphore second;

    {
        CountingSemaphore.initialize(TwoMappings.FIRST, offset, 0, 1);
        first = CountingSemaphore.at(TwoMappings.FIRST, offset);
        second = CountingSemaphore.at(TwoMappings.SECOND, offset);
    }

    @Actor
    public void put() {
        TwoMappings.FIRST.setPlain(offset + WORK, 1);
        if (first.release(1) != CountingSemaphore.RELEASED) {
            throw new IllegalStateException("a permit beside none");
        }
    }

    @Actor
    public void take(II_Result result) {
        if (second.acquire(Words.AT_ONCE, false) == dev.kindred.internal.sync.Outcome.ACQUIRED) {
            result.r1 = TwoMappings.SECOND.getPlain(offset + WORK) == 1 ? 1 : -1;
        }
    }

    @Arbiter
    public void count(II_Result result) {
        result.r2 = first.value();
    }
}
