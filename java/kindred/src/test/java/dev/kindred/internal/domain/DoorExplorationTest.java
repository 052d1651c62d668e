// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.domain;

import static dev.kindred.internal.domain.DomainLayout.CLOSED;
import static dev.kindred.internal.domain.DomainLayout.CLOSING;
import static dev.kindred.internal.domain.DomainLayout.DOOR_OFFSET;
import static dev.kindred.internal.domain.DomainLayout.NEXT_SLOT_OFFSET;
import static dev.kindred.internal.domain.DomainLayout.slotOf;
import static dev.kindred.internal.domain.DomainLayout.slotOffset;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

import dev.kindred.internal.explorer.Actor;
import dev.kindred.internal.explorer.Exploration;
import dev.kindred.internal.explorer.Scenario;
import dev.kindred.internal.explorer.World;
import dev.kindred.internal.words.ForwardingWords;
import dev.kindred.internal.words.Words;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Processes that enter and leave a named domain in every interleaving: nobody is in a file whose name was removed, and when all have left,
 * the name is gone. If some are killed, whoever comes next can enter, and its leaving removes the name.
 */
class DoorExplorationTest {

    /** Stands for the file's name: 0 as long as it is there. */
    private static final long NAME = 512;

    /** More than are ever used here. */
    private static final int SLOTS = 8;

    /** A file, and those who come and go. */
    private static final class House {

        final Scenario scenario;
        private final UnaryOperator<Words> bug;
        private final List<String> people = new ArrayList<>();
        private boolean isAnyoneToStay;

        House(String name, int deaths, UnaryOperator<Words> bug) {
            this.bug = bug;
            scenario = new Scenario("door, " + name).deaths(deaths).word(NEXT_SLOT_OFFSET, "next slot").word(DOOR_OFFSET, "door").word(NAME, "name")
                    .word(DomainLayout.SLOTS_USED_OFFSET, "slots used").holes();
            scenario.prepare(actor -> actor.reserve(0, DomainLayout.PAGE));
            for (int i = 0; i < SLOTS; i++) {
                int slot = i;
                // What a process says of itself, but for the word that others look at.
                Scenario.Holder holder = (world, process) -> world.holds(process, SimulatedFamily.lease(slot));
                scenario.guarded(slotOffset(slot) + DomainLayout.PID, slotOffset(slot) + DomainLayout.LIFE, holder);
                scenario.guarded(slotOffset(slot) + DomainLayout.ARRIVALS, slotOffset(slot + 1), holder);
                scenario.word(slotOffset(slot), "slot " + slot);
            }
            scenario.never("somebody is in a file whose name is gone", world -> world.getInt(NAME) != 0 && world.sum("inside") != 0);
            scenario.neverInTheEnd("all have left, and the name is there",
                    world -> world.getInt(NAME) == 0 && world.sum("inside") == 0 && isToBeRemoved(world));
        }

        /** Whoever was inside last and was killed there has removed nothing. */
        private boolean isToBeRemoved(World world) {
            return world.deaths() == 0 || (people.contains("the next") && !isAnyoneToStay);
        }

        private static Door door(SlotTable table, Words words) {
            return new Door(words, table, new Door.Name() {
                @Override
                public boolean isGone() {
                    return words.getVolatile(NAME) != 0;
                }

                @Override
                public void remove() {
                    words.setVolatile(NAME, 1);
                }
            });
        }

        /** Adds one that is inside and leaves. */
        House leaver(String name) {
            people.add(name);
            int[] id = new int[1];
            scenario.prepare(actor -> id[0] = SimulatedFamily.table(actor, actor.words()).join(new ProcessRecord(name, 1, 2, 0)));
            int self = id[0];
            UnaryOperator<Words> through = bug;
            scenario.actor(name, actor -> {
                Words words = through.apply(actor.words());
                SlotTable table = SimulatedFamily.table(actor, words);
                leave(actor, table, door(table, words), self);
            });
            return this;
        }

        private static void leave(Actor actor, SlotTable table, Door door, int id) {
            actor.set("inside", 0);
            table.leave(id);
            door.leave(id, () -> false);
            table.dropLive(id);
        }

        /** Adds one that enters and stays. */
        House entrant(String name) {
            people.add(name);
            isAnyoneToStay = true;
            UnaryOperator<Words> through = bug;
            scenario.actor(name, actor -> enter(actor, through, false));
            return this;
        }

        /** Adds one that enters and leaves again. */
        House visitor(String name) {
            people.add(name);
            UnaryOperator<Words> through = bug;
            scenario.actor(name, actor -> enter(actor, through, true));
            return this;
        }

        /** Adds one that comes when all others are done or dead, recovers what it finds, and leaves; it cannot be killed. */
        House next() {
            List<String> others = List.copyOf(people);
            people.add("the next");
            UnaryOperator<Words> through = bug;
            scenario.immortal("the next", actor -> {
                actor.until("all others are done", world -> others.stream().allMatch(each -> !world.isAlive(each) || world.isFinished(each)));
                enter(actor, through, true);
            });
            return this;
        }

        private static void enter(Actor actor, UnaryOperator<Words> through, boolean leaves) {
            Words words = through.apply(actor.words());
            SlotTable table = SimulatedFamily.table(actor, words);
            int id = table.join(new ProcessRecord(actor.name(), 1, 2, 0));
            Door door = door(table, words);
            Door.Entry entry = door.tryEnter();
            while (entry == Door.Entry.LATER) {
                actor.until("the closer is done", House::isCloserDone);
                entry = door.tryEnter();
            }
            if (entry == Door.Entry.GONE) {
                table.leave(id);
                table.dropLive(id);
                return;
            }
            actor.set("inside", 1);
            actor.pause("inside");
            if (leaves) {
                table.findDead(slotOf(id));
                leave(actor, table, door, id);
            }
        }

        private static boolean isCloserDone(World world) {
            int door = world.getInt(DOOR_OFFSET);
            return world.getInt(NAME) != 0 || (door & CLOSED) == 0 || !world.isLocked(slotOf(door & DomainLayout.CLOSER));
        }
    }

    private static House house(String name, int deaths) {
        return new House(name, deaths, UnaryOperator.identity());
    }

    @Exploration
    void oneEntersWhileTheLastLeaves() {
        house("1 leaves, 1 enters", 0).leaver("A").entrant("B").scenario.explore();
        house("1 leaves, 1 enters and leaves", 0).leaver("A").visitor("B").scenario.explore();
    }

    @Exploration
    void severalLeave() {
        house("2 leave", 0).leaver("A").leaver("B").scenario.explore();
        house("2 leave, 1 enters", 0).leaver("A").leaver("B").entrant("C").scenario.explore();
    }

    @Exploration
    void oneIsKilled() {
        house("1 leaves, 1 enters, 1 death", 1).leaver("A").entrant("B").next().scenario.explore();
        house("1 leaves, 1 enters and leaves, 1 death", 1).leaver("A").visitor("B").next().scenario.explore();
        house("2 leave, 1 death", 1).leaver("A").leaver("B").next().scenario.explore();
    }

    @Exploration
    void allAreKilled() {
        house("1 leaves, 1 enters, 2 deaths", 2).leaver("A").visitor("B").next().scenario.explore();
    }

    @Exploration
    void threeAtOnce() {
        house("2 leave, 1 enters and leaves", 0).leaver("A").leaver("B").visitor("C").scenario.explore();
        house("2 leave, 1 enters, 1 death", 1).leaver("A").leaver("B").entrant("C").next().scenario.explore();
    }

    @Exploration
    @EnabledIfSystemProperty(named = "kindred.soak", matches = "true")
    void more() {
        house("1 leaves, 2 enter and leave", 0).leaver("A").visitor("B").visitor("C").scenario.explore();
        house("2 leave, 1 enters and leaves, 1 death", 1).leaver("A").leaver("B").visitor("C").next().scenario.explore();
    }

    // What is found if the protocol lacks one of its parts

    private static House planted(String name, int deaths, UnaryOperator<Words> bug) {
        return new House("planted: " + name, deaths, bug);
    }

    @Exploration
    void findsThatALeaverLooksBeforeItWritesOnTheDoor() {
        planted("the door is closed at once", 0, real -> new ForwardingWords(real) {
            @Override
            public boolean compareAndSet(long offset, int expected, int value) {
                if (offset != DOOR_OFFSET) {
                    return super.compareAndSet(offset, expected, value);
                }
                // The first step is left out, and the second does not tell whether another was there in between.
                if ((value & CLOSING) != 0) {
                    return true;
                }
                super.setVolatile(offset, value);
                return true;
            }
        }).leaver("A").entrant("B").scenario.finds("somebody is in a file whose name is gone");
    }

    @Exploration
    void findsThatAnEntrantDoesNotLookAtTheDoor() {
        planted("an entrant takes the door for open", 0, real -> new ForwardingWords(real) {
            @Override
            public int getVolatile(long offset) {
                return offset == DOOR_OFFSET && isIn("tryEnter") ? DomainLayout.OPEN : super.getVolatile(offset);
            }
        }).leaver("A").entrant("B").scenario.finds("somebody is in a file whose name is gone");
    }

    @Exploration
    void findsThatALeaverThatIsStillThereIsTakenForAnother() {
        planted("a leaver takes itself out of the table at last", 0, real -> new ForwardingWords(real) {
            @Override
            public void setVolatile(long offset, int value) {
                if (!isIn("leave")) {
                    super.setVolatile(offset, value);
                }
            }
        }).leaver("A").leaver("B").scenario.finds("all have left, and the name is there");
    }

    @Exploration
    void findsThatADoorStaysShutAfterTheDeathOfItsCloser() {
        planted("a closed door is not opened again", 1, real -> new ForwardingWords(real) {
            @Override
            public boolean compareAndSet(long offset, int expected, int value) {
                return (offset != DOOR_OFFSET || (expected & CLOSED) == 0) && super.compareAndSet(offset, expected, value);
            }
        }).leaver("A").next().scenario.finds("");
    }
}
