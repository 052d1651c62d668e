// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IJ_Result;

/**
 * Who puts into a ring publishes by a store with release order, lets go of its lock by a compare-and-set, and looks for sleepers; who takes marks that it sleeps
 * and looks once more. One of the two sees the other.
 */
@JCStressTest
@Outcome(id = {"0, 1", "1, 0", "1, 1"}, expect = Expect.ACCEPTABLE, desc = "the sleeper is seen, or sees the element")
@Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "one sleeps though there is an element")
@State
public class PublicationAndAnnouncement {

    private static final int LOCK = 64;
    private static final int SLEEPERS = 128;

    private final long offset = TwoMappings.fresh();

    @Actor
    public void put(IJ_Result result) {
        TwoMappings.FIRST.setLongRelease(offset, 1);
        boolean _ = TwoMappings.FIRST.compareAndSet(offset + LOCK, 0, 1);
        result.r1 = TwoMappings.FIRST.getVolatile(offset + SLEEPERS);
    }

    @Actor
    public void take(IJ_Result result) {
        boolean _ = TwoMappings.SECOND.compareAndSet(offset + SLEEPERS, 0, 1);
        result.r2 = TwoMappings.SECOND.getLongVolatile(offset);
    }
}
