// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import dev.kindred.internal.domain.SimulatedFamily;
import dev.kindred.internal.domain.SimulatedFamily.Member;
import dev.kindred.internal.explorer.Exploration;
import dev.kindred.internal.explorer.Scenario;
import dev.kindred.internal.words.ForwardingWords;
import dev.kindred.internal.words.Words;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The barrier in every interleaving: nobody passes before all have come, each learns what came of its own round, and no death leaves
 * anybody waiting.
 */
class BarrierExplorationTest {

    private static final long BARRIER = 1024;
    private static final long STATE = BARRIER + BarrierLayout.STATE;

    /** Some processes and a barrier of which they all are from the beginning. */
    private static final class Meeting {

        final Scenario scenario;
        private final SimulatedFamily family;
        private final List<String> names = new ArrayList<>();

        Meeting(String name, int parties, int deaths, UnaryOperator<Words> bug) {
            scenario = new Scenario("barrier, " + name).deaths(deaths);
            scenario.word(BARRIER + BarrierLayout.WORD, "round").word(STATE, "state");
            scenario.prepare(actor -> BarrierRounds.initialize(actor.words(), BARRIER, parties));
            scenario.constant(BARRIER + BarrierLayout.PARTIES).constant(BARRIER + BarrierLayout.CELLS);
            family = new SimulatedFamily(scenario).through(bug);
        }

        Meeting process(String name, Consumer<Party> code) {
            names.add(name);
            family.member(name, member -> code.accept(new Party(member)));
            return this;
        }

        /** Adds a process that is not of the barrier. */
        Meeting outsider(String name, Consumer<Party> code) {
            family.member(name, member -> code.accept(new Party(member)));
            return this;
        }

        Meeting recoverers(int count) {
            family.recoverers(count);
            return this;
        }

        /** Says that no round is reset, so that who passes shows in the round. */
        Meeting inStep(int parties) {
            scenario.never("somebody passed before all had come",
                    world -> world.get("passed") > (long) parties * BarrierLayout.round(BarrierLayout.word(world.getLong(STATE))));
            return this;
        }

        /** Says that, if nobody dies, so many rounds are passed by all. */
        Meeting passed(int parties, int rounds) {
            scenario.neverInTheEnd("not all passed", world -> world.deaths() == 0 && world.get("passed") != (long) parties * rounds);
            for (int i = 0; i < parties; i++) {
                String index = "index " + i;
                scenario.neverInTheEnd(index + " was not given once a round", world -> world.deaths() == 0 && world.get(index) != rounds);
            }
            return this;
        }

        private void complete() {
            scenario.prepare(actor -> names.forEach(name ->
                    new BarrierRounds(actor.words(), BARRIER, family.id(name), new KnownDeaths(Set.of())).register()));
            for (int cell = names.size(); cell < BarrierLayout.cells(1); cell++) {
                scenario.constant(BARRIER + BarrierLayout.cell(cell));
            }
            family.complete();
        }

        /** Adds an outsider that resets the barrier. */
        Meeting resetter(String name) {
            return outsider(name, party -> party.barrier.reset());
        }

        void explore() {
            complete();
            scenario.explore();
        }

        void finds(String what) {
            complete();
            scenario.finds(what);
        }
    }

    /** One who comes to the barrier. */
    private static final class Party {

        private final Member member;
        private final BarrierRounds barrier;

        Party(Member member) {
            this.member = member;
            this.barrier = new BarrierRounds(member.words(), BARRIER, member.id(), member);
        }

        int come() {
            return come(Words.NO_DEADLINE, null);
        }

        /** Comes, and counts how that ended. */
        int come(long deadline, @Nullable Runnable action) {
            int outcome = barrier.await(deadline, action);
            if (outcome >= 0) {
                member.actor().add("passed", 1);
                member.actor().add("index " + outcome, 1);
            } else if (outcome == BarrierRounds.TIMED_OUT) {
                member.actor().add("timed out", 1);
            }
            return outcome;
        }

        /** Comes twice, unless it is broken the first time. */
        void comeTwice() {
            if (come() >= 0) {
                int _ = come();
            }
        }

        /** Comes until it has passed. */
        void insist() {
            int outcome;
            do {
                outcome = come();
            } while (outcome < 0);
        }

        void insistTwice() {
            insist();
            insist();
        }

        /** Is none of the barrier's any more, and ends. */
        void leave() {
            barrier.deregister();
            member.actor().add("left first", 1);
            member.leave();
        }

        void act() {
            int _ = come(Words.NO_DEADLINE, () -> {
                member.actor().add("actions", 1);
                member.actor().pause("in action");
            });
        }
    }

    private static Meeting meeting(String name, int parties, int deaths) {
        return new Meeting(name, parties, deaths, UnaryOperator.identity()).recoverers(deaths);
    }

    @Exploration
    void allPass() {
        meeting("2 parties, twice", 2, 0).inStep(2).passed(2, 2)
                .process("first", Party::comeTwice).process("second", Party::comeTwice).explore();
        meeting("3 parties", 3, 0).inStep(3).passed(3, 1)
                .process("first", Party::come).process("second", Party::come).process("third", Party::come).explore();
    }

    @Exploration
    void somebodyDies() {
        meeting("2 parties, twice, 1 death", 2, 1).inStep(2)
                .process("first", Party::comeTwice).process("second", Party::comeTwice).explore();
        meeting("3 parties, 1 death", 3, 1).inStep(3).process("first", Party::come).process("second", Party::come)
                .process("third", Party::come).explore();
        meeting("2 parties, 2 deaths", 2, 2).inStep(2).process("first", Party::come).process("second", Party::come).explore();
    }

    @Exploration
    void anActionIsRunOnceARound() {
        Meeting meeting = meeting("2 parties, action", 2, 0).inStep(2).passed(2, 1)
                .process("first", Party::act).process("second", Party::act);
        meeting.scenario.never("somebody passed before the action", world -> world.get("passed") > 0 && world.get("actions") == 0);
        meeting.scenario.never("it was run twice", world -> world.get("actions") > 1);
        meeting.explore();
        meeting("2 parties, action, 1 death", 2, 1).inStep(2).process("first", Party::act).process("second", Party::act).explore();
    }

    /** Who passes or not must agree with what the others find, or somebody comes again and waits alone. */
    @Exploration
    void eachLearnsOfItsOwnRound() {
        meeting("2 parties, a reset", 2, 0).passed(2, 1)
                .process("first", Party::insist).process("second", Party::insist).resetter("resetter").explore();
        meeting("2 parties, 2 resets", 2, 0).passed(2, 1)
                .process("first", Party::insist).process("second", Party::insist).resetter("resetter")
                .resetter("other resetter").explore();
        meeting("2 parties, twice, a reset", 2, 0).passed(2, 2)
                .process("first", Party::insistTwice).process("second", Party::insistTwice).resetter("resetter").explore();
    }

    @Exploration
    void someGiveUp() {
        Meeting meeting = meeting("2 parties, one gives up", 2, 0).inStep(2)
                .process("patient", Party::come).process("impatient", party -> party.come(1, null));
        meeting.scenario.neverInTheEnd("one passed without the other", world -> world.get("passed") == 1);
        meeting.scenario.neverInTheEnd("nobody knows why it is broken",
                world -> world.get("passed") == 0 && world.get("timed out") == 0);
        meeting.scenario.deadlines(1).deadlinesSave();
        meeting.explore();
    }

    /**
     * A reset that dies half-way leaves the barrier broken or new, and nobody waiting in a round of which a dead process was struck out.
     */
    @Exploration
    void whoResetsDies() {
        resetWhileOneWaits(meeting("2 parties, a reset while one waits, 1 death", 2, 1)).explore();
    }

    /** Who has left the barrier may end, by leaving the family or by dying, whoever is just looking for the dead. */
    @Exploration
    void whoHasLeftItMayEnd() {
        oneLeaves(meeting("2 parties, another leaves and ends", 2, 0)).passed(2, 1).explore();
        oneLeaves(meeting("2 parties, another leaves and ends, 1 death", 2, 1)).explore();
    }

    private static Meeting oneLeaves(Meeting meeting) {
        meeting.scenario.never("the end of one that had left first broke it", world -> world.get("left first") > 0
                && world.isAlive("first") && world.isAlive("second") && BarrierLayout.isBroken(BarrierLayout.word(world.getLong(STATE))));
        return meeting.process("first", Party::come).process("second", Party::come).process("leaver", Party::leave);
    }

    private static Meeting resetWhileOneWaits(Meeting meeting) {
        return meeting.process("first", Party::come).process("second", party -> {
            party.member.actor().until("who resets it is done", world -> !world.isAlive("resetter") || world.isFinished("resetter"));
            int _ = party.come(Mutex.AT_ONCE, null);
        }).outsider("resetter", party -> {
            party.member.actor().until("the first waits", world -> !world.isAlive("first") || world.isFinished("first")
                    || BarrierLayout.arrived(world.getLong(STATE)) > 0);
            party.barrier.reset();
        });
    }

    @Exploration
    @EnabledIfSystemProperty(named = "kindred.soak", matches = "true")
    void more() {
        resetWhileOneWaits(meeting("2 parties, a reset while one waits, 2 deaths", 2, 2)).explore();
        meeting("3 parties, 2 deaths", 3, 2).inStep(3).process("first", Party::come).process("second", Party::come)
                .process("third", Party::come).explore();
        meeting("2 parties, 4 who come", 2, 0).inStep(2).passed(2, 2).process("first", Party::come).process("second", Party::come)
                .process("third", Party::come).process("fourth", Party::come).explore();
        meeting("2 parties, twice, 2 resets", 2, 0).passed(2, 2)
                .process("first", Party::insistTwice).process("second", Party::insistTwice).resetter("resetter")
                .resetter("other resetter").explore();
    }

    private static Meeting planted(String name, int parties, int deaths, UnaryOperator<Words> bug) {
        return new Meeting("planted: " + name, parties, deaths, bug).recoverers(deaths);
    }

    @Exploration
    void findsThatOnlyOneIsWoken() {
        planted("only one is woken", 3, 0, real -> new ForwardingWords(real) {
            @Override
            public void wake(long offset, int count) {
                super.wake(offset, 1);
            }
        }).process("first", Party::come).process("second", Party::come).process("third", Party::come).finds("somebody waits for ever");
    }

    @Exploration
    void findsThatAnArrivalIsStoredBlindly() {
        planted("an arrival is stored blindly", 2, 0, real -> new ForwardingWords(real) {
            @Override
            public boolean compareAndSetLong(long offset, long expected, long value) {
                if (offset != STATE) {
                    return super.compareAndSetLong(offset, expected, value);
                }
                setLongPlain(offset, value);
                return true;
            }
        }).process("first", Party::come).process("second", Party::come).finds("barrier, planted");
    }

    @Exploration
    void findsThatTheDeadAreNotLookedFor() {
        planted("the dead are not looked for", 2, 1, real -> new ForwardingWords(real) {
            @Override
            public int getVolatile(long offset) {
                return isIn("findDead") && offset >= BARRIER ? 0 : super.getVolatile(offset);
            }
        }).process("first", Party::come).process("second", Party::come).finds("somebody waits for ever");
    }

    /** As it once was: who is dead is not looked for again among the barrier's. */
    @Exploration
    void findsThatOneThatHasLeftIsTakenForDead() {
        oneLeaves(planted("a cell is not read again", 2, 0, real -> new ForwardingWords(real) {
            private long cell;
            private int named;

            @Override
            public int getVolatile(long offset) {
                boolean isCell = offset >= BARRIER + BarrierLayout.cell(0) && offset < BARRIER + BarrierLayout.cell(3);
                if (!isCell || !isIn("findDead")) {
                    return super.getVolatile(offset);
                }
                if (offset != cell) {
                    named = super.getVolatile(offset);
                    cell = offset;
                }
                return named;
            }
        })).finds("the end of one that had left first broke it");
    }

    @Exploration
    void findsThatABrokenRoundIsNotWrittenDown() {
        planted("a broken round is not written down", 2, 0, real -> new ForwardingWords(real) {
            @Override
            public boolean compareAndSetLong(long offset, long expected, long value) {
                return offset == STATE ? super.compareAndSetLong(offset, expected, value) : true;
            }
        }).process("first", Party::insistTwice).process("second", Party::insistTwice).resetter("resetter")
                .finds("somebody waits for ever");
    }

    @Exploration
    void findsThatTheDeadAreForgottenBeforeTheRoundIsBroken() {
        resetWhileOneWaits(planted("the dead are forgotten while others wait", 2, 2, real -> new ForwardingWords(real) {
            @Override
            public boolean compareAndSetLong(long offset, long expected, long value) {
                boolean breaks = isIn("reset") && isIn("breakRound");
                return breaks || super.compareAndSetLong(offset, expected, value);
            }
        })).finds("somebody waits for ever");
    }
}
