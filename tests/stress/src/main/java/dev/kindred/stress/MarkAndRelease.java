// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A waiter marks a held word, its holder frees it: if the mark was there first, the holder sees it, and else the marking fails. */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "marked, and the holder wakes the waiter")
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "freed first, and the waiter looks again")
@State
public class MarkAndRelease {

    private static final int MARK = 64;

    private final long offset = TwoMappings.fresh();

    {
        TwoMappings.FIRST.setVolatile(offset, 1);
    }

    @Actor
    public void waiter(II_Result result) {
        result.r1 = TwoMappings.FIRST.compareAndSet(offset, 1, 1 | MARK) ? 1 : 0;
    }

    @Actor
    public void holder(II_Result result) {
        if (!TwoMappings.SECOND.compareAndSet(offset, 1, 0)) {
            result.r2 = TwoMappings.SECOND.compareAndSet(offset, 1 | MARK, 0) ? 1 : -1;
        }
    }
}
