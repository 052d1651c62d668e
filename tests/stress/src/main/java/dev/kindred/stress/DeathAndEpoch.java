// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A dead slot is marked before the epoch is raised: who has read the new epoch sees the mark, and who has read the old one does not sleep. */
@JCStressTest
@Outcome(id = {"0, 0", "0, 1", "1, 1"}, expect = Expect.ACCEPTABLE, desc = "the mark comes no later than the epoch")
@State
public class DeathAndEpoch {

    private static final int SLOT = 64;

    private final long offset = TwoMappings.fresh();

    @Actor
    public void recoverer() {
        if (TwoMappings.FIRST.compareAndSet(offset + SLOT, 0, 1)) {
            int _ = TwoMappings.FIRST.getAndAdd(offset, 1);
        }
    }

    @Actor
    public void waiter(II_Result result) {
        result.r1 = TwoMappings.SECOND.getVolatile(offset);
        result.r2 = TwoMappings.SECOND.getVolatile(offset + SLOT);
    }
}
