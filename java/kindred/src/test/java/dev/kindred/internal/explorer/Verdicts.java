// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.explorer;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Looks whether states are as they must not be. Most conditions look at nothing but the memory and at who lives, and a thousand states can
 * have the same memory; so what such a condition said is remembered, as asking it takes longer than to find the state.
 */
final class Verdicts {

    /** Of so many different ways in which processes live, are stopped or dead something is remembered. */
    private static final int MOST_LIVES = 64;

    private final List<Rules.Ban> bans;
    private final List<Long> lives = new ArrayList<>();

    /** For each ban the memories, each with who lives, with which it did not apply wherever actors stand. */
    private final BitSet[] passed;

    Verdicts(List<Rules.Ban> bans) {
        this.bans = bans;
        this.passed = bans.stream().map(_ -> new BitSet()).toArray(BitSet[]::new);
    }

    /** {@return a ban that a state violates, or null} */
    Rules.Ban findViolated(Turn state) {
        if (bans.isEmpty()) {
            return null;
        }
        int circumstances = circumstances(state);
        for (int i = 0; i < passed.length; i++) {
            if (circumstances < 0 || !passed[i].get(circumstances)) {
                if (state.satisfies(bans.get(i).condition())) {
                    return bans.get(i);
                }
                if (circumstances >= 0 && !state.isAskedWhereActorsStand()) {
                    passed[i].set(circumstances);
                }
            }
        }
        return null;
    }

    /** {@return a number for a state's memory and for who lives, or -1 if there are too many} */
    private int circumstances(Turn state) {
        long alive = state.lives();
        int number = lives.indexOf(alive);
        if (number < 0) {
            number = lives.size();
            lives.add(alive);
        }
        long circumstances = (long) state.memoryNumber() * MOST_LIVES + number;
        return number < MOST_LIVES && circumstances <= Integer.MAX_VALUE ? (int) circumstances : -1;
    }
}
