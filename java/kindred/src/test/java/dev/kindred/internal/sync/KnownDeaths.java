// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.sync;

import java.util.Set;

/** Deaths that a test decides on. */
record KnownDeaths(Set<Integer> dead) implements Liveness {

    @Override
    public boolean isDead(int id) {
        return dead.contains(id);
    }

    @Override
    public void examine(int id) {}
}
