// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.domain;

import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** The kernel's part: who holds which byte. What the dead held is let go by {@link #end}. */
final class SimulatedLocks {

    private final Map<Integer, String> live = new HashMap<>();
    private final Map<Integer, String> leases = new HashMap<>();
    private final Runnable step;

    /** Locks whose every change and every question about them is a step. */
    SimulatedLocks(Runnable step) {
        this.step = step;
    }

    SlotLocks of(String process) {
        return new SlotLocks() {
            @Override
            public boolean isLive(int slot) {
                step.run();
                return live.containsKey(slot);
            }

            @Override
            public boolean takeLive(int slot) {
                step.run();
                return live.putIfAbsent(slot, process) == null;
            }

            @Override
            public void dropLive(int slot) {
                step.run();
                live.remove(slot, process);
            }

            @Override
            public @Nullable Lease tryLease(int slot) {
                step.run();
                if (leases.putIfAbsent(slot, process) != null) {
                    return null;
                }
                // A dead process's lease ends by itself, in end().
                return () -> leases.remove(slot, process);
            }
        };
    }

    void end(String process) {
        live.values().removeIf(process::equals);
        leases.values().removeIf(process::equals);
    }
}
