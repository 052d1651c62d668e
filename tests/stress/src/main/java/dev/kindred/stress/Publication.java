// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** What was stored plainly before a release store is there for whoever read that store with acquire order. */
@JCStressTest
@Outcome(id = {"0, 0", "0, 1", "1, 1"}, expect = Expect.ACCEPTABLE, desc = "not published yet, or wholly")
@State
public class Publication {

    private static final int DATA = 64;

    private final long offset = TwoMappings.fresh();

    @Actor
    public void publish() {
        TwoMappings.FIRST.setPlain(offset + DATA, 1);
        TwoMappings.FIRST.setRelease(offset, 1);
    }

    @Actor
    public void read(II_Result result) {
        result.r1 = TwoMappings.SECOND.getAcquire(offset);
        result.r2 = TwoMappings.SECOND.getPlain(offset + DATA);
    }
}
