// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.domain;

import static dev.kindred.internal.domain.DomainLayout.DEAD;
import static dev.kindred.internal.domain.DomainLayout.FREE;
import static dev.kindred.internal.domain.DomainLayout.LIVE;
import static dev.kindred.internal.domain.DomainLayout.NEXT_SLOT_OFFSET;
import static dev.kindred.internal.domain.DomainLayout.generationOf;
import static dev.kindred.internal.domain.DomainLayout.slotOf;
import static dev.kindred.internal.domain.DomainLayout.slotOffset;
import static dev.kindred.internal.domain.DomainLayout.state;
import static dev.kindred.internal.domain.DomainLayout.word;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

import dev.kindred.internal.domain.SimulatedFamily.Member;
import dev.kindred.internal.explorer.Actor;
import dev.kindred.internal.explorer.Exploration;
import dev.kindred.internal.explorer.Scenario;
import dev.kindred.internal.explorer.World;
import dev.kindred.internal.words.ForwardingWords;
import dev.kindred.internal.words.Words;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The table of processes in every interleaving: no two get the same id, nobody who lives is taken for dead, each who dies is noticed by all
 * who wait for that, and its slot is free in the end.
 */
class SlotTableExplorationTest {

    private static final long WORD = 512;

    /** More than are ever used here. */
    private static final int SLOTS = 8;

    /** A family, of which some join, some die and some notice. */
    private static final class Gathering {

        private final Scenario scenario;
        private final SimulatedFamily family;
        private final UnaryOperator<Words> bug;
        private final List<String> members = new ArrayList<>();
        private final List<String> watchers = new ArrayList<>();

        Gathering(String name, int deaths, UnaryOperator<Words> bug) {
            this.bug = bug;
            scenario = new Scenario("slot table, " + name).deaths(deaths).word(NEXT_SLOT_OFFSET, "next slot").holes();
            scenario.prepare(actor -> actor.reserve(0, DomainLayout.PAGE));
            family = new SimulatedFamily(scenario).through(bug);
            for (int i = 0; i < SLOTS; i++) {
                int slot = i;
                // What a process says of itself, less what is read of one that may have ended.
                guardRecord(slot, DomainLayout.PARENT, DomainLayout.LIFE);
                guardRecord(slot, DomainLayout.NAME, DomainLayout.SLOT_SIZE);
                scenario.word(slotOffset(slot), "slot " + slot);
            }
            scenario.never("two have had the same id", Gathering::isAnyIdShared);
            scenario.never("somebody who lives is taken for dead", this::isAnyWrongedBy);
            scenario.never("the slot of somebody who lives is recovered", this::isAnyRobbed);
            scenario.neverInTheEnd("a slot is neither free nor of somebody who lives nor being freed", this::isAnySlotLost);
        }

        private void guardRecord(int slot, long from, long to) {
            scenario.guarded(slotOffset(slot) + from, slotOffset(slot) + to,
                    (world, process) -> world.holds(process, SimulatedFamily.lease(slot)));
        }

        /** Lets the kernel end a process's locks some time after its death. */
        Gathering endsLate() {
            scenario.lingering();
            return this;
        }

        /** Lets the kernel mark the ends of processes that have joined. */
        Gathering marksEnds() {
            scenario.onDeath((world, process) -> {
                long id = id(world, process);
                if (id != 0) {
                    long life = slotOffset(slotOf((int) id)) + DomainLayout.LIFE;
                    world.setInt(life, world.getInt(life) | DomainLayout.LIFE_ENDED);
                }
            });
            return this;
        }

        /** Adds one that has joined and does nothing more. */
        Gathering member(String name) {
            members.add(name);
            family.member(name, _ -> { });
            return this;
        }

        /** Adds one that joins. */
        Gathering joiner(String name) {
            members.add(name);
            scenario.actor(name, actor -> {
                SlotTable table = SimulatedFamily.table(actor, bug.apply(actor.words()));
                int id = SimulatedFamily.join(actor, table);
                actor.set("id", id);
                actor.add("had id " + id, 1);
                Actor.check(!table.isDead(id), name + " lives and reads that it is dead");
            });
            return this;
        }

        /** Adds a slot that one has had and has left. */
        Gathering freeSlot() {
            scenario.prepare(actor -> {
                int id = SimulatedFamily.join(actor, SimulatedFamily.table(actor, actor.words()));
                actor.unlock(slotOf(id));
                actor.words().setVolatile(slotOffset(slotOf(id)), word(generationOf(id), FREE));
            });
            return this;
        }

        /** Lets the next who join look at a slot first. */
        Gathering joinersLookFirstAt(int slot) {
            scenario.prepare(actor -> actor.words().setVolatile(NEXT_SLOT_OFFSET, slot));
            return this;
        }

        /** Adds one that recovers who has died and can be killed at it. */
        Gathering recoverer(String name) {
            members.add(name);
            family.daemon(name, Gathering::recover);
            return this;
        }

        /** Adds one that recovers who has died and lives on. */
        Gathering survivor(String name) {
            members.add(name);
            family.observer(name, Gathering::recover);
            return this;
        }

        private static void recover(Member member) {
            Actor actor = member.actor();
            member.recoverAll(slot -> recover(actor, slot));
        }

        private static boolean recover(Actor actor, int slot) {
            actor.set("recovers", slot + 1);
            actor.pause("recovering");
            actor.set("recovers", 0);
            return true;
        }

        /** Adds one that notices who has died on one thread and frees the slots on another. */
        Gathering survivorOfTwoThreads(String name) {
            members.add(name);
            family.observer(name, Member::noticeDeaths);
            family.thread(name + "'s watch", member -> member.freeSlots(slot -> recover(member.actor(), slot)));
            return this;
        }

        /** Lets recoverers be stopped; nobody may need them. */
        Gathering stops(int most, String... processes) {
            scenario.stops(most, processes);
            return this;
        }

        /** Adds one that waits for the death of a member, as all do who wait for what that holds. */
        Gathering watcher(String name, String of) {
            int id = family.id(of);
            watchers.add(name);
            members.add(name);
            scenario.neverInTheEnd(name + " sleeps although " + of + " has died",
                    world -> world.isAlive(name) && !world.isAlive(of) && !world.isFinished(name));
            family.daemon(name, member -> {
                while (true) {
                    int epoch = member.words().epoch();
                    if (member.isDead(id)) {
                        break;
                    }
                    member.words().await(WORD, 0, epoch, Words.NO_DEADLINE, false);
                }
                member.actor().set("took for dead", id);
                Actor.check(member.isDead(id), of + " was dead, and lives again");
            });
            return this;
        }

        void explore() {
            scenario.explore();
        }

        void finds(String what) {
            scenario.finds(what);
        }

        private static boolean isAnyIdShared(World world) {
            for (int generation = 1; generation < 4; generation++) {
                for (int slot = 0; slot < SLOTS; slot++) {
                    if (world.get("had id " + DomainLayout.id(slot, generation)) > 1) {
                        return true;
                    }
                }
            }
            return false;
        }

        private boolean isAnyWrongedBy(World world) {
            for (String watcher : watchers) {
                for (String member : members) {
                    if (world.isAlive(member) && id(world, member) != 0 && id(world, member) == world.get(watcher, "took for dead")) {
                        return true;
                    }
                }
            }
            return false;
        }

        private boolean isAnyRobbed(World world) {
            for (String robber : members) {
                for (String member : members) {
                    long id = world.isAlive(member) ? id(world, member) : 0;
                    if (id != 0 && world.get(robber, "recovers") == slotOf((int) id) + 1) {
                        return true;
                    }
                }
            }
            return false;
        }

        private boolean isAnySlotLost(World world) {
            int living = 0;
            for (String member : members) {
                long id = world.isAlive(member) ? id(world, member) : 0;
                if (id != 0 && world.getInt(slotOffset(slotOf((int) id))) != word(generationOf((int) id), LIVE)) {
                    return true;
                }
                living += id != 0 ? 1 : 0;
            }
            for (int slot = 0; slot < SLOTS; slot++) {
                boolean isHeldUp = world.isLocked(SimulatedFamily.lease(slot));
                living -= isHeldUp || state(world.getInt(slotOffset(slot))) == FREE ? 0 : 1;
            }
            return living != 0;
        }

        /** The id under which a member joined, 0 if it has not yet. */
        private long id(World world, String member) {
            return family.has(member) ? family.id(member) : world.get(member, "id");
        }
    }

    private static Gathering gathering(String name, int deaths) {
        return new Gathering(name, deaths, UnaryOperator.identity());
    }

    @Exploration
    void someJoinAtOnce() {
        gathering("2 join", 0).member("first").joinersLookFirstAt(0).joiner("A").joiner("B").explore();
        gathering("2 join, 1 death", 1).survivor("survivor").joinersLookFirstAt(0).joiner("A").joiner("B").explore();
    }

    @Exploration
    void oneJoinsWhereAnotherDied() {
        gathering("1 joins where another dies", 1).survivor("survivor").member("victim").joinersLookFirstAt(1).joiner("A").explore();
        gathering("1 joins where another dies, 2 deaths", 2)
                .survivor("survivor").member("victim").joinersLookFirstAt(1).joiner("A").explore();
        gathering("2 join where another dies, 1 death", 1)
                .survivor("survivor").member("victim").joinersLookFirstAt(0).joiner("A").joiner("B").explore();
    }

    @Exploration
    void someRecoverAtOnce() {
        gathering("2 recover, 1 death", 1)
                .survivor("survivor").recoverer("recoverer").member("victim").watcher("watcher", "victim").explore();
        gathering("2 recover, 2 deaths", 2)
                .survivor("survivor").recoverer("recoverer").member("victim").watcher("watcher", "victim").explore();
    }

    @Exploration
    void oneNoticesAndAnotherFrees() {
        gathering("1 notices, another frees", 1)
                .survivorOfTwoThreads("survivor").member("victim").watcher("watcher", "victim").explore();
    }

    @Exploration
    void someAreStoppedWhileTheyRecover() {
        gathering("2 recover, 1 of them is stopped", 1).stops(1, "recoverer")
                .survivor("survivor").recoverer("recoverer").member("victim").watcher("watcher", "victim").explore();
    }

    @Exploration
    void theKernelIsSlow() {
        gathering("locks outlive their process", 1).endsLate()
                .survivor("survivor").member("victim").watcher("watcher", "victim").joinersLookFirstAt(1).joiner("A").explore();
        gathering("locks outlive their process, whose end is marked", 1).endsLate().marksEnds()
                .survivor("survivor").member("victim").watcher("watcher", "victim").joinersLookFirstAt(1).joiner("A").explore();
        gathering("locks outlive their process, whose end is marked, 2 deaths", 2).endsLate().marksEnds()
                .survivor("survivor").recoverer("recoverer").member("victim").explore();
    }

    @Exploration
    void manyDieAtOnce() {
        gathering("3 deaths", 3).survivor("survivor").member("A").member("B").member("C").watcher("watcher", "B").explore();
    }

    @Exploration
    @EnabledIfSystemProperty(named = "kindred.soak", matches = "true")
    void more() {
        gathering("2 join where another dies, 2 deaths", 2)
                .survivor("survivor").member("victim").joinersLookFirstAt(0).joiner("A").joiner("B").explore();
        gathering("1 joins, 2 recover, 2 deaths", 2)
                .survivor("survivor").recoverer("recoverer").member("victim").joinersLookFirstAt(2).joiner("A").explore();
        gathering("3 recover, 2 deaths", 2).survivor("survivor").recoverer("A").recoverer("B").member("victim").explore();
    }

    // What is found if the protocol lacks one of its parts

    private static Gathering planted(String name, int deaths, UnaryOperator<Words> bug) {
        return new Gathering("planted: " + name, deaths, bug);
    }

    @Exploration
    void findsThatAJoinerDoesNotLookAgain() {
        planted("a joiner believes under the lease what it read before", 1, real -> new ForwardingWords(real) {
            private long slot;
            private int before;

            @Override
            public int getVolatile(long offset) {
                if (isIn("raiseUsed")) {
                    return super.getVolatile(offset);
                }
                if (offset == slot && isIn("tryJoin")) {
                    return before;
                }
                slot = offset;
                before = super.getVolatile(offset);
                return before;
            }
        }).member("first").freeSlot().joinersLookFirstAt(0).joiner("A").joiner("B").finds("two have had the same id");
    }

    @Exploration
    void findsThatAGenerationIsUsedTwice() {
        planted("a joiner does not raise the generation", 1, real -> new ForwardingWords(real) {
            @Override
            public void setVolatile(long offset, int value) {
                boolean raises = isIn("tryJoin") && DomainLayout.generation(value) > 1;
                super.setVolatile(offset, raises ? value - word(1, 0) : value);
            }
        }).survivor("survivor").member("victim").watcher("watcher", "victim").joinersLookFirstAt(1).joiner("A")
                .finds("A lives and reads that it is dead");
    }

    @Exploration
    void findsThatTheEpochIsRaisedBeforeTheMark() {
        planted("a slot is marked dead after the epoch was raised", 1, real -> new ForwardingWords(real) {
            private long delayed;
            private int expected;
            private int value;

            @Override
            public boolean compareAndSet(long offset, int expected, int value) {
                if (!isIn("isNewlyDead")) {
                    return super.compareAndSet(offset, expected, value);
                }
                delayed = offset;
                this.expected = expected;
                this.value = value;
                return true;
            }

            @Override
            public int getVolatile(long offset) {
                return offset == delayed ? value : super.getVolatile(offset);
            }

            @Override
            public void advanceEpoch() {
                super.advanceEpoch();
                super.wakeEpoch();
                super.compareAndSet(delayed, expected, value);
                delayed = 0;
            }

            @Override
            public void wakeEpoch() {}
        }).survivor("survivor").member("victim").watcher("watcher", "victim").finds("watcher sleeps although victim has died");
    }

    @Exploration
    void findsThatWhatAnotherMarkedIsNotAnnounced() {
        planted("who finds a slot marked leaves it to who marked it", 1, real -> new ForwardingWords(real) {
            private boolean marked;

            @Override
            public boolean compareAndSet(long offset, int expected, int value) {
                marked = super.compareAndSet(offset, expected, value);
                return marked;
            }

            @Override
            public int getVolatile(long offset) {
                int word = super.getVolatile(offset);
                return isIn("isNewlyDead") && state(word) == DEAD && !marked ? word(1, FREE) : word;
            }

            @Override
            public void advanceEpoch() {
                super.advanceEpoch();
                marked = false;
            }
        }).survivor("survivor").survivor("A").survivor("B").member("victim").watcher("watcher", "victim").stops(2, "A", "B")
                .finds("watcher sleeps although victim has died");
    }

    @Exploration
    void findsThatASlotIsFreedBeforeAnybodyIsWoken() {
        planted("who frees a slot leaves it to others to wake", 1, real -> new ForwardingWords(real) {
            @Override
            public void advanceEpoch() {
                if (!isIn("free")) {
                    super.advanceEpoch();
                }
            }
        }).survivorOfTwoThreads("survivor").member("victim").watcher("watcher", "victim")
                .finds("watcher sleeps although victim has died");
    }

    @Exploration
    void findsThatASlotIsFreedTwice() {
        planted("who frees a slot does not look again under the lease", 1, real -> new ForwardingWords(real) {
            private int dead;

            @Override
            public int getVolatile(long offset) {
                int word = super.getVolatile(offset);
                dead = state(word) == DEAD ? word : dead;
                return isIn("free") && !isIn("isNewlyDead") && dead != 0 ? dead : word;
            }
        }).survivor("survivor").recoverer("recoverer").member("victim").joinersLookFirstAt(2).joiner("A").finds("the slot of somebody who lives is recovered");
    }
}
