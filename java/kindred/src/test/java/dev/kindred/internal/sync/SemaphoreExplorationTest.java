// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.sync;

import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import dev.kindred.internal.domain.SimulatedFamily;
import dev.kindred.internal.domain.SimulatedFamily.Member;
import dev.kindred.internal.explorer.Actor;
import dev.kindred.internal.explorer.Exploration;
import dev.kindred.internal.explorer.Scenario;
import dev.kindred.internal.words.ForwardingWords;
import dev.kindred.internal.words.Words;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The counting semaphore in every interleaving: no permit appears or vanishes, except with the dead, and nobody waits in vain. */
class SemaphoreExplorationTest {

    private static final long WORDS = 512;
    private static final long MILLISECOND = 1_000_000;

    /** Before any patience ends, and long after the last of what a semaphore itself waits for. */
    private static final long SOON = 20 * MILLISECOND;

    /** Some processes and a semaphore, and what must be so whatever they do with it. */
    private static final class Contest {

        final Scenario scenario;
        private final SimulatedFamily family;
        private final UnaryOperator<Words> bug;

        Contest(String name, int permits, int limit, int deaths, UnaryOperator<Words> bug) {
            this.bug = bug;
            scenario = new Scenario("semaphore, " + name).word(WORDS, "permits").word(WORDS + 4, "waiters")
                    .word(WORDS + SemaphoreLayout.RESERVED, "reserved").deaths(deaths).constant(WORDS + SemaphoreLayout.LIMIT);
            scenario.prepare(actor -> CountingSemaphore.initialize(actor.words(), WORDS, permits, limit));
            family = new SimulatedFamily(scenario).through(bug);
            scenario.never("permits have appeared or vanished",
                    world -> world.getInt(WORDS) + world.sum("holds") + world.get("lost") != permits);
            scenario.never("there are more permits than there can be", world -> world.getInt(WORDS) > limit);
            scenario.never("those who wait are counted wrongly",
                    world -> world.getInt(WORDS + 4) != world.sum("waits") + world.get("died waiting"));
            scenario.onDeath((world, process) -> {
                world.add("lost", world.get(process, "holds"));
                world.add("died waiting", world.get(process, "waits"));
            });
        }

        /** Adds processes, each with a number and one thread. */
        Contest processes(int count, Consumer<CountingSemaphore> code) {
            for (int i = 0; i < count; i++) {
                process("process" + i, code);
            }
            return this;
        }

        Contest process(String name, Consumer<CountingSemaphore> code) {
            family.member(name, member -> code.accept(semaphore(member)));
            return this;
        }

        /** Adds another thread to the process that was added last. */
        Contest thread(String name, Consumer<CountingSemaphore> code) {
            family.thread(name, member -> code.accept(semaphore(member)));
            return this;
        }

        /** Adds a process that is never killed. */
        Contest immortal(String name, Consumer<CountingSemaphore> code) {
            scenario.immortal(name, actor -> code.accept(CountingSemaphore.at(new Tally(bug.apply(actor.words()), actor), WORDS)));
            return this;
        }

        private static CountingSemaphore semaphore(Member member) {
            return CountingSemaphore.at(new Tally(member.words(), member.actor()), WORDS);
        }

        /** Adds one who notices a death and gives back what the dead held. */
        Contest healed() {
            scenario.observer("healer", actor -> {
                int _ = actor.awaitDeath(0);
                if (actor.add("lost", 0) > 0) {
                    release(CountingSemaphore.at(new Tally(actor.words(), actor), WORDS), 1);
                }
            });
            return this;
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

    /** Records with each change of the semaphore what it made of the one who made it: how many permits it holds, and whether it is counted as waiting. */
    private static final class Tally extends ForwardingWords {

        private final Actor actor;

        Tally(Words words, Actor actor) {
            super(words);
            this.actor = actor;
        }

        private void record(long before, long after) {
            actor.set("holds", actor.get("holds") + SemaphoreLayout.permits(before) - SemaphoreLayout.permits(after));
            actor.set("waits", actor.get("waits") + SemaphoreLayout.waiters(after) - SemaphoreLayout.waiters(before));
        }

        @Override
        public boolean compareAndSetLong(long offset, long expected, long value) {
            boolean changed = super.compareAndSetLong(offset, expected, value);
            if (changed) {
                record(expected, value);
            }
            return changed;
        }

        @Override
        public long getAndAddLong(long offset, long delta) {
            long before = super.getAndAddLong(offset, delta);
            record(before, before + delta);
            return before;
        }
    }

    /** Takes a permit and gives it back. */
    private static void play(CountingSemaphore semaphore) {
        play(semaphore, Words.NO_DEADLINE, false);
    }

    private static void playTwice(CountingSemaphore semaphore) {
        play(semaphore);
        play(semaphore);
    }

    /** The same, but gives up when the deadline comes or when it is interrupted. */
    private static void play(CountingSemaphore semaphore, long deadline, boolean interruptible) {
        if (semaphore.acquire(deadline, interruptible) == Outcome.ACQUIRED) {
            release(semaphore, 1);
        }
    }

    /** Takes a permit for good. */
    private static void take(CountingSemaphore semaphore) {
        int _ = semaphore.acquire(Words.NO_DEADLINE, false);
    }

    private static void release(CountingSemaphore semaphore, int permits) {
        Actor.check(semaphore.release(permits) == CountingSemaphore.RELEASED, "there was no room for what was given back");
    }

    private static Contest contest(String name, int permits, int deaths) {
        return new Contest(name, permits, SemaphoreLayout.VALUE_MAX, deaths, UnaryOperator.identity()).recoverers(deaths);
    }

    @Exploration
    void onePermit() {
        contest("1 permit, 2 processes, twice", 1, 0).processes(2, SemaphoreExplorationTest::playTwice).explore();
        contest("1 permit, 3 processes", 1, 0).processes(3, SemaphoreExplorationTest::play).explore();
    }

    /** The dead may take a permit along, and there is one more. */
    @Exploration
    void twoPermits() {
        contest("2 permits, 3 processes, 1 death", 2, 1).processes(3, SemaphoreExplorationTest::play).explore();
        contest("2 permits, 2 processes, twice, 1 death", 2, 1).processes(2, SemaphoreExplorationTest::playTwice).explore();
        contest("3 permits, 3 processes, 2 deaths", 3, 2).processes(3, SemaphoreExplorationTest::play).explore();
    }

    @Exploration
    void theLostPermitIsReplaced() {
        contest("1 permit, 3 processes, 1 death, the permit is replaced", 1, 1).processes(3, SemaphoreExplorationTest::play).healed().explore();
    }

    /** The permits come from one who holds none, all at once or one by one. */
    @Exploration
    void permitsAreReleasedByOthers() {
        contest("released 2 at once, 2 take, 1 death", 0, 1).processes(2, SemaphoreExplorationTest::take)
                .immortal("releaser", semaphore -> release(semaphore, 2)).explore();
        contest("released 1 and 1, 2 take, 1 death", 0, 1).processes(2, SemaphoreExplorationTest::take)
                .immortal("releaser", semaphore -> {
                    release(semaphore, 1);
                    release(semaphore, 1);
                }).explore();
        contest("released 3 at once, 3 take", 0, 0).processes(3, SemaphoreExplorationTest::take)
                .immortal("releaser", semaphore -> release(semaphore, 3)).explore();
    }

    @Exploration
    void someOnlyTry() {
        contest("2 permits, one tries, 1 death", 2, 1).processes(2, SemaphoreExplorationTest::play)
                .process("trier", semaphore -> play(semaphore, Words.AT_ONCE, false)).explore();
    }

    @Exploration
    void someGiveUp() {
        Contest impatient = contest("2 of 3 give up in time, 1 death", 2, 1)
                .process("patient", SemaphoreExplorationTest::play)
                .process("impatient", semaphore -> play(semaphore, 1, false))
                .process("impatient, too", semaphore -> play(semaphore, 1, false));
        impatient.scenario.deadlines(1);
        impatient.explore();
        Contest one = contest("1 permit, 2 of 3 give up in time", 1, 0)
                .process("patient", SemaphoreExplorationTest::play)
                .process("impatient", semaphore -> play(semaphore, 1, false))
                .process("impatient, too", semaphore -> play(semaphore, 1, false));
        one.scenario.deadlines(1);
        one.explore();
        Contest interrupted = contest("1 permit, 2 of 3 may be interrupted", 1, 0)
                .process("patient", SemaphoreExplorationTest::play)
                .process("interruptible", semaphore -> play(semaphore, Words.NO_DEADLINE, true))
                .process("interruptible, too", semaphore -> play(semaphore, Words.NO_DEADLINE, true));
        interrupted.scenario.interrupts(2);
        interrupted.explore();
    }

    @Exploration
    void wakesUpForNoReason() {
        Contest contest = contest("1 permit, 2 processes, twice, spurious wake-ups", 1, 0).processes(2, SemaphoreExplorationTest::playTwice);
        contest.scenario.spuriousWakeUps();
        contest.explore();
    }

    /** Who has waited for a millisecond reserves it; then others may have to wait for a millisecond themselves. */
    @Exploration
    void someWaitLong() {
        Contest contest = contest("1 permit, 2 processes, twice, long waits", 1, 0).processes(2, SemaphoreExplorationTest::playTwice);
        contest.scenario.ticks(MILLISECOND, MILLISECOND).deadlines(SOON).deadlinesSave();
        contest.explore();
    }

    @Exploration
    void threadsOfOneProcess() {
        contest("1 permit, 2 threads and a process", 1, 0)
                .process("process", SemaphoreExplorationTest::play)
                .process("thread0", SemaphoreExplorationTest::play)
                .thread("thread1", SemaphoreExplorationTest::play).explore();
        contest("2 released at once, 2 threads take", 0, 0)
                .process("thread0", SemaphoreExplorationTest::take)
                .thread("thread1", SemaphoreExplorationTest::take)
                .immortal("releaser", semaphore -> release(semaphore, 2)).explore();
    }

    /** Each gives back what it did not take; one of them is one too many. */
    @Exploration
    void theBoundHolds() {
        bounded("2 of 3 release the 2 that are missing", UnaryOperator.identity()).explore();
    }

    private static Contest bounded(String name, UnaryOperator<Words> bug) {
        Contest contest = new Contest(name, 0, 2, 0, bug);
        for (int i = 0; i < 3; i++) {
            contest.immortal("releaser" + i, semaphore -> {
                int _ = semaphore.release(1);
            });
        }
        contest.scenario.neverInTheEnd("what there was room for was refused", world -> world.getInt(WORDS) != 2);
        return contest;
    }

    @Exploration
    @EnabledIfSystemProperty(named = "kindred.soak", matches = "true")
    void more() {
        contest("1 permit, 3 processes, twice", 1, 0).processes(3, SemaphoreExplorationTest::playTwice).explore();
        contest("2 permits, 4 processes, 1 death", 2, 1).processes(4, SemaphoreExplorationTest::play).explore();
        Contest contest = contest("1 permit, 3 processes, long waits", 1, 0).processes(3, SemaphoreExplorationTest::play);
        contest.scenario.ticks(MILLISECOND, MILLISECOND).deadlines(SOON).deadlinesSave();
        contest.explore();
    }

    // What is found if the protocol lacks one of its parts

    private static Contest planted(String name, int permits, int deaths, UnaryOperator<Words> bug) {
        return new Contest("planted: " + name, permits, SemaphoreLayout.VALUE_MAX, deaths, bug).recoverers(deaths);
    }

    @Exploration
    void findsThatAReleaseWakesNobody() {
        planted("a release wakes nobody", 1, 0, real -> new ForwardingWords(real) {
            @Override
            public void wake(long offset, int count) {}
        }).processes(2, SemaphoreExplorationTest::play).finds("somebody waits for ever");
    }

    @Exploration
    void findsThatAReleaseOfManyWakesOne() {
        planted("a release of many wakes one", 0, 0, real -> new ForwardingWords(real) {
            @Override
            public void wake(long offset, int count) {
                super.wake(offset, 1);
            }
        }).processes(2, SemaphoreExplorationTest::take).immortal("releaser", semaphore -> release(semaphore, 2))
                .finds("somebody waits for ever");
    }

    /** It counts itself only when it has slept, so that nobody knows that it has to be woken. */
    @Exploration
    void findsThatASleeperIsNotCounted() {
        planted("a sleeper is not counted", 1, 0, real -> new ForwardingWords(real) {
            @Override
            public long getAndAddLong(long offset, long delta) {
                return delta > 0 ? getLongVolatile(offset) : super.getAndAddLong(offset, delta);
            }
        }).processes(2, SemaphoreExplorationTest::play).finds("semaphore, planted");
    }

    @Exploration
    void findsThatWhoGetsAPermitStaysCounted() {
        planted("who gets a permit stays counted", 1, 0, real -> new ForwardingWords(real) {
            @Override
            public boolean compareAndSetLong(long offset, long expected, long value) {
                boolean takes = SemaphoreLayout.permits(value) < SemaphoreLayout.permits(expected);
                return super.compareAndSetLong(offset, expected, takes ? expected - 1 : value);
            }
        }).processes(2, SemaphoreExplorationTest::play).finds("those who wait are counted wrongly");
    }

    @Exploration
    void findsThatAReleaseIsStoredBlindly() {
        planted("a release is stored blindly", 1, 0, real -> new ForwardingWords(real) {
            @Override
            public boolean compareAndSetLong(long offset, long expected, long value) {
                if (SemaphoreLayout.permits(value) < SemaphoreLayout.permits(expected)) {
                    return super.compareAndSetLong(offset, expected, value);
                }
                setLongPlain(offset, value);
                return true;
            }
        }).processes(2, SemaphoreExplorationTest::play).finds("those who wait are counted wrongly");
    }

    @Exploration
    void findsThatASleepDoesNotLookAtTheWord() {
        planted("a sleep does not look at the word", 1, 0, real -> new ForwardingWords(real) {
            @Override
            public int await(long offset, int expected, int epoch, long deadline, boolean interruptible) {
                return super.await(offset, getVolatile(offset), epoch, deadline, interruptible);
            }
        }).processes(2, SemaphoreExplorationTest::play).finds("somebody waits for ever");
    }

    @Exploration
    void findsThatNobodyIsWokenAfterADeath() {
        planted("a recovery wakes nobody", 1, 1, real -> new ForwardingWords(real) {
            @Override
            public void wakeEpoch() {}
        }).processes(2, SemaphoreExplorationTest::play).healed().finds("somebody waits for ever");
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
        }).process("first", SemaphoreExplorationTest::play).process("patient", SemaphoreExplorationTest::play)
                .process("interruptible", semaphore -> play(semaphore, Words.NO_DEADLINE, true));
        contest.scenario.interrupts(1);
        contest.finds("somebody waits for ever");
    }

    /** As CPython's bounded semaphore does it. */
    @Exploration
    void findsThatTheBoundIsLookedAtInAStepOfItsOwn() {
        bounded("planted: the bound is looked at in a step of its own", real -> new ForwardingWords(real) {
            @Override
            public boolean compareAndSetLong(long offset, long expected, long value) {
                long _ = super.getAndAddLong(offset, value - expected);
                return true;
            }
        }).finds("there are more permits than there can be");
    }
}
