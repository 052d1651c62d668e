// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.sync;

import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import dev.kindred.internal.domain.SimulatedFamily;
import dev.kindred.internal.domain.SimulatedFamily.Member;
import dev.kindred.internal.explorer.Exploration;
import dev.kindred.internal.explorer.Report;
import dev.kindred.internal.explorer.Scenario;
import dev.kindred.internal.explorer.World;
import dev.kindred.internal.words.Words;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The mutex in every interleaving: two never hold it, nobody waits in vain, and of each death of a holder somebody is told once. */
class MutexExplorationTest {

    private static final long WORD = 512;

    /** Some processes and a mutex, what they do with it, and what holds whatever that is. */
    private static final class Contest {

        final Scenario scenario;
        final SimulatedFamily family;
        private final boolean takeOver;

        Contest(String name, boolean takeOver, int deaths, UnaryOperator<Words> bug) {
            this.takeOver = takeOver;
            scenario = new Scenario("mutex, " + name).word(WORD, "mutex").deaths(deaths);
            family = new SimulatedFamily(scenario).through(bug).recoverers(deaths);
            scenario.never("two are inside", world -> world.sum("inside") > 1);
            scenario.never("a death was told of twice, or of one that held nothing",
                    world -> world.get("taken over") > world.get("died holding it"));
            scenario.onDeath((world, process) -> {
                if (owner(world) == family.id(process) && !isPoisoned(world)) {
                    world.add("died holding it", 1);
                }
            });
            scenario.neverInTheEnd("a death was not told of, although the mutex was acquired since",
                    world -> world.get("taken over") != world.get("died holding it") - (owner(world) == 0 ? 0 : 1));
        }

        Contest processes(int count, Consumer<Player> code) {
            for (int i = 0; i < count; i++) {
                family.member(Character.toString('A' + i), member -> code.accept(new Player(member, takeOver)));
            }
            return this;
        }

        Report explore() {
            family.complete();
            return scenario.explore();
        }

        private static int owner(World world) {
            return world.getInt(WORD) & MutexLayout.OWNER;
        }

        private static boolean isPoisoned(World world) {
            return (world.getInt(WORD) & MutexLayout.POISONED) != 0;
        }
    }

    /** A process that wants the mutex. */
    private static final class Player {

        private final Member member;
        private final Mutex mutex;

        Player(Member member, boolean takeOver) {
            this.member = member;
            this.mutex = new Mutex(member.words(), WORD, member.id(), takeOver, member);
        }

        /** Acquires it, recovers it if its owner died, and releases it, unless it gives up. */
        void playOnce() {
            play(Words.NO_DEADLINE, false);
        }

        void playTwice() {
            playOnce();
            playOnce();
        }

        /** Acquires it once and gives up when the deadline comes or when it is interrupted. */
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
            }
        }

        private void stayInside() {
            member.actor().set("inside", 1);
            member.actor().pause("inside");
            member.actor().set("inside", 0);
            if (!mutex.release()) {
                throw new AssertionError("what was acquired could not be released");
            }
        }
    }

    private static Contest contest(String name, boolean takeOver, int deaths) {
        return new Contest(name, takeOver, deaths, UnaryOperator.identity());
    }

    @Exploration
    void twoProcesses() {
        contest("2 processes, twice", false, 0).processes(2, Player::playTwice).explore();
        contest("2 processes, twice, 1 death", false, 1).processes(2, Player::playTwice).explore();
        contest("2 processes, 2 deaths", false, 2).processes(2, Player::playOnce).explore();
    }

    @Exploration
    void threeProcesses() {
        contest("3 processes", false, 0).processes(3, Player::playOnce).explore();
        contest("3 processes, 1 death", false, 1).processes(3, Player::playOnce).explore();
        contest("3 processes, 2 deaths", false, 2).processes(3, Player::playOnce).explore();
    }

    @Exploration
    void takeOver() {
        contest("taken over, 2 processes, twice, 2 deaths", true, 2).processes(2, Player::playTwice).explore();
        contest("taken over, 3 processes, 1 death", true, 1).processes(3, Player::playOnce).explore();
    }

    @Exploration
    @EnabledIfSystemProperty(named = "kindred.soak", matches = "true")
    void more() {
        contest("taken over, 3 processes, 2 deaths", true, 2).processes(3, Player::playOnce).explore();
        contest("3 processes, twice, 1 death", false, 1).processes(3, Player::playTwice).explore();
    }
}
