// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.space;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.kindred.internal.domain.DomainLayout;
import dev.kindred.internal.words.SimulatedWords;
import dev.kindred.internal.words.SimulatedWords.Killed;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A process killed at any step of giving, finding or removing a name neither loses nor doubles an entry, and no block, also when those who
 * recover it are killed at any step of that.
 */
class DirectoryCrashTest {

    private static final int REGIONS = 16;

    /** Ids of three processes, in slots 1, 2 and 3. */
    private static final int ACTOR = 1 << 12 | 1;
    private static final int RECOVERER = 1 << 12 | 2;
    private static final int SURVIVOR = 1 << 12 | 3;

    private static final long PATTERN = 0x1234_5678_9abc_def1L;

    /** What the actor does when it is killed. */
    enum Operation {
        NAME_A_NEW_ONE("new") {
            @Override
            void run(Heap actor, SimulatedWords words) {
                create(actor, words, "new");
            }
        },
        NAME_WHAT_HAS_THE_NAME_ALREADY {
            @Override
            void run(Heap actor, SimulatedWords words) {
                create(actor, words, "held");
            }
        },
        FIND {
            @Override
            void run(Heap actor, SimulatedWords words) {
                actor.open(object("held"));
                actor.open(object("orphan"));
            }
        },
        FIND_ANOTHER_KIND {
            @Override
            void run(Heap actor, SimulatedWords words) {
                actor.open(new NamedObject("held", "Other", "", false));
            }
        },
        REMOVE_WHAT_OTHERS_HAVE("held") {
            @Override
            void run(Heap actor, SimulatedWords words) {
                actor.removeName("held");
            }
        },
        REMOVE_WHAT_NOBODY_HAS("orphan") {
            @Override
            void run(Heap actor, SimulatedWords words) {
                actor.removeName("orphan");
            }
        },
        REMOVE_AND_NAME_ANEW("orphan") {
            @Override
            void run(Heap actor, SimulatedWords words) {
                actor.removeName("orphan");
                create(actor, words, "orphan");
            }
        },
        NAME_MORE_THAN_A_PAGE_OF_THEM("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p") {
            @Override
            void run(Heap actor, SimulatedWords words) {
                for (char name = 'a'; name <= 'p'; name++) {
                    create(actor, words, String.valueOf(name));
                }
            }
        };

        /** The names that may be there or not afterwards. */
        private final Set<String> uncertain;

        Operation(String... uncertain) {
            this.uncertain = Set.of(uncertain);
        }

        abstract void run(Heap actor, SimulatedWords words);
    }

    private static NamedObject object(String name) {
        return new NamedObject(name, "Kind", "of " + name, false);
    }

    private static long create(Heap heap, SimulatedWords words, String name) {
        long offset = heap.allocate(64);
        words.setLongPlain(offset, PATTERN);
        words.setLongPlain(offset + Long.BYTES, name.hashCode());
        Heap.Found found = heap.name(object(name), offset);
        if (found.offset() != offset) {
            heap.release(offset);
        }
        return found.offset();
    }

    /** A heap in which the survivor has one named block and nobody has another. */
    private static final class World {
        final SimulatedWords words;
        final SpaceLayout layout = new SpaceLayout(REGIONS);
        final Set<Integer> dead = new HashSet<>();
        long held;

        World(SimulatedWords words) {
            this.words = words;
        }

        static World populated() {
            World world = new World(new SimulatedWords(DomainLayout.EPOCH_OFFSET));
            world.words.reserve(0, 4096);
            Heap survivor = world.heap(SURVIVOR);
            world.held = create(survivor, world.words, "held");
            survivor.release(create(survivor, world.words, "orphan"));
            return world;
        }

        World copy() {
            World copy = new World(words.copy());
            copy.dead.addAll(dead);
            copy.held = held;
            return copy;
        }

        Heap heap(int id) {
            Memory memory = new Memory() {
                @Override
                public void reserve(long offset, long length) {
                    words.reserve(offset, length);
                }

                @Override
                public void punch(long offset, long length) {
                    words.punch(offset, length);
                }
            };
            return new Heap(words, layout, memory, new KnownDeaths(dead), id);
        }

        /** Runs what a process does until it is killed at a step. {@return whether it was killed before it was done} */
        boolean killedAt(int step, int process, Runnable action) {
            words.killAt(step);
            try {
                action.run();
                return false;
            } catch (Killed _) {
                dead.add(process);
                return true;
            } finally {
                words.nextActor();
            }
        }

        void assertWhole(Operation operation, String when) {
            Heap survivor = heap(SURVIVOR);
            List<String> names = new ArrayList<>(survivor.named().stream().map(NamedObject::name).toList());
            assertEquals(names.size(), new HashSet<>(names).size(), when + ": a name is there twice: " + names);
            for (String certain : List.of("held", "orphan")) {
                assertTrue(names.contains(certain) || operation.uncertain.contains(certain), when + ": lost " + certain);
            }
            names.removeAll(List.of("held", "orphan"));
            assertTrue(operation.uncertain.containsAll(names), when + ": found " + names);

            assertEquals(SpaceLayout.INTENT_NONE, words.getPlain(SpaceLayout.INTENT), when);
            assertEquals(0, words.getPlain(SpaceLayout.MUTEX), when);
            Set<Long> blocks = new HashSet<>(Set.of(held));
            for (NamedObject each : survivor.named()) {
                Heap.Found found = survivor.open(each);
                assertNotNull(found, when);
                assertEquals(object(each.name()), found.object(), when);
                assertEquals(PATTERN, words.getLongPlain(found.offset()), when + ": " + each.name() + " was published before it was whole");
                assertEquals(each.name().hashCode(), words.getLongPlain(found.offset() + Long.BYTES), when);
                assertEquals(64, survivor.lengthAt(found.offset()), when);
                blocks.add(found.offset());
            }
            assertEquals(survivor.regionsUsed() * (long) SpaceLayout.REGION - 64L * blocks.size(), survivor.freeBytes(), when
                    + ": blocks that nobody can reach, or that are free and in use");
            assertNothingIsLeftWhenAllNamesAreRemoved(survivor, blocks, when);
        }

        private void assertNothingIsLeftWhenAllNamesAreRemoved(Heap survivor, Set<Long> blocks, String when) {
            survivor.named().forEach(each -> assertTrue(survivor.removeName(each.name()), when));
            assertNull(survivor.open(object("held")), when);
            blocks.forEach(survivor::release);
            assertEquals(survivor.regionsUsed() * (long) SpaceLayout.REGION, survivor.freeBytes(), when);
            create(survivor, words, "held");
            assertEquals(List.of(object("held")), survivor.named(), when);
        }
    }

    @ParameterizedTest
    @EnumSource
    void survivesDeathAtEveryStep(Operation operation) {
        World start = World.populated();
        boolean killed = true;
        int steps = 0;
        for (; killed; steps++) {
            World world = start.copy();
            killed = world.killedAt(steps, ACTOR, () -> operation.run(world.heap(ACTOR), world.words));
            world.dead.add(ACTOR);
            String when = operation + " killed at step " + steps;
            assertTrue(world.heap(RECOVERER).recover(DomainLayout.slotOf(ACTOR)), when);
            world.assertWhole(operation, when);
        }
        assertTrue(steps > 2, "the operation took no step at which it could be killed");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NAME_MORE_THAN_A_PAGE_OF_THEM")
    void survivesDeathOfTheRecovererAtEveryStep(Operation operation) {
        World start = World.populated();
        boolean killed = true;
        for (int step = 0; killed; step++) {
            World dying = start.copy();
            int at = step;
            killed = dying.killedAt(at, ACTOR, () -> operation.run(dying.heap(ACTOR), dying.words));
            dying.dead.add(ACTOR);
            boolean recovererKilled = true;
            for (int recovererStep = 0; recovererKilled; recovererStep++) {
                World world = dying.copy();
                int recovererAt = recovererStep;
                recovererKilled = world.killedAt(recovererAt, RECOVERER, () -> world.heap(RECOVERER).recover(DomainLayout.slotOf(ACTOR)));
                world.dead.add(RECOVERER);
                Heap survivor = world.heap(SURVIVOR);
                assertTrue(survivor.recover(DomainLayout.slotOf(RECOVERER)));
                assertTrue(survivor.recover(DomainLayout.slotOf(ACTOR)));
                world.assertWhole(operation, operation + " killed at step " + at + ", its recoverer at " + recovererAt);
            }
        }
    }

    /** Two who create the same at the same time: each has looked and found nothing, and both have made a block. */
    @ParameterizedTest
    @EnumSource(names = "NAME_A_NEW_ONE")
    void theSecondToNameGetsWhatTheFirstHasNamed(Operation operation) {
        World world = World.populated();
        Heap first = world.heap(ACTOR);
        Heap second = world.heap(SURVIVOR);
        assertNull(first.open(object("new")));
        assertNull(second.open(object("new")));
        long ofFirst = create(first, world.words, "new");
        long ofSecond = create(second, world.words, "new");
        assertEquals(ofFirst, ofSecond);
        first.release(ofFirst);
        world.assertWhole(operation, "two name the same");
    }
}
