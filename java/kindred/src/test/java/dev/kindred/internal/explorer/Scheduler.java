// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.explorer;

import java.util.function.BiConsumer;

import dev.kindred.internal.words.Words;

/** Finds all that can happen next in a state. */
final class Scheduler {

    private final Cast cast;
    private final Rules rules;
    private final Program[] programs;
    private final BiConsumer<Turn, Move> found;

    /** The move that is being made. */
    private Move move;

    /**
     * The guard of which it is known that the actor that goes on holds it: since it was asked for, nothing has changed by which it could
     * tell.
     */
    private Rules.Guard held;

    /**
     * A scheduler.
     *
     * @param found is told each state that can come next, and how
     */
    Scheduler(Cast cast, Rules rules, Program[] programs, BiConsumer<Turn, Move> found) {
        this.cast = cast;
        this.rules = rules;
        this.programs = programs;
        this.found = found;
    }

    /** {@return the move that was being made when something went wrong} */
    Move lastMove() {
        return move;
    }

    /** Lets every actor begin. */
    void begin(Turn turn) {
        for (Cast.Role role : cast.roles()) {
            held = null;
            turn.stand(role.index(), programs[role.index()].begin(operation -> pass(turn, role, operation)));
        }
    }

    /** Finds all that can come after a state. */
    void expand(Turn state) {
        for (Cast.Role role : cast.roles()) {
            int actor = role.index();
            if (state.isAsleep(actor)) {
                expandSleeper(state, actor, (Operation.Await) state.point(actor).operation());
            } else if (state.runs(actor)) {
                expand(state, role, state.point(actor).operation());
            }
        }
        boolean anyDies = mayAnyDie(state);
        boolean anyStops = rules.stops > 0 && state.stops() < rules.stops;
        boolean anyIsDead = state.deaths() > 0;
        for (Cast.Process process : cast.processes()) {
            if (anyDies && process.isMortal() && !state.isDead(process)) {
                Turn next = state.fork();
                move = new Move(Move.Kind.DEATH, process.index(), null, 0, null);
                kill(next, process);
                found.accept(next, move);
            }
            if (anyStops && mayStop(state, process)) {
                Turn next = state.fork();
                move = new Move(Move.Kind.STOP, process.index(), null, 0, null);
                next.stop(process);
                found.accept(next, move);
            }
            if (anyIsDead && state.isDead(process) && state.holdsLocks(process)) {
                Turn next = state.fork();
                move = new Move(Move.Kind.END_OF_LOCKS, process.index(), null, 0, null);
                next.endLocks(process);
                found.accept(next, move);
            }
        }
    }

    private void expand(Turn state, Cast.Role role, Operation operation) {
        int actor = role.index();
        switch (operation) {
            case Operation.Access access -> {
                Turn next = begin(state, Move.Kind.STEP, actor, 0);
                long answer = perform(next, role, access);
                move = new Move(Move.Kind.STEP, actor, state.point(actor), answer, null);
                go(next, actor, answer);
            }
            case Operation.Await await -> expandAwait(state, actor, await);
            case Operation.Wake wake -> expandWake(state, actor, wake);
            case Operation.WakeAll _ -> {
                long sleepers = sleepers(state, null);
                Turn next = begin(state, Move.Kind.STEP, actor, sleepers);
                wake(next, actor, sleepers);
            }
            case Operation.Now _ -> expandNow(state, actor);
            case Operation.EnterGate enter -> expandEnter(state, actor, enter);
            case Operation.LeaveGate leave -> {
                Turn next = begin(state, Move.Kind.STEP, actor, 0);
                next.writableMemory().setLong(leave.gate(), 0);
                go(next, actor, 0);
            }
            case Operation.Until until -> {
                if (until.condition().test(state)) {
                    go(begin(state, Move.Kind.STEP, actor, 0), actor, 0);
                }
            }
            case Operation.AwaitDeath await -> {
                int news = state.newsOfDeaths();
                if (news > await.seen()) {
                    go(begin(state, Move.Kind.STEP, actor, news), actor, news);
                }
            }
            case Operation.HasEnded ended -> {
                long answer = state.isDead(cast.processes().get(ended.process())) ? 1 : 0;
                go(begin(state, Move.Kind.STEP, actor, answer), actor, answer);
            }
            case Operation.Pause _ -> go(begin(state, Move.Kind.STEP, actor, 0), actor, 0);
            case Operation.Finish _ -> { }
            case Operation.Fail fail -> {
                move = null;
                throw new Violation(role.name() + ": " + fail.cause().getMessage(), fail.cause());
            }
        }
    }

    private Turn begin(Turn state, Move.Kind kind, int actor, long answer) {
        move = new Move(kind, actor, state.point(actor), answer, null);
        return state.fork();
    }

    private void expandAwait(Turn state, int actor, Operation.Await await) {
        Memory memory = state.memory();
        boolean sleeps = await.isAsExpected(memory) && memory.getInt(cast.epochOffset()) == await.epoch();
        if (sleeps) {
            Turn next = begin(state, Move.Kind.SLEEP, actor, 0);
            next.sleep(actor);
            found.accept(next, move);
        } else {
            go(begin(state, Move.Kind.STEP, actor, Words.WOKEN), actor, Words.WOKEN);
        }
        expandInterrupt(state, actor, await.interruptible());
    }

    private void expandSleeper(Turn state, int actor, Operation.Await await) {
        expandTimeOut(state, actor, await.deadline());
        expandInterrupt(state, actor, await.interruptible());
        if (rules.spuriousWakeUps) {
            go(begin(state, Move.Kind.SPURIOUS, actor, Words.WOKEN), actor, Words.WOKEN);
        }
    }

    private void expandTimeOut(Turn state, int actor, long deadline) {
        if (deadline <= rules.horizon) {
            go(timeOut(begin(state, Move.Kind.TIME_OUT, actor, Words.TIMED_OUT), actor, deadline), actor, Words.TIMED_OUT);
        }
    }

    private static Turn timeOut(Turn next, int actor, long deadline) {
        long clock = Places.clock(actor);
        next.writableMemory().setLong(clock, Math.max(deadline, next.memory().getLong(clock)));
        return next;
    }

    private void expandInterrupt(Turn state, int actor, boolean interruptible) {
        if (mayInterrupt(state, interruptible)) {
            go(interrupt(begin(state, Move.Kind.INTERRUPT, actor, Words.INTERRUPTED)), actor, Words.INTERRUPTED);
        }
    }

    private boolean mayInterrupt(Turn state, boolean interruptible) {
        return interruptible && state.memory().getLong(Places.INTERRUPTS) < rules.interrupts;
    }

    private static Turn interrupt(Turn next) {
        Memory memory = next.writableMemory();
        memory.setLong(Places.INTERRUPTS, memory.getLong(Places.INTERRUPTS) + 1);
        return next;
    }

    private void expandNow(Turn state, int actor) {
        long clock = Places.clock(actor);
        long now = state.memory().getLong(clock);
        go(begin(state, Move.Kind.STEP, actor, now), actor, now);
        if (now + rules.tick <= rules.lastTick) {
            Turn next = begin(state, Move.Kind.TIME_OUT, actor, now + rules.tick);
            next.writableMemory().setLong(clock, now + rules.tick);
            go(next, actor, now + rules.tick);
        }
    }

    private void expandEnter(Turn state, int actor, Operation.EnterGate enter) {
        if (state.memory().getLong(enter.gate()) == 0) {
            Turn next = begin(state, Move.Kind.STEP, actor, Words.WOKEN);
            next.writableMemory().setLong(enter.gate(), actor + 1);
            go(next, actor, Words.WOKEN);
        } else {
            expandTimeOut(state, actor, enter.deadline());
        }
        expandInterrupt(state, actor, enter.interruptible());
    }

    /** Every choice of as many sleepers as are to be woken. */
    private void expandWake(Turn state, int actor, Operation.Wake wake) {
        long sleepers = sleepers(state, wake.offset());
        int woken = Math.min(wake.count(), Long.bitCount(sleepers));
        for (long choice = sleepers; ; choice = (choice - 1) & sleepers) {
            if (Long.bitCount(choice) == woken) {
                wake(begin(state, Move.Kind.STEP, actor, choice), actor, choice);
            }
            if (choice == 0) {
                return;
            }
        }
    }

    /** {@return those who sleep on a word, or on any if that is null, a bit each} */
    private long sleepers(Turn state, Long offset) {
        long sleepers = 0;
        for (int actor = 0; actor < programs.length; actor++) {
            if (state.isAsleep(actor)) {
                Operation.Await await = (Operation.Await) state.point(actor).operation();
                sleepers |= offset == null || await.offsets().contains(offset) ? 1L << actor : 0;
            }
        }
        return sleepers;
    }

    private void wake(Turn next, int actor, long woken) {
        next.add(new Turn.Going(actor, next.point(actor), 0));
        wakeEach(next, woken);
    }

    /**
     * Lets sleepers wake up in each way: the wake-up of one that is interrupted at that moment, or whose time has come, may be lost with
     * it.
     */
    private void wakeEach(Turn next, long woken) {
        if (woken == 0) {
            complete(next);
            return;
        }
        int sleeper = Long.numberOfTrailingZeros(woken);
        long others = woken & woken - 1;
        Operation.Await await = (Operation.Await) next.point(sleeper).operation();
        if (await.deadline() <= rules.horizon) {
            wakeEach(answer(timeOut(next.fork(), sleeper, await.deadline()), sleeper, Words.TIMED_OUT), others);
        }
        if (mayInterrupt(next, await.interruptible())) {
            wakeEach(answer(interrupt(next.fork()), sleeper, Words.INTERRUPTED), others);
        }
        wakeEach(answer(next, sleeper, Words.WOKEN), others);
    }

    private static Turn answer(Turn next, int actor, long answer) {
        next.add(new Turn.Going(actor, next.point(actor), answer));
        return next;
    }

    private void go(Turn next, int actor, long answer) {
        goOn(next, actor, next.point(actor), answer);
        complete(next);
    }

    /** Lets those go on who got an answer, each up to its next operation that others notice. */
    private void complete(Turn next) {
        Turn.Going going = next.nextGoing();
        while (going != null) {
            if (next.runs(going.actor())) {
                goOn(next, going.actor(), going.from(), going.answer());
            }
            going = next.nextGoing();
        }
        found.accept(next, move);
    }

    private void goOn(Turn next, int actor, Point from, long answer) {
        held = null;
        Cast.Role role = cast.roles().get(actor);
        next.stand(actor, programs[actor].advance(from, answer, operation -> pass(next, role, operation)));
    }

    /** Performs what nobody notices while it is done; only who dies in the middle of it shows it. */
    private long pass(Turn turn, Cast.Role role, Operation operation) {
        return switch (operation) {
            case Operation.Record access -> {
                held = null;
                yield access.perform(access.isRead() ? turn.memory() : turn.writableMemory());
            }
            case Operation.Access access -> {
                // While all begin there is no move yet: who dies then might as well die before the first.
                if (move != null && !access.isRead() && mayDie(turn, role.process())) {
                    dieBefore(turn, role, access);
                }
                yield perform(turn, role, access);
            }
            case Operation.Now _ -> turn.memory().getLong(Places.clock(role.index()));
            case Operation.EnterGate _ -> Words.WOKEN;
            case Operation.LeaveGate _ -> 0;
            default -> throw new ExplorerError("others notice this: " + operation);
        };
    }

    private void dieBefore(Turn turn, Cast.Role role, Operation.Access access) {
        Move living = move;
        Turn next = turn.fork();
        move = living.diesBefore(access);
        kill(next, role.process());
        complete(next);
        move = living;
        held = null;
    }

    private long perform(Turn turn, Cast.Role role, Operation.Access access) {
        if (rules.holes) {
            turn.memory().requirePages(access);
        }
        Rules.Guard guard = rules.guard(access.offset());
        if (guard != null && guard != held) {
            if (!guard.holder().holds(turn, role.process().name())) {
                throw new Violation(role.name() + " did not hold the lock for " + access);
            }
            held = guard;
        }
        if (!access.isRead() && rules.constants.contains(access.offset())) {
            throw new Violation(role.name() + " changed what is taken for constant: " + access);
        }
        return access.perform(access.isRead() ? turn.memory() : turn.writableMemory());
    }

    private boolean mayAnyDie(Turn state) {
        return state.deaths() < rules.deaths && (rules.lastDeath == Long.MAX_VALUE || state.latest() <= rules.lastDeath);
    }

    private boolean mayDie(Turn state, Cast.Process process) {
        return process.isMortal() && !state.isDead(process) && mayAnyDie(state);
    }

    private boolean mayStop(Turn state, Cast.Process process) {
        return !state.isDead(process) && !state.isStopped(process) && rules.stoppable.contains(process.name());
    }

    private void kill(Turn turn, Cast.Process process) {
        rules.onDeath.forEach(record -> record.accept(turn, process.name()));
        turn.kill(process);
        if (!rules.lingering) {
            turn.endLocks(process);
        }
    }
}
