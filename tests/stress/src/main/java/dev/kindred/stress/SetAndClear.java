// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.stress;

import dev.kindred.internal.sync.EventFlag;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * An event that is set already is set again, and cleared meanwhile: who clears it and then looks for work sees what was done before the setting, or
 * the event stays set.
 */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "cleared, and the work was seen")
@Outcome(id = {"0, 1", "1, 1"}, expect = Expect.ACCEPTABLE, desc = "set again")
@State
public class SetAndClear {

    private static final int WORK = 64;

    private final long offset = TwoMappings.fresh();
    private final EventFlag first = new EventFlag(TwoMappings.FIRST, offset);
    private final EventFlag second = new EventFlag(TwoMappings.SECOND, offset);

    {
        first.set();
    }

    @Actor
    public void work() {
        TwoMappings.FIRST.setPlain(offset + WORK, 1);
        first.set();
    }

    @Actor
    public void look(II_Result result) {
        second.clear();
        result.r1 = TwoMappings.SECOND.getPlain(offset + WORK);
    }

    @Arbiter
    public void isSet(II_Result result) {
        result.r2 = first.isSet() ? 1 : 0;
    }
}
