// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.stress;

import dev.kindred.internal.sync.Liveness;
import dev.kindred.internal.sync.Mutex;
import dev.kindred.internal.words.MappedWords;
import dev.kindred.internal.words.Words;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** What is done plainly under a mutex is done by one at a time, and seen by the next. */
@JCStressTest
@Outcome(id = "4", expect = Expect.ACCEPTABLE, desc = "each addition counts")
@State
public class MutualExclusion {

    private static final int DATA = 64;

    private static final Liveness ALL_LIVE = new Liveness() {
        @Override
        public boolean isDead(int id) {
            return false;
        }

        @Override
        public void examine(int id) {}
    };

    private final long offset = TwoMappings.fresh();
    private final Mutex first = new Mutex(TwoMappings.FIRST, offset, 1 << 12, false, ALL_LIVE);
    private final Mutex second = new Mutex(TwoMappings.SECOND, offset, 1 << 12 | 1, false, ALL_LIVE);

    @Actor
    public void first() {
        addTwice(first, TwoMappings.FIRST);
    }

    @Actor
    public void second() {
        addTwice(second, TwoMappings.SECOND);
    }

    private void addTwice(Mutex mutex, MappedWords words) {
        for (int i = 0; i < 2; i++) {
            int outcome = mutex.acquire(Words.NO_DEADLINE, false);
            words.setPlain(offset + DATA, words.getPlain(offset + DATA) + 1);
            if (outcome != Mutex.ACQUIRED || !mutex.release()) {
                throw new IllegalStateException("acquire returned " + outcome);
            }
        }
    }

    @Arbiter
    public void count(I_Result result) {
        result.r1 = TwoMappings.FIRST.getPlain(offset + DATA);
    }
}
