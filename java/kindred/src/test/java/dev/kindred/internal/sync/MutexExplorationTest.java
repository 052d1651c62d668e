// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import dev.kindred.internal.domain.SimulatedFamily;
import dev.kindred.internal.domain.SimulatedFamily.Member;
import dev.kindred.internal.explorer.Exploration;
import dev.kindred.internal.explorer.Report;
import dev.kindred.internal.explorer.Scenario;
import dev.kindred.internal.explorer.World;
import dev.kindred.internal.words.ForwardingWords;
import dev.kindred.internal.words.Words;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The mutex in every interleaving: two never hold it, nobody waits in vain, and of each death of a holder somebody is told once. */
class MutexExplorationTest {

    private static final long WORD = 512;
    private static final long MILLISECOND = 1_000_000;

    /** Before any patience ends, and long after the last of what a mutex itself waits for. */
    private static final long SOON = 20 * MILLISECOND;

    /** Some processes and a mutex, and what must be so whatever they do with it. */
    private static final class Contest {

        final Scenario scenario;
        private final SimulatedFamily family;
        private final boolean takeOver;

        Contest(String name, boolean takeOver, int deaths, UnaryOperator<Words> bug) {
            this.takeOver = takeOver;
            scenario = new Scenario("mutex, " + name).word(WORD, "mutex").deaths(deaths);
            family = new SimulatedFamily(scenario).through(bug);
            scenario.never("two are inside", world -> world.sum("inside") > 1);
            scenario.never("a death was told of twice, or of one that held nothing",
                    world -> world.get("taken over") > world.get("died holding it"));
            scenario.onDeath((world, process) -> {
                if (owner(world) == family.id(process) && !isPoisoned(world) && world.sum("unrecovered") == 0) {
                    world.add("died holding it", 1);
                }
            });
            scenario.neverInTheEnd("a death was not told of, although the mutex was acquired since",
                    world -> world.get("taken over") != world.get("died holding it") - (owner(world) == 0 ? 0 : 1));
        }

        /** Adds processes, each with a number and one thread. */
        Contest processes(int count, Consumer<Player> code) {
            for (int i = 0; i < count; i++) {
                process("process" + i, code);
            }
            return this;
        }

        Contest process(String name, Consumer<Player> code) {
            family.member(name, member -> code.accept(new Player(member, member.id(), takeOver)));
            return this;
        }

        /** Adds another thread to the process that was added last. */
        Contest thread(String name, Consumer<Player> code) {
            family.thread(name, member -> code.accept(new Player(member, member.id(), takeOver)));
            return this;
        }

        Contest recoverers(int count) {
            family.recoverers(count);
            return this;
        }

        Report explore() {
            family.complete();
            return scenario.explore();
        }

        void finds(String what) {
            family.complete();
            scenario.finds(what);
        }

        private static int owner(World world) {
            return world.getInt(WORD) & MutexLayout.OWNER;
        }

        private static boolean isPoisoned(World world) {
            return (world.getInt(WORD) & MutexLayout.POISONED) != 0;
        }
    }

    /** One who wants the mutex. */
    private static final class Player {

        private final Member member;
        private final Mutex mutex;

        Player(Member member, int self, boolean takeOver) {
            this.member = member;
            this.mutex = new Mutex(member.words(), WORD, self, takeOver, member);
        }

        /** Acquires it, recovers it if its owner died, and releases it. */
        void play() {
            play(Words.NO_DEADLINE, false);
        }

        void playTwice() {
            play();
            play();
        }

        /** The same, but gives up when the deadline comes or when it is interrupted. */
        void play(long deadline, boolean interruptible) {
            int result = mutex.acquire(deadline, interruptible);
            if (result == Mutex.OWNER_DIED) {
                result = mutex.recover(deadline, interruptible);
            }
            if (result == Mutex.TAKEN_OVER) {
                member.actor().add("taken over", 1);
            }
            if (result == Mutex.ACQUIRED || result == Mutex.TAKEN_OVER) {
                stayInside();
                release();
            }
        }

        /** Acquires it even unrecovered, as who awaits a condition does, and gives it back so. */
        void lookInside() {
            int result = mutex.reacquire();
            member.actor().set("unrecovered", result == Mutex.OWNER_DIED ? 1 : 0);
            stayInside();
            if ((result == Mutex.OWNER_DIED) != (mutex.unrecovered() != 0)) {
                throw new AssertionError("the result was " + result + " and unrecovered is " + mutex.unrecovered());
            }
            release();
            member.actor().set("unrecovered", 0);
        }

        private void stayInside() {
            member.actor().set("inside", 1);
            member.actor().pause("inside");
            member.actor().set("inside", 0);
        }

        private void release() {
            if (!mutex.release()) {
                throw new AssertionError("what was acquired could not be released");
            }
        }
    }

    private static Contest contest(String name, boolean takeOver, int deaths) {
        return new Contest(name, takeOver, deaths, UnaryOperator.identity()).recoverers(deaths);
    }

    @Exploration
    void twoProcesses() {
        contest("2 processes, twice", false, 0).processes(2, Player::playTwice).explore();
        contest("2 processes, twice, 1 death", false, 1).processes(2, Player::playTwice).explore();
        contest("2 processes, 2 deaths", false, 2).processes(2, Player::play).explore();
    }

    @Exploration
    void threeProcesses() {
        contest("3 processes", false, 0).processes(3, Player::play).explore();
        contest("3 processes, 1 death", false, 1).processes(3, Player::play).explore();
        contest("3 processes, 2 deaths", false, 2).processes(3, Player::play).explore();
    }

    @Exploration
    void takenOver() {
        contest("taken over, 2 processes, twice, 2 deaths", true, 2).processes(2, Player::playTwice).explore();
        contest("taken over, 3 processes, 1 death", true, 1).processes(3, Player::play).explore();
    }

    @Exploration
    void someOnlyTry() {
        contest("one tries, 1 death", false, 1)
                .processes(2, Player::play)
                .process("trier", player -> player.play(Mutex.AT_ONCE, false)).explore();
    }

    @Exploration
    void someGiveUp() {
        Contest impatient = contest("2 of 3 give up in time, 1 death", false, 1)
                .process("patient", Player::play)
                .process("impatient", player -> player.play(1, false))
                .process("impatient, too", player -> player.play(1, false));
        impatient.scenario.deadlines(1);
        impatient.explore();
        Contest interrupted = contest("2 of 3 may be interrupted, 1 death", false, 1)
                .process("patient", Player::play)
                .process("interruptible", player -> player.play(Words.NO_DEADLINE, true))
                .process("interruptible, too", player -> player.play(Words.NO_DEADLINE, true));
        interrupted.scenario.interrupts(2);
        interrupted.explore();
    }

    @Exploration
    void wakesUpForNoReason() {
        Contest contest = contest("2 processes, spurious wake-ups, 1 death", false, 1).processes(2, Player::play);
        contest.scenario.spuriousWakeUps();
        contest.explore();
    }

    /** Nobody recovers the dead here but who waits for them and runs out of patience. */
    @Exploration
    void patienceEnds() {
        Contest contest = new Contest("2 processes, 1 death, nobody watches", false, 1, UnaryOperator.identity())
                .processes(2, Player::play);
        contest.scenario.deadlines(400 * MILLISECOND).deathsUntil(50 * MILLISECOND).deadlinesSave();
        contest.explore();
    }

    /** Who has waited for a millisecond reserves it; then others may have to wait for a millisecond themselves. */
    @Exploration
    void someWaitLong() {
        Contest contest = contest("2 processes, twice, 1 death, long waits", false, 1).processes(2, Player::playTwice);
        contest.scenario.ticks(MILLISECOND, MILLISECOND).deadlines(SOON).deadlinesSave();
        contest.explore();
    }

    @Exploration
    void threadsOfOneProcess() {
        contest("2 threads and a process, 1 death", false, 1)
                .process("process", Player::play)
                .process("thread0", Player::play)
                .thread("thread1", Player::play).explore();
    }

    @Exploration
    void unrecovered() {
        contest("one looks inside, 2 deaths", false, 2)
                .process("process", Player::play)
                .process("onlooker", Player::lookInside).explore();
        contest("one looks inside, 3 processes, 1 death", false, 1)
                .processes(2, Player::play)
                .process("onlooker", Player::lookInside).explore();
    }

    /** The explorer takes states for the same in which actors came to the same point of the code on different ways. */
    @Exploration
    void mergingByLocalStateLosesNothing() {
        Report merged = contest("2 processes, 1 death", false, 1).processes(2, Player::play).explore();
        Contest unmerged = contest("2 processes, 1 death, unmerged", false, 1).processes(2, Player::play);
        unmerged.scenario.mergingNothing();
        Report all = unmerged.explore();
        assertEquals(all.memories(), merged.memories());
        assertEquals(all.contents(), merged.contents());
        assertEquals(all.endings(), merged.endings());
    }

    @Exploration
    @EnabledIfSystemProperty(named = "kindred.soak", matches = "true")
    void more() {
        contest("taken over, 3 processes, 2 deaths", true, 2).processes(3, Player::play).explore();
        contest("3 processes, twice, 1 death", false, 1).processes(3, Player::playTwice).explore();
        Contest contest = contest("3 processes, 1 death, long waits", false, 1).processes(3, Player::play);
        contest.scenario.ticks(MILLISECOND, MILLISECOND).deadlines(SOON).deadlinesSave();
        contest.explore();
    }

    // What is found if the protocol lacks one of its parts

    private static Contest planted(String name, int deaths, UnaryOperator<Words> bug) {
        return new Contest("planted: " + name, false, deaths, bug).recoverers(deaths);
    }

    @Exploration
    void findsThatAReleaseWakesNobody() {
        planted("a release wakes nobody", 0, real -> new ForwardingWords(real) {
            @Override
            public void wake(long offset, int count) {}
        }).processes(2, Player::play).finds("somebody waits for ever");
    }

    @Exploration
    void findsThatWhoSleptTakesItWithoutTheMark() {
        planted("who slept takes it without the mark", 0, real -> new ForwardingWords(real) {
            @Override
            public boolean compareAndSet(long offset, int expected, int value) {
                boolean takesIt = offset == WORD && isIn("attempt") && (expected & MutexLayout.OWNER) == 0;
                return super.compareAndSet(offset, expected, takesIt ? value & ~MutexLayout.WAITERS : value);
            }
        }).processes(3, Player::play).finds("somebody waits for ever");
    }

    @Exploration
    void findsThatASleeperAnnouncesItselfBlindly() {
        planted("the mark is stored blindly", 0, real -> new ForwardingWords(real) {
            @Override
            public boolean compareAndSet(long offset, int expected, int value) {
                if (isIn("announce") || !isIn("watch") || isIn("attempt")) {
                    return super.compareAndSet(offset, expected, value);
                }
                setVolatile(offset, value);
                return true;
            }
        }).processes(2, Player::play).finds("somebody waits for ever");
    }

    @Exploration
    void findsThatASleepDoesNotLookAtTheWord() {
        planted("a sleep does not look at the word", 0, real -> new ForwardingWords(real) {
            @Override
            public int await(long offset, int expected, int epoch, long deadline, boolean interruptible) {
                return super.await(offset, getVolatile(offset), epoch, deadline, interruptible);
            }
        }).processes(2, Player::play).finds("somebody waits for ever");
    }

    @Exploration
    void findsThatTheEpochIsReadTooLate() {
        planted("the epoch is read too late", 1, real -> new ForwardingWords(real) {
            @Override
            public int await(long offset, int expected, int epoch, long deadline, boolean interruptible) {
                return super.await(offset, expected, super.epoch(), deadline, interruptible);
            }
        }).processes(2, Player::play).finds("somebody waits for ever");
    }

    @Exploration
    void findsThatTwoRecoverIt() {
        planted("a recovery is stored blindly", 1, real -> new ForwardingWords(real) {
            @Override
            public boolean compareAndSet(long offset, int expected, int value) {
                if (!isIn("faceDeath") || (value & MutexLayout.POISONED) != 0) {
                    return super.compareAndSet(offset, expected, value);
                }
                setVolatile(offset, value);
                return true;
            }
        }).processes(3, Player::play).finds("two are inside");
    }

    @Exploration
    void findsThatWhoGivesUpKeepsTheWakeUp() {
        Contest contest = planted("who gives up keeps the wake-up", 0, real -> new ForwardingWords(real) {
            @Override
            public void wake(long offset, int count) {
                if (!isIn("await")) {
                    super.wake(offset, count);
                }
            }
        }).process("first", Player::play).process("patient", Player::play).process("impatient", player -> player.play(1, true));
        contest.scenario.deadlines(1).interrupts(1);
        contest.finds("somebody waits for ever");
    }

    @Exploration
    void findsThatNobodyIsWokenAfterADeath() {
        planted("a recovery wakes nobody", 1, real -> new ForwardingWords(real) {
            @Override
            public void wakeEpoch() {}
        }).processes(2, Player::play).finds("somebody waits for ever");
    }

    @Exploration
    void findsThatTheEpochIsRaisedTooLate() {
        planted("a recovery wakes before it raises the epoch", 1, real -> new ForwardingWords(real) {
            @Override
            public void advanceEpoch() {}

            @Override
            public void wakeEpoch() {
                super.wakeEpoch();
                super.advanceEpoch();
            }
        }).processes(2, Player::play).finds("somebody waits for ever");
    }
}
