// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.explorer;

import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;

import dev.kindred.internal.domain.DomainLayout;

/**
 * Who does what, what may happen to them, and what must never be.
 *
 * <p>See the package's documentation for how to write one.
 */
public final class Scenario {

    /** How long a sleeper is patient changes nothing as long as no patience ever ends. */
    private static final String PATIENCE = "Patience.nanoseconds";

    private static final long LEAST_PATIENCE = 50_000_000;

    /** Tells whether a process holds a lock. */
    @FunctionalInterface
    public interface Holder {
        /** {@return whether it does} */
        boolean holds(World world, String process);
    }

    private final String name;
    private final Cast cast = new Cast(DomainLayout.EPOCH_OFFSET);
    private final Rules rules = new Rules();
    private final Memory memory = new Memory();
    private boolean mergesByLocalState = true;

    /** A scenario with nobody in it. */
    public Scenario(String name) {
        this.name = name;
        rules.names.put(DomainLayout.EPOCH_OFFSET, "epoch");
    }

    // Who

    /** Adds a process with one actor, which can be killed. */
    public Scenario actor(String actor, Consumer<Actor> code) {
        cast.role(actor, cast.process(actor, true), false, code);
        return this;
    }

    /** Adds a process with one actor, which can be killed, and for which all may end well while it still waits. */
    public Scenario daemon(String actor, Consumer<Actor> code) {
        cast.role(actor, cast.process(actor, true), true, code);
        return this;
    }

    /** Adds a process with one actor, which cannot be killed. */
    public Scenario immortal(String actor, Consumer<Actor> code) {
        cast.role(actor, cast.process(actor, false), false, code);
        return this;
    }

    /** Adds a process with one actor, which cannot be killed, and for which all may end well while it still waits. */
    public Scenario observer(String actor, Consumer<Actor> code) {
        cast.role(actor, cast.process(actor, false), true, code);
        return this;
    }

    /** Adds another actor to the process that was added last; it dies with that, and is a daemon if that is one. */
    public Scenario thread(String actor, Consumer<Actor> code) {
        cast.role(actor, cast.processes().getLast(), cast.roles().getLast().isDaemon(), code);
        return this;
    }

    /** Does something to the memory before all begins, as a process that is added next or never. */
    public Scenario prepare(Consumer<Actor> code) {
        Cast.Process process = new Cast.Process(cast.processes().size(), "preparation", false);
        Cast.Role role = new Cast.Role(0, "preparation", process, false, code);
        code.accept(new Actor(new LoneActor(memory, cast.epochOffset(), rules.holes, AssertionError::new), role, cast));
        return this;
    }

    // What may happen

    /** Lets so many processes be killed, each before any of its steps. */
    public Scenario deaths(int most) {
        rules.deaths = most;
        return this;
    }

    /**
     * Lets what the kernel ends with a process end some time after its death, and not together with it: its locks stay held until then.
     */
    public Scenario lingering() {
        rules.lingering = true;
        return this;
    }

    /** Lets nobody be killed after that time, so that there is time left to notice it. */
    public Scenario deathsUntil(long time) {
        rules.lastDeath = time;
        return this;
    }

    /**
     * Lets so many processes be stopped for good before any of their steps: they live and keep all they have, and nobody may need them to
     * go on. They can still be killed.
     *
     * @param processes that may be stopped
     */
    public Scenario stops(int most, String... processes) {
        rules.stops = most;
        rules.stoppable.addAll(List.of(processes));
        return this;
    }

    /** Lets so many interruptible waits end by an interrupt. */
    public Scenario interrupts(int most) {
        rules.interrupts = most;
        return this;
    }

    /** Lets sleepers wake up for no reason. */
    public Scenario spuriousWakeUps() {
        rules.spuriousWakeUps = true;
        return this;
    }

    /**
     * Lets time pass up to a horizon: a wait whose deadline is not beyond it can end by that. Without this no deadline ever comes. Each
     * actor has a clock of its own, which stands at the latest deadline that has come for it.
     */
    public Scenario deadlines(long horizon) {
        rules.horizon = horizon;
        return this;
    }

    /** Lets time pass by steps of {@code tick} up to {@code last}, too, whenever somebody asks for it. */
    public Scenario ticks(long tick, long last) {
        rules.tick = tick;
        rules.lastTick = last;
        return this;
    }

    /** Counts a state as good in which somebody waits for a deadline that will come. Without this, nobody may need one to go on. */
    public Scenario deadlinesSave() {
        rules.timeSaves = true;
        return this;
    }

    // What is known of the memory

    /** Gives a word a name for traces. */
    public Scenario word(long offset, String word) {
        rules.names.put(offset, word);
        return this;
    }

    /** Says that all of the memory is a hole until it is reserved, and that it is wrong to touch a hole. */
    public Scenario holes() {
        rules.holes = true;
        return this;
    }

    /**
     * Says that nobody writes a word once all have begun, which is checked. Reading it is then no step at which others come in between;
     * nobody could tell.
     */
    public Scenario constant(long offset) {
        rules.constants.add(offset);
        return this;
    }

    /** Says that nobody takes a lock of the kernel's or lets go of it once all have begun, which is checked; as {@link #constant} does. */
    public Scenario constantLock(long key) {
        rules.constants.add(Places.lock(key));
        return this;
    }

    /**
     * Says that only who holds a lock touches these bytes, which is checked at each access. Others then cannot tell when it is done, except
     * after the holder's death; so such accesses are no steps at which others come in between, but the holder can die before each of them
     * that changes something.
     *
     * <p>This holds only if nobody can take the lock away from a living holder: add a condition with {@link #never} that finds it if
     * somebody does.
     */
    public Scenario guarded(long from, long to, Holder holder) {
        rules.guard(new Rules.Guard(from, to, holder));
        return this;
    }

    // What must not be

    /** Says what must not be in any state. */
    public Scenario never(String what, Predicate<World> condition) {
        rules.never.add(new Rules.Ban(what, condition));
        return this;
    }

    /** Says what must not be in a state in which all who live are done and nothing happens any more. */
    public Scenario neverInTheEnd(String what, Predicate<World> condition) {
        rules.neverAtRest.add(new Rules.Ban(what, condition));
        return this;
    }

    /** Records something when a process is killed, before the kernel lets go of what it held. It is told the process's name. */
    public Scenario onDeath(BiConsumer<Ledger, String> record) {
        rules.onDeath.add(record);
        return this;
    }

    /**
     * Tells apart all ways to get to the same local state. For tests of the explorer itself: the memory can have the same contents then as
     * without.
     */
    public Scenario mergingNothing() {
        mergesByLocalState = false;
        return this;
    }

    /**
     * Visits every state.
     *
     * @return what was seen, which was printed, too
     * @throws Violation if something is wrong
     */
    public Report explore() {
        return search(System.out::println);
    }

    /**
     * Visits states until something is wrong, as it must be: a bug was planted.
     *
     * @param what the message of the {@link Violation} must tell
     */
    public void finds(String what) {
        try {
            Report report = search(_ -> { });
            throw new AssertionError("nothing was found wrong: " + report);
        } catch (Violation violation) {
            if (!violation.getMessage().contains(what)) {
                throw violation;
            }
            System.out.println("found as planted in " + violation.getMessage().lines().findFirst().orElseThrow());
        }
    }

    private Report search(Consumer<Report> result) {
        Set<String> ignored = rules.horizon < LEAST_PATIENCE ? Set.of(PATIENCE) : Set.of();
        Search search = new Search(name, cast, rules, mergesByLocalState ? new LocalState.Reader(ignored) : null);
        Report report = search.run(memory.copy());
        result.accept(report);
        return report;
    }
}
