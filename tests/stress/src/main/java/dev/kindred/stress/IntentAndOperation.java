// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** An operation of the heap is announced before its first store: whoever finds the store, as a repairer may after a death, finds the announcement. */
@JCStressTest
@Outcome(id = {"0, 0", "0, 1", "1, 1"}, expect = Expect.ACCEPTABLE, desc = "no store without its announcement")
@State
public class IntentAndOperation {

    private static final int INTENT = 64;

    private final long offset = TwoMappings.fresh();

    @Actor
    public void operate() {
        TwoMappings.FIRST.setRelease(offset + INTENT, 1);
        TwoMappings.FIRST.fence();
        TwoMappings.FIRST.setPlain(offset, 1);
    }

    @Actor
    public void find(II_Result result) {
        result.r1 = TwoMappings.SECOND.getAcquire(offset);
        result.r2 = TwoMappings.SECOND.getAcquire(offset + INTENT);
    }
}
