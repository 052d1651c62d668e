// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Who announces that it sleeps and then looks again, and who changes the word and then looks for sleepers: one of them sees the other. So no wake-up is
 * lost where announcement and change are in words of their own.
 */
@JCStressTest
@Outcome(id = {"0, 1", "1, 0", "1, 1"}, expect = Expect.ACCEPTABLE, desc = "one sees the other, or both do")
@State
public class AnnouncementAndChange {

    private static final int SLEEPERS = 64;

    private final long offset = TwoMappings.fresh();

    @Actor
    public void sleeper(II_Result result) {
        TwoMappings.FIRST.setVolatile(offset + SLEEPERS, 1);
        result.r1 = TwoMappings.FIRST.getVolatile(offset);
    }

    @Actor
    public void waker(II_Result result) {
        TwoMappings.SECOND.setVolatile(offset, 1);
        result.r2 = TwoMappings.SECOND.getVolatile(offset + SLEEPERS);
    }
}
