// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.domain;

import static dev.kindred.internal.domain.DomainLayout.DEAD;
import static dev.kindred.internal.domain.DomainLayout.LIFE;
import static dev.kindred.internal.domain.DomainLayout.LIFE_ENDED;
import static dev.kindred.internal.domain.DomainLayout.LIFE_WAITERS;
import static dev.kindred.internal.domain.DomainLayout.LIVE;
import static dev.kindred.internal.domain.DomainLayout.NEXT_SLOT_OFFSET;
import static dev.kindred.internal.domain.DomainLayout.slotOf;
import static dev.kindred.internal.domain.DomainLayout.slotOffset;
import static dev.kindred.internal.domain.DomainLayout.state;

import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import dev.kindred.internal.domain.SimulatedFamily.Member;
import dev.kindred.internal.explorer.Actor;
import dev.kindred.internal.explorer.Exploration;
import dev.kindred.internal.explorer.Scenario;
import dev.kindred.internal.explorer.World;
import dev.kindred.internal.words.ForwardingWords;
import dev.kindred.internal.words.WordSet;
import dev.kindred.internal.words.Words;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The words that the kernel marks at the end of a thread, in every interleaving: an end that was marked is noticed by all who live, whoever
 * of them sees it first, and nobody is taken for dead whose process has not ended.
 *
 * <p>Played here is what a process's {@link Watcher} does, on the real words and the real table, and what the kernel does. What it does by
 * descriptors is not: so the words must do without.
 */
class LifeWordsExplorationTest {

    private static final int THREAD = 77;
    private static final String PARENT = "parent";
    private static final String OTHER = "other";
    private static final String VICTIM = "victim";
    private static final String ARRIVED = "the victim has told of its arrival";
    private static final String TOLD = "told the others";

    /** A process that ends, its parent, and another whose successor it is. */
    private static final class Household {

        private final Scenario scenario;
        private final SimulatedFamily family;
        private final UnaryOperator<Words> bug;
        private boolean believesMarks;
        private boolean looksTooSoon;
        private int victimsSlot;

        Household(String name, int deaths, UnaryOperator<Words> bug) {
            this.bug = bug;
            scenario = new Scenario("life words, " + name).deaths(deaths).lingering().word(NEXT_SLOT_OFFSET, "next slot");
            family = new SimulatedFamily(scenario).through(bug);
        }

        /** Adds one that watches for the ends of others, as their parent or because the next slot is theirs. */
        Household watcher(String name) {
            boolean believes = believesMarks;
            boolean tooSoon = looksTooSoon;
            family.daemon(name, member -> watch(member, believes, tooSoon));
            int id = family.id(name);
            scenario.prepare(actor -> new LifeWords(actor.words()).announce(id, 0, THREAD));
            scenario.word(slotOffset(slotOf(id)) + LIFE, "life of " + name);
            return this;
        }

        /** Adds a child of the parent's that has joined and says so, and that can die before it does. */
        Household victim() {
            int parent = family.id(PARENT);
            family.member(VICTIM, member -> {
                member.table().lives().announce(member.id(), parent, THREAD);
                member.actor().add(ARRIVED, 1);
                member.actor().pause("works");
            });
            int slot = slotOf(family.id(VICTIM));
            scenario.prepare(actor -> actor.words().setPlain(slotOffset(slot) + DomainLayout.PARENT, parent));
            return victimAt(slot);
        }

        /** Adds a child of the parent's that joins. */
        Household joiner() {
            int parent = family.id(PARENT);
            int slot = slotOf(parent) + 1;
            scenario.prepare(actor -> actor.words().setVolatile(NEXT_SLOT_OFFSET, slot));
            UnaryOperator<Words> through = bug;
            scenario.actor(VICTIM, actor -> {
                SlotTable table = SimulatedFamily.table(actor, through.apply(actor.words()));
                int id = table.join(new ProcessRecord(VICTIM, actor.process() + 1, 2, parent));
                table.lives().announce(id, parent, THREAD);
                actor.add(ARRIVED, 1);
                actor.pause("works");
            });
            return victimAt(slot);
        }

        private Household victimAt(int slot) {
            victimsSlot = slot;
            scenario.word(slotOffset(slot) + LIFE, "life of " + VICTIM);
            scenario.never("somebody who lives is taken for dead",
                    world -> world.isAlive(VICTIM) && state(world.getInt(slotOffset(slot))) == DEAD);
            return this;
        }

        /** Records that the others are told of a mark. */
        private static Words recording(Member member) {
            return new ForwardingWords(member.words()) {
                @Override
                public void wake(long offset, int count) {
                    super.wake(offset, count);
                    if (isIn("addLife")) {
                        member.actor().add(TOLD, 1);
                    }
                }
            };
        }

        /** What {@link Watcher} does. After one pause it leaves an end to other ways of noticing it. */
        private static void watch(Member member, boolean believesMarks, boolean looksTooSoon) {
            Words words = member.words();
            int slot = slotOf(member.id());
            Actor actor = member.actor();
            SlotTable table = SimulatedFamily.table(actor, recording(member), (pid, _) -> believesMarks || actor.hasEnded(pid - 1));
            int outcome = Words.WOKEN;
            while (true) {
                WordSet watched = new WordSet();
                int epoch = words.epoch();
                table.lives().begin(watched, member.id());
                if (looksTooSoon) {
                    table.findDead(slot);
                }
                table.lives().collect(watched, member.id(), 0, table.successor(slot));
                if (!looksTooSoon) {
                    table.findDead(slot);
                }
                boolean looksAgain = outcome == Words.WOKEN && table.lives().isAnyEnding();
                outcome = words.awaitAny(watched, epoch, looksAgain ? 1 : Words.NO_DEADLINE);
            }
        }

        /** Lets the kernel mark the victim's end: when the process has ended. */
        Household marksTheEnd() {
            return marks(actor -> actor.until("the victim's end", world -> !world.isAlive(VICTIM)));
        }

        /** Lets the kernel mark the end of the victim's thread at any time, as others of its process may go on. */
        Household marksAnyTime() {
            scenario.deadlines(1).deadlinesSave();
            long life = slotOffset(victimsSlot) + LIFE;
            return marks(actor -> actor.until("the victim has said who it is", world -> world.getInt(life) != 0));
        }

        private Household marks(Consumer<Actor> when) {
            long life = slotOffset(victimsSlot) + LIFE;
            scenario.observer("kernel", actor -> {
                when.accept(actor);
                Words words = actor.words();
                int word = words.getVolatile(life);
                // A process that has not said which thread it is, is not marked.
                while ((word & ~LIFE_WAITERS) == THREAD && !words.compareAndSet(life, word, word & LIFE_WAITERS | LIFE_ENDED)) {
                    word = words.getVolatile(life);
                }
                if ((word & ~LIFE_WAITERS) == THREAD && (word & LIFE_WAITERS) != 0) {
                    words.wake(life, 1);
                }
            });
            return this;
        }

        /**
         * Says that all who can still do so have noticed an end that was marked, if all live, or one of them has told the others. Who ends
         * before it has told of its arrival is noticed by the descriptors that its parent has of it.
         */
        Household endIsNoticed(String... watchers) {
            scenario.neverInTheEnd("an end that was marked is not noticed", world -> {
                int life = world.getInt(slotOffset(victimsSlot) + LIFE);
                boolean all = Stream.of(watchers).allMatch(watcher -> runs(world, watcher));
                boolean any = Stream.of(watchers).anyMatch(watcher -> runs(world, watcher));
                boolean isKnown = world.get(ARRIVED) > 0;
                return isKnown && !world.isAlive(VICTIM) && (life & LIFE_ENDED) != 0 && state(world.getInt(slotOffset(victimsSlot))) == LIVE
                        && (all || any && world.get(TOLD) > 0);
            });
            return this;
        }

        void explore() {
            scenario.explore();
        }

        void finds(String what) {
            scenario.finds(what);
        }

        private static boolean runs(World world, String watcher) {
            return world.isAlive(watcher) && !world.isStopped(watcher);
        }
    }

    private static Household household(String name, int deaths) {
        return new Household(name, deaths, UnaryOperator.identity());
    }

    @Exploration
    void anEndIsNoticed() {
        household("a child of one, 1 death", 1).watcher(PARENT).victim().marksTheEnd().endIsNoticed(PARENT).explore();
        household("a child joins, 1 death", 1).watcher(PARENT).joiner().marksTheEnd().endIsNoticed(PARENT).explore();
    }

    /** Who is woken first may die or be stopped before it has marked the slot; if it has told the others, they do that. */
    @Exploration
    void whoSeesTheEndFirstMayDie() {
        household("two watch one, 2 deaths", 2).watcher(PARENT).watcher(OTHER).victim().marksTheEnd().endIsNoticed(PARENT, OTHER).explore();
    }

    @Exploration
    void whoSeesTheEndFirstMayStop() {
        firstIsStopped(household("two watch one, 1 death, 1 is stopped", 1)).explore();
    }

    private static Household firstIsStopped(Household household) {
        household.scenario.stops(1, PARENT, OTHER);
        return household.watcher(PARENT).watcher(OTHER).victim().marksTheEnd().endIsNoticed(PARENT, OTHER);
    }

    /** The thread that the word names has ended, and others of its process have not. */
    @Exploration
    void aMarkAloneMakesNobodyDead() {
        household("a thread ends, two watch", 0).watcher(PARENT).watcher(OTHER).victim().marksAnyTime().explore();
        household("a thread ends, 1 death", 1).watcher(PARENT).victim().marksAnyTime().explore();
    }

    @Exploration
    @EnabledIfSystemProperty(named = "kindred.soak", matches = "true")
    void more() {
        household("a thread ends, two watch, 1 death", 1).watcher(PARENT).watcher(OTHER).victim().marksAnyTime().explore();
        household("two watch one, 3 deaths", 3).watcher(PARENT).watcher(OTHER).victim().marksTheEnd().endIsNoticed(PARENT, OTHER).explore();
        household("a child joins where two watch, 1 death", 1).watcher(OTHER).watcher(PARENT).joiner().marksTheEnd()
                .endIsNoticed(PARENT, OTHER).explore();
    }

    private static Household planted(String name, int deaths, UnaryOperator<Words> bug) {
        return new Household("planted: " + name, deaths, bug);
    }

    @Exploration
    void findsThatNobodyIsToldOfAMark() {
        firstIsStopped(planted("who takes the bit away wakes nobody", 1, real -> new ForwardingWords(real) {
            @Override
            public void wake(long offset, int count) {
                if (!isIn("addLife")) {
                    super.wake(offset, count);
                }
            }
        })).finds("an end that was marked is not noticed");
    }

    @Exploration
    void findsThatAnArrivalIsNotCounted() {
        planted("an arrival is not counted", 1, real -> new ForwardingWords(real) {
            @Override
            public int getAndAdd(long offset, int delta) {
                return isIn("tellOfArrival") ? 0 : super.getAndAdd(offset, delta);
            }
        }).watcher(PARENT).joiner().marksTheEnd().endIsNoticed(PARENT).finds("an end that was marked is not noticed");
    }

    @Exploration
    void findsThatOneLooksWhoHasEndedBeforeItCollects() {
        Household household = planted("who ends is looked for before the words are collected", 1, UnaryOperator.identity());
        household.looksTooSoon = true;
        household.watcher(PARENT).victim().marksTheEnd().endIsNoticed(PARENT).finds("an end that was marked is not noticed");
    }

    @Exploration
    void findsThatAMarkIsTakenForAnEnd() {
        Household household = planted("a mark is taken for an end", 0, UnaryOperator.identity());
        household.believesMarks = true;
        household.watcher(PARENT).victim().marksAnyTime().finds("somebody who lives is taken for dead");
    }
}
