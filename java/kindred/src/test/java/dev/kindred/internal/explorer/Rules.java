// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.explorer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/** What may happen in a scenario, and what must not. */
final class Rules {

    /** Words that are touched only by who holds a lock. */
    record Guard(long from, long to, Scenario.Holder holder) {
        boolean covers(long offset) {
            return offset >= from && offset < to;
        }
    }

    /** Words that nothing guards. */
    private static final Guard NO_GUARD = new Guard(0, 0, (_, _) -> true);

    /** Something that must not be. */
    record Ban(String what, Predicate<World> condition) {}

    int deaths;
    long lastDeath = Long.MAX_VALUE;
    boolean lingering;
    int stops;
    final Set<String> stoppable = new HashSet<>();
    int interrupts;
    boolean spuriousWakeUps;
    boolean holes;
    boolean timeSaves;

    /** Up to when deadlines come. */
    long horizon;

    /** Time passes in steps of so much, up to the last tick; 0 if it passes only by waiting. */
    long tick;
    long lastTick;

    final Map<Long, String> names = new HashMap<>();
    final Set<Long> constants = new HashSet<>();
    private final List<Guard> guards = new ArrayList<>();

    /** What guards a word, for words that were asked for. There can be many guards, and every access asks. */
    private final Map<Long, Guard> guardOf = new HashMap<>();

    final List<Ban> never = new ArrayList<>();
    final List<Ban> neverAtRest = new ArrayList<>();
    final List<BiConsumer<Ledger, String>> onDeath = new ArrayList<>();

    void guard(Guard guard) {
        guards.add(guard);
        guardOf.clear();
    }

    /** {@return whether nobody notices when an operation of that actor is done} */
    boolean isPassing(Operation operation, boolean isAlone) {
        return switch (operation) {
            case Operation.Record _ -> true;
            case Operation.Now _ -> tick == 0;
            case Operation.EnterGate _, Operation.LeaveGate _ -> isAlone;
            case Operation.Access access -> (access.isRead() && constants.contains(access.offset())) || guard(access.offset()) != null;
            default -> false;
        };
    }

    /** {@return what guards a word, or null} */
    Guard guard(long offset) {
        if (guards.isEmpty()) {
            return null;
        }
        Guard guard = guardOf.computeIfAbsent(offset, this::find);
        return guard == NO_GUARD ? null : guard;
    }

    private Guard find(long offset) {
        for (Guard guard : guards) {
            if (guard.covers(offset)) {
                return guard;
            }
        }
        return NO_GUARD;
    }
}
