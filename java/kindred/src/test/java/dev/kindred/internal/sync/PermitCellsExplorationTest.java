// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.sync;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import dev.kindred.internal.domain.SimulatedFamily;
import dev.kindred.internal.domain.SimulatedFamily.Member;
import dev.kindred.internal.explorer.Actor;
import dev.kindred.internal.explorer.Exploration;
import dev.kindred.internal.explorer.Scenario;
import dev.kindred.internal.explorer.World;
import dev.kindred.internal.words.ForwardingWords;
import dev.kindred.internal.words.Words;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Permits that name their holders, in every interleaving: a cell is of the one who took it, those of the dead come back, nobody waits in vain. */
class PermitCellsExplorationTest {

    private static final long WORDS = 512;
    private static final long MILLISECOND = 1_000_000;

    /** Before any patience ends, and long after the last of what a permit itself is waited for. */
    private static final long SOON = 20 * MILLISECOND;

    /** Some processes and permits, and what must be so whatever they do with them. */
    private static final class Contest {

        final Scenario scenario;
        private final SimulatedFamily family;
        private final int permits;
        private final List<String> processes = new ArrayList<>();

        /** Actors that are second threads of the processes added before them. */
        private final Map<String, String> threads = new HashMap<>();

        Contest(String name, int permits, int deaths, UnaryOperator<Words> bug) {
            this.permits = permits;
            scenario = new Scenario("permits, " + name).word(WORDS, "changes").deaths(deaths).constant(WORDS + PermitCellsLayout.COUNT);
            for (int i = 0; i < permits; i++) {
                scenario.word(WORDS + PermitCellsLayout.cell(i), "cell " + i);
            }
            scenario.prepare(actor -> PermitCells.initialize(actor.words(), WORDS, permits));
            family = new SimulatedFamily(scenario).through(bug);
            scenario.never("cells do not name their holders", world -> processes.stream()
                    .anyMatch(process -> world.isAlive(process) && cellsOf(world, process) != holds(world, process)));
            scenario.neverInTheEnd("a permit has not come back", world -> !keepsAny(world) && dead(world) + cells(world, 0) != permits);
        }

        private long holds(World world, String process) {
            return world.get(process, "holds") + (threads.containsKey(process) ? world.get(threads.get(process), "holds") : 0);
        }

        private boolean keepsAny(World world) {
            return world.sum("holds") > 0;
        }

        private int cells(World world, int holder) {
            int count = 0;
            for (int i = 0; i < permits; i++) {
                count += world.getInt(WORDS + PermitCellsLayout.cell(i)) == holder ? 1 : 0;
            }
            return count;
        }

        private int cellsOf(World world, String process) {
            return cells(world, family.id(process));
        }

        /** {@return how many cells are of the dead} */
        private int dead(World world) {
            return processes.stream().filter(process -> !world.isAlive(process)).mapToInt(process -> cellsOf(world, process)).sum();
        }

        /** Adds processes, each with a number and one thread. */
        Contest processes(int count, Consumer<PermitCells> code) {
            for (int i = 0; i < count; i++) {
                process("process" + processes.size(), code);
            }
            return this;
        }

        Contest process(String name, Consumer<PermitCells> code) {
            member(name, (_, cells) -> code.accept(cells));
            return this;
        }

        /** Adds another thread to the process that was added last. */
        Contest thread(String name, Consumer<PermitCells> code) {
            threads.put(processes.getLast(), name);
            family.thread(name, member -> code.accept(cells(member)));
            return this;
        }

        /** Adds as many processes as there are permits, which have them all, then give them back; meanwhile as many take one for good. */
        Contest handOver() {
            int all = permits;
            for (int i = 0; i < all; i++) {
                member("giver" + i, (actor, cells) -> {
                    int _ = cells.acquire(Words.NO_DEADLINE, false);
                    long _ = actor.add("given out", 1);
                    awaitGivenOut(actor, all);
                    Actor.check(cells.release(), "what was taken could not be given back");
                });
                member("keeper" + i, (actor, cells) -> {
                    awaitGivenOut(actor, all);
                    int _ = cells.acquire(Words.NO_DEADLINE, false);
                });
            }
            return this;
        }

        private static void awaitGivenOut(Actor actor, int all) {
            actor.until("all permits have been given out", world -> world.get("given out") == all);
        }

        private void member(String name, BiConsumer<Actor, PermitCells> code) {
            processes.add(name);
            family.member(name, member -> code.accept(member.actor(), cells(member)));
        }

        private static PermitCells cells(Member member) {
            return new PermitCells(new Tally(member.words(), member.actor(), member.id()), WORDS, member.id(), member);
        }

        Contest recoverers(int count) {
            family.recoverers(count);
            return this;
        }

        void explore() {
            family.complete();
            scenario.explore();
        }

        void finds(String what) {
            family.complete();
            scenario.finds(what);
        }
    }

    /** Records with each change of a cell how many the process that made it holds. */
    private static final class Tally extends ForwardingWords {

        private final Actor actor;
        private final int self;

        Tally(Words words, Actor actor, int self) {
            super(words);
            this.actor = actor;
            this.self = self;
        }

        @Override
        public boolean compareAndSet(long offset, int expected, int value) {
            boolean changed = super.compareAndSet(offset, expected, value);
            if (changed && offset > WORDS + PermitCellsLayout.COUNT) {
                actor.set("holds", actor.get("holds") + (value == self ? 1 : -1));
            }
            return changed;
        }
    }

    /** Takes a permit and gives it back. */
    private static void play(PermitCells cells) {
        play(cells, Words.NO_DEADLINE, false);
    }

    private static void playTwice(PermitCells cells) {
        play(cells);
        play(cells);
    }

    /** The same, but gives up when the deadline comes or when it is interrupted. */
    private static void play(PermitCells cells, long deadline, boolean interruptible) {
        if (cells.acquire(deadline, interruptible) == Outcome.ACQUIRED) {
            Actor.check(cells.release(), "what was taken could not be given back");
        }
    }

    private static Contest contest(String name, int permits, int deaths) {
        return new Contest(name, permits, deaths, UnaryOperator.identity()).recoverers(deaths);
    }

    @Exploration
    void onePermit() {
        contest("1 permit, 2 processes, twice", 1, 0).processes(2, PermitCellsExplorationTest::playTwice).explore();
        contest("1 permit, 3 processes", 1, 0).processes(3, PermitCellsExplorationTest::play).explore();
        contest("1 permit, 2 processes, twice, 1 death", 1, 1).processes(2, PermitCellsExplorationTest::playTwice).explore();
        contest("1 permit, 2 processes, 2 deaths", 1, 2).processes(2, PermitCellsExplorationTest::play).explore();
        contest("1 permit, 3 processes, 1 death", 1, 1).processes(3, PermitCellsExplorationTest::play).explore();
    }

    @Exploration
    void twoPermits() {
        contest("2 permits, 3 processes", 2, 0).processes(3, PermitCellsExplorationTest::play).explore();
        contest("2 permits, 3 processes, 1 death", 2, 1).processes(3, PermitCellsExplorationTest::play).explore();
    }

    /** Each may give back the permit that the other has taken: they are of one process. */
    @Exploration
    void threadsOfOneProcess() {
        contest("2 permits, 2 threads, twice, and a process", 2, 0)
                .process("process", PermitCellsExplorationTest::play)
                .process("thread0", PermitCellsExplorationTest::playTwice)
                .thread("thread1", PermitCellsExplorationTest::playTwice).explore();
        contest("1 permit, 2 threads and a process, 1 death", 1, 1)
                .process("process", PermitCellsExplorationTest::play)
                .process("thread0", PermitCellsExplorationTest::play)
                .thread("thread1", PermitCellsExplorationTest::play).explore();
    }

    /** Nobody gives back what would wake a sleeper that was forgotten. */
    @Exploration
    void someKeepTheirs() {
        contest("2 permits, 2 give theirs back, 2 take them for good", 2, 0).handOver().explore();
    }

    @Exploration
    void someOnlyTry() {
        contest("1 permit, one tries, 1 death", 1, 1).processes(1, PermitCellsExplorationTest::play)
                .process("trier", cells -> play(cells, Words.AT_ONCE, false)).explore();
        contest("2 permits, one tries", 2, 0).processes(2, PermitCellsExplorationTest::play)
                .process("trier", cells -> play(cells, Words.AT_ONCE, false)).explore();
    }

    @Exploration
    void someGiveUp() {
        Contest impatient = contest("1 permit, 2 of 3 give up in time", 1, 0)
                .process("patient", PermitCellsExplorationTest::play)
                .process("impatient", cells -> play(cells, 1, false))
                .process("impatient, too", cells -> play(cells, 1, false));
        impatient.scenario.deadlines(1);
        impatient.explore();
        Contest interrupted = contest("1 permit, 2 may be interrupted, 1 death", 1, 1)
                .process("interruptible", cells -> play(cells, Words.NO_DEADLINE, true))
                .process("interruptible, too", cells -> play(cells, Words.NO_DEADLINE, true));
        interrupted.scenario.interrupts(2);
        interrupted.explore();
    }

    @Exploration
    void wakesUpForNoReason() {
        Contest contest = contest("1 permit, 2 processes, 1 death, spurious wake-ups", 1, 1).processes(2, PermitCellsExplorationTest::play);
        contest.scenario.spuriousWakeUps();
        contest.explore();
    }

    /** Nobody recovers the dead here but who waits for their permits and runs out of patience. */
    @Exploration
    void patienceEnds() {
        Contest contest = new Contest("1 permit, 2 processes, 1 death, nobody watches", 1, 1, UnaryOperator.identity())
                .processes(2, PermitCellsExplorationTest::play);
        contest.scenario.deadlines(400 * MILLISECOND).deathsUntil(50 * MILLISECOND).deadlinesSave();
        contest.explore();
    }

    /** Who has waited for a millisecond reserves it; then others may have to wait for a millisecond themselves. */
    @Exploration
    void someWaitLong() {
        Contest contest = contest("1 permit, 2 processes, twice, long waits", 1, 0).processes(2, PermitCellsExplorationTest::playTwice);
        contest.scenario.ticks(MILLISECOND, MILLISECOND).deadlines(SOON).deadlinesSave();
        contest.explore();
    }

    @Exploration
    @EnabledIfSystemProperty(named = "kindred.soak", matches = "true")
    void more() {
        contest("1 permit, 3 processes, 2 deaths", 1, 2).processes(3, PermitCellsExplorationTest::play).explore();
        contest("2 permits, 3 processes, twice", 2, 0).processes(3, PermitCellsExplorationTest::playTwice).explore();
        contest("2 permits, 4 processes", 2, 0).processes(4, PermitCellsExplorationTest::play).explore();
    }

    // What is found if the protocol lacks one of its parts

    private static Contest planted(String name, int permits, int deaths, UnaryOperator<Words> bug) {
        return new Contest("planted: " + name, permits, deaths, bug).recoverers(deaths);
    }

    @Exploration
    void findsThatAReleaseWakesNobody() {
        planted("a release wakes nobody", 1, 0, real -> new ForwardingWords(real) {
            @Override
            public void wake(long offset, int count) {}
        }).processes(2, PermitCellsExplorationTest::play).finds("somebody waits for ever");
    }

    @Exploration
    void findsThatAReleaseIsToldBeforeItIsDone() {
        planted("the word does not change with a permit that is given back", 1, 0, real -> new ForwardingWords(real) {
            @Override
            public boolean compareAndSet(long offset, int expected, int value) {
                return super.compareAndSet(offset, expected, isIn("announceChange") ? expected & ~PermitCellsLayout.WAITERS : value);
            }
        }).processes(2, PermitCellsExplorationTest::play).finds("somebody waits for ever");
    }

    @Exploration
    void findsThatWhoSleptDoesNotSetTheMarkAgain() {
        planted("who slept does not set the mark again", 1, 0, real -> new ForwardingWords(real) {
            @Override
            public boolean compareAndSet(long offset, int expected, int value) {
                return super.compareAndSet(offset, expected, isIn("passOn") ? expected : value);
            }
        }).processes(3, PermitCellsExplorationTest::play).finds("somebody waits for ever");
    }

    @Exploration
    void findsThatWhoSleptDoesNotWakeTheNext() {
        planted("who slept does not wake the next", 2, 0, real -> new ForwardingWords(real) {
            @Override
            public void wake(long offset, int count) {
                if (!isIn("passOn")) {
                    super.wake(offset, count);
                }
            }
        }).handOver().finds("somebody waits for ever");
    }

    @Exploration
    void findsThatTwoTakeThePermitOfADeadProcess() {
        planted("the permit of the dead is taken blindly", 1, 1, real -> new ForwardingWords(real) {
            @Override
            public boolean compareAndSet(long offset, int expected, int value) {
                if (!isIn("takeFromDead")) {
                    return super.compareAndSet(offset, expected, value);
                }
                setVolatile(offset, value);
                return true;
            }
        }).processes(3, PermitCellsExplorationTest::play).finds("cells do not name their holders");
    }

    @Exploration
    void findsThatTheEpochIsReadTooLate() {
        planted("the epoch is read too late", 1, 1, real -> new ForwardingWords(real) {
            @Override
            public int await(long offset, int expected, int epoch, long deadline, boolean interruptible) {
                return super.await(offset, expected, super.epoch(), deadline, interruptible);
            }
        }).processes(2, PermitCellsExplorationTest::play).finds("somebody waits for ever");
    }

    @Exploration
    void findsThatNobodyIsWokenAfterADeath() {
        planted("a recovery wakes nobody", 1, 1, real -> new ForwardingWords(real) {
            @Override
            public void wakeEpoch() {}
        }).processes(2, PermitCellsExplorationTest::play).finds("somebody waits for ever");
    }

    @Exploration
    void findsThatWhoGivesUpKeepsTheWakeUp() {
        Contest contest = planted("who gives up keeps the wake-up", 1, 0, real -> new ForwardingWords(real) {
            @Override
            public void wake(long offset, int count) {
                if (!isIn("await")) {
                    super.wake(offset, count);
                }
            }
        }).process("first", PermitCellsExplorationTest::play).process("patient", PermitCellsExplorationTest::play)
                .process("interruptible", cells -> play(cells, Words.NO_DEADLINE, true));
        contest.scenario.interrupts(1);
        contest.finds("somebody waits for ever");
    }
}
