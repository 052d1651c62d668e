// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** A record is written after its generation has been raised: who finds the old generation after reading has read nothing of the new record. */
@JCStressTest
@Outcome(id = "0, 0, 0", expect = Expect.ACCEPTABLE, desc = "the old record and its generation")
@Outcome(id = "., ., 1", expect = Expect.ACCEPTABLE, desc = "the record is refused")
@State
public class RecordAndGeneration {

    private static final int RECORD = 64;
    private static final int MORE = 128;

    private final long offset = TwoMappings.fresh();

    @Actor
    public void join() {
        TwoMappings.FIRST.setVolatile(offset, 1);
        TwoMappings.FIRST.fence();
        TwoMappings.FIRST.setPlain(offset + RECORD, 1);
        TwoMappings.FIRST.setPlain(offset + MORE, 1);
    }

    @Actor
    public void read(III_Result result) {
        result.r1 = TwoMappings.SECOND.getPlain(offset + RECORD);
        result.r2 = TwoMappings.SECOND.getPlain(offset + MORE);
        TwoMappings.SECOND.fence();
        result.r3 = TwoMappings.SECOND.getVolatile(offset);
    }
}
