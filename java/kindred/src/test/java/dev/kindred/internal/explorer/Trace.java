// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.explorer;

import java.lang.StackWalker.StackFrame;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.kindred.internal.words.Words;

/** The way to a state, for people to read. */
final class Trace {

    private static final int FRAMES_SHOWN = 3;

    private final Cast cast;
    private final Rules rules;
    private final Program[] programs;
    private final StringBuilder text = new StringBuilder();
    private int steps;

    Trace(Cast cast, Rules rules, Program[] programs) {
        this.cast = cast;
        this.rules = rules;
        this.programs = programs;
    }

    /** Adds a move that led to the next state. */
    void add(Move move) {
        if (move.from() == null) {
            String what = switch (move.kind()) {
                case STOP -> "is STOPPED";
                case END_OF_LOCKS -> "has no locks any more";
                default -> "is KILLED";
            };
            text.append("%n  %3d  process %s %s".formatted(++steps, cast.processes().get(move.actor()).name(), what));
        } else {
            add(move, describe(move));
        }
    }

    /** Adds a move in which something went wrong. */
    void addFaulty(Move move) {
        add(move, describe(move.from().operation()) + ": this goes wrong, or what follows");
    }

    private void add(Move move, String description) {
        String actor = cast.roles().get(move.actor()).name();
        text.append("%n  %3d  %-10s %-60s %s".formatted(++steps, actor, place(move.actor(), move.from()), description));
    }

    /** Adds where everybody stands in a state. */
    void addPositions(Turn state) {
        for (Cast.Role role : cast.roles()) {
            int actor = role.index();
            text.append("%n       %-10s ".formatted(role.name()));
            if (state.isDead(actor)) {
                text.append("is dead");
            } else if (!state.runs(actor)) {
                text.append("is stopped");
            } else if (state.isFinished(actor)) {
                text.append("is done");
            } else {
                text.append(state.isAsleep(actor) ? "sleeps at " : "stands at ").append(place(actor, state.point(actor))).append(": ")
                        .append(describe(state.point(actor).operation()));
            }
        }
    }

    private String place(int actor, Point point) {
        List<StackFrame> frames = programs[actor].frames(point);
        return frames.stream()
                .filter(frame -> !Words.class.isAssignableFrom(frame.getDeclaringClass()))
                .limit(FRAMES_SHOWN)
                .map(frame -> "%s.%s:%d".formatted(simpleName(frame.getDeclaringClass()), frame.getMethodName(), frame.getLineNumber()))
                .collect(Collectors.joining(" < "));
    }

    private static String simpleName(Class<?> type) {
        return type.getName().substring(type.getPackageName().length() + 1);
    }

    private String describe(Move move) {
        String operation = describe(move.from().operation());
        return switch (move.kind()) {
            case STEP -> operation + answer(move);
            case SLEEP -> operation + ": falls asleep";
            case TIME_OUT -> operation + ": its time has come, " + move.answer();
            case INTERRUPT -> operation + ": is interrupted";
            case SPURIOUS -> operation + ": wakes up for no reason";
            case END_OF_LOCKS, STOP, DEATH -> operation + answer(move) + ", and is KILLED before " + describe(move.last());
        };
    }

    private String answer(Move move) {
        return switch (move.from().operation()) {
            case Operation.Load _, Operation.Add _ -> " = " + hex(move.answer());
            case Operation.CompareAndSet _, Operation.TryLock _ -> " = " + (move.answer() != 0);
            case Operation.IsLocked _, Operation.HasEnded _ -> " = " + (move.answer() != 0);
            case Operation.Wake _, Operation.WakeAll _ -> " wakes " + names(move.answer());
            case Operation.Now _ -> " = " + move.answer();
            case Operation.Await _ -> " returns at once";
            default -> "";
        };
    }

    private String names(long actors) {
        String names = cast.roles().stream()
                .filter(role -> (actors & 1L << role.index()) != 0)
                .map(Cast.Role::name)
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "nobody" : names;
    }

    private String describe(Operation operation) {
        return switch (operation) {
            case Operation.Load load -> "load " + name(load.offset());
            case Operation.Store store -> "store " + name(store.offset()) + " = " + hex(store.value());
            case Operation.CompareAndSet set ->
                    "compareAndSet " + name(set.offset()) + ": " + hex(set.expected()) + " -> " + hex(set.value());
            case Operation.Add add -> "add " + name(add.offset()) + " + " + add.delta();
            case Operation.Zero zero -> "zero %s, %d bytes".formatted(name(zero.offset()), zero.length());
            case Operation.Reserve reserve -> "reserve %s, %d bytes".formatted(name(reserve.offset()), reserve.length());
            case Operation.Punch punch -> "punch %s, %d bytes".formatted(name(punch.offset()), punch.length());
            case Operation.TryLock lock -> "tryLock " + lock.key();
            case Operation.Unlock lock -> "unlock " + lock.key();
            case Operation.IsLocked lock -> "isLocked " + lock.key();
            case Operation.Record record -> "record " + record.name();
            case Operation.Await await -> "await " + IntStream.range(0, await.offsets().size())
                    .mapToObj(i -> name(await.offsets().get(i)) + ": " + hex(await.expected().get(i)))
                    .collect(Collectors.joining(", ")) + ", epoch " + await.epoch();
            case Operation.Wake wake -> "wake " + name(wake.offset()) + (wake.count() == Integer.MAX_VALUE ? ", all" : ", " + wake.count());
            case Operation.WakeAll _ -> "wake all";
            case Operation.Now _ -> "now";
            case Operation.EnterGate _ -> "enter gate";
            case Operation.LeaveGate _ -> "leave gate";
            case Operation.Until until -> "until " + until.what();
            case Operation.AwaitDeath await -> "await news of deaths beyond " + await.seen();
            case Operation.HasEnded ended -> "hasEnded " + cast.processes().get(ended.process()).name();
            case Operation.Pause pause -> pause.what();
            case Operation.Finish _ -> "end";
            case Operation.Fail fail -> "fail: " + fail.cause();
        };
    }

    private String name(long offset) {
        return rules.names.getOrDefault(offset, "@" + offset);
    }

    private static String hex(long value) {
        if (value >= 0 && value < 10) {
            return Long.toString(value);
        }
        return "0x" + (value == (int) value ? Integer.toHexString((int) value) : Long.toHexString(value));
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
