// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.J_Result;

/**
 * The halves of a long are counts of their own, changed by additions to the long, by compare-and-sets of the long, and by compare-and-sets of one
 * half, as in semaphores and barriers. No change is lost.
 */
@JCStressTest
@Outcome(id = "4294967297", expect = Expect.ACCEPTABLE, desc = "one in the upper half, and 1 + 1 - 1 in the lower")
@State
public class HalvesOfALong {

    private static final long UPPER = 1L << 32;

    private final long offset = TwoMappings.fresh();

    {
        TwoMappings.FIRST.setVolatile(offset, 1);
    }

    @Actor
    public void both() {
        long _ = TwoMappings.FIRST.getAndAddLong(offset, UPPER);
        long state = TwoMappings.FIRST.getLongVolatile(offset);
        while (!TwoMappings.FIRST.compareAndSetLong(offset, state, state + 1)) {
            state = TwoMappings.FIRST.getLongVolatile(offset);
        }
    }

    @Actor
    public void lower() {
        int lower = TwoMappings.SECOND.getVolatile(offset);
        while (!TwoMappings.SECOND.compareAndSet(offset, lower, lower - 1)) {
            lower = TwoMappings.SECOND.getVolatile(offset);
        }
    }

    @Arbiter
    public void count(J_Result result) {
        result.r1 = TwoMappings.SECOND.getLongVolatile(offset);
    }
}
