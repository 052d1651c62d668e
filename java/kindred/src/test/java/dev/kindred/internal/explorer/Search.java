// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.explorer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Visits every state that can come about, the nearest first, and looks whether anything is wrong. */
final class Search {

    private final String name;
    private final Cast cast;
    private final Rules rules;
    private final Program[] programs;
    private final States states;
    private final Scheduler scheduler;
    private final Verdicts verdicts;

    /** From which state each was found first. */
    private final IntList origins = new IntList();

    /** Where each state leads without relying on what nobody may rely on, and where in that list a state's begin. */
    private final IntList ways = new IntList();
    private final IntList firstWays = new IntList();

    /** What the memory holds in states in which nothing happens any more. */
    private final Set<Memory> ends = new HashSet<>();

    private long moves;
    private int current;

    Search(String name, Cast cast, Rules rules, LocalState.Reader reader) {
        this.name = name;
        this.cast = cast;
        this.rules = rules;
        this.programs = cast.roles().stream()
                .map(role -> new Program(role, cast, operation -> rules.isPassing(operation, cast.isAlone(role.index())), reader))
                .toArray(Program[]::new);
        this.states = new States(programs.length);
        this.scheduler = new Scheduler(cast, rules, programs, this::found);
        this.verdicts = new Verdicts(rules.never);
    }

    /** Explores all that can come after a memory. Throws {@link Violation} if something is wrong. */
    Report run(Memory start) {
        long begin = System.nanoTime();
        Turn first = new Turn(cast, programs, new int[programs.length], start, Turn.CHANGED);
        scheduler.begin(first);
        states.add(first);
        origins.add(-1);
        for (current = 0; current < states.size(); current++) {
            firstWays.add(Math.toIntExact(ways.size()));
            visit(state(current));
        }
        requireThatAllCanEnd();
        int points = 0;
        int runs = 0;
        for (Program program : programs) {
            points += program.size();
            runs += program.runs();
        }
        Duration time = Duration.ofNanos(System.nanoTime() - begin);
        long endings = ends.stream().mapToLong(Memory::hash).sum();
        return new Report(name, states.size(), moves, states.memories(), states.contents(), ends.size(), endings, points, runs, time);
    }

    private Turn state(int number) {
        int memory = states.memoryNumber(number);
        return new Turn(cast, programs, states.at(number), states.memory(memory), memory);
    }

    private void visit(Turn state) {
        Rules.Ban violated = verdicts.findViolated(state);
        if (violated != null) {
            throw violation(violated.what(), current, null, null);
        }
        try {
            scheduler.expand(state);
        } catch (Violation e) {
            throw violation(e.getMessage(), current, scheduler.lastMove(), e);
        }
        if (isAtRest(current) && isDone(state)) {
            ends.add(state.memory());
            for (Rules.Ban ban : rules.neverAtRest) {
                if (ban.condition().test(state)) {
                    throw violation("in the end " + ban.what(), current, null, null);
                }
            }
        }
    }

    private void found(Turn successor, Move move) {
        moves++;
        int before = states.size();
        int number = states.add(successor);
        if (number == before) {
            origins.add(current);
        }
        if (number != current && move.saves(rules.timeSaves)) {
            ways.add(number);
        }
    }

    private long endOfWays(int state) {
        return state + 1 < firstWays.size() ? firstWays.get(state + 1) : ways.size();
    }

    /** {@return whether nothing happens any more by itself in a state that was visited} */
    private boolean isAtRest(int state) {
        return firstWays.get(state) == endOfWays(state);
    }

    private boolean isDone(Turn state) {
        for (Cast.Role role : cast.roles()) {
            if (!role.isDaemon() && state.runs(role.index()) && !state.isFinished(role.index())) {
                return false;
            }
        }
        return true;
    }

    /**
     * Every state must be able to come to rest with all actors done that live, and without the help of what nobody may rely on. One that
     * cannot is a deadlock, or a circle without an exit.
     */
    private void requireThatAllCanEnd() {
        boolean[] canEnd = new boolean[states.size()];
        for (int state = 0; state < canEnd.length; state++) {
            canEnd[state] = isAtRest(state) && isDone(state(state));
        }
        boolean changed = true;
        while (changed) {
            changed = false;
            // What comes after a state was mostly found after it, so one pass from the end finds nearly all.
            for (int state = canEnd.length - 1; state >= 0; state--) {
                if (!canEnd[state] && leadsToEnd(state, canEnd)) {
                    canEnd[state] = true;
                    changed = true;
                }
            }
        }
        int circling = -1;
        for (int state = canEnd.length - 1; state >= 0; state--) {
            if (!canEnd[state]) {
                circling = state;
            }
        }
        for (int state = 0; state < canEnd.length; state++) {
            if (!canEnd[state] && isAtRest(state)) {
                throw violation("somebody waits for ever", state, null, null);
            }
        }
        if (circling >= 0) {
            throw violation("nobody can get out of here", circling, null, null);
        }
    }

    private boolean leadsToEnd(int state, boolean[] canEnd) {
        for (long way = firstWays.get(state); way < endOfWays(state); way++) {
            if (canEnd[ways.get(way)]) {
                return true;
            }
        }
        return false;
    }

    /** {@return a violation that tells the shortest way to a state, and the move in which it happened unless it is the state itself} */
    private Violation violation(String what, int state, Move last, Throwable cause) {
        List<Integer> way = new ArrayList<>();
        for (int number = state; number >= 0; number = origins.get(number)) {
            way.add(number);
        }
        Collections.reverse(way);
        Trace trace = new Trace(cast, rules, programs);
        for (int i = 1; i < way.size(); i++) {
            trace.add(moveBetween(way.get(i - 1), way.get(i)));
        }
        if (last != null) {
            trace.addFaulty(last);
        }
        trace.addPositions(state(state));
        return new Violation(name + ": " + what + trace, cause);
    }

    private Move moveBetween(int from, int to) {
        List<Move> between = new ArrayList<>();
        Scheduler again = new Scheduler(cast, rules, programs, (successor, move) -> {
            if (states.add(successor) == to) {
                between.add(move);
            }
        });
        again.expand(state(from));
        return between.getFirst();
    }
}
