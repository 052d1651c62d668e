// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;

import dev.kindred.internal.words.SimulatedWords;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is of a barrier, and whose end breaks it. */
class BarrierMembersTest {

    private static final long BARRIER = 1024;
    private static final int LEAVER = 1 << 12;
    private static final int OTHER = LEAVER + 1;

    /** It leaves and ends after another has read that it is of the barrier, and before that one asks whether it lives. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theEndOfOneThatHasJustLeftBreaksNothing(boolean leaves) {
        SimulatedWords words = new SimulatedWords(0);
        words.reserve(0, 4096);
        BarrierRounds.initialize(words, BARRIER, 2);
        BarrierRounds leaver = new BarrierRounds(words, BARRIER, LEAVER, new KnownDeaths(Set.of()));
        leaver.register();
        BarrierRounds other = new BarrierRounds(words, BARRIER, OTHER, new Liveness() {
            @Override
            public boolean isDead(int id) {
                if (leaves) {
                    leaver.deregister();
                }
                return id == LEAVER;
            }

            @Override
            public void examine(int id) {}
        });
        assertEquals(!leaves, other.isBroken());
    }
}
