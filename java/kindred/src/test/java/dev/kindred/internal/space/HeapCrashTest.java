// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.space;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
 * A process killed at any step of allocating, passing on or freeing loses no block and frees none under another, also when those who recover
 * it are killed at any step of that.
 */
class HeapCrashTest {

    private static final int REGIONS = 16;
    private static final long MEBIBYTE = 1 << 20;
    private static final int STRIDE = Boolean.getBoolean("kindred.soak") ? 17 : 53;

    /** So large that it begins with a region of its own. */
    private static final long LARGE = MEBIBYTE + 64;

    /** With 64 bytes granules it takes 128. */
    private static final long PARCEL = 100;

    /** How far apart the words are by which a block's content is judged. */
    private static final long SAMPLE = 2048;

    /** Ids of three processes, in slots 1, 2 and 3. */
    private static final int ACTOR = 1 << 12 | 1;
    private static final int RECOVERER = 1 << 12 | 2;
    private static final int SURVIVOR = 1 << 12 | 3;

    /** What the actor does when it is killed, on a heap in which it and the survivor have blocks. */
    enum Operation {
        ALLOCATE_SMALL {
            @Override
            void run(World world) {
                world.heap(ACTOR).allocate(100);
            }
        },
        ALLOCATE_IN_A_NEW_REGION {
            @Override
            void run(World world) {
                world.heap(ACTOR).allocate(MEBIBYTE);
                world.heap(ACTOR).allocate(MEBIBYTE);
            }
        },
        ALLOCATE_LARGE {
            @Override
            void run(World world) {
                world.heap(ACTOR).allocate(LARGE);
            }
        },
        RELEASE_OWN {
            @Override
            void run(World world) {
                world.heap(ACTOR).release(world.actorsBlock);
            }
        },
        RELEASE_LARGE {
            @Override
            void run(World world) {
                world.heap(ACTOR).release(world.actorsLargeBlock);
            }
        },
        RELEASE_SHARED {
            @Override
            void run(World world) {
                world.heap(ACTOR).release(world.sharedBlock);
            }
        },
        ADOPT {
            @Override
            void run(World world) {
                world.heap(ACTOR).adopt(world.survivorsBlock, SURVIVOR);
            }
        },
        CONSIGN {
            @Override
            void run(World world) {
                Heap heap = world.heap(ACTOR);
                heap.consign(heap.allocate(PARCEL), world.holder, 3);
            }
        },
        COLLECT {
            @Override
            void run(World world) {
                world.heap(ACTOR).collect(world.firstParcel());
            }
        },
        COLLECT_ALL {
            @Override
            void run(World world) {
                world.heap(ACTOR).collectIf(world.holder, number -> number > 0);
            }
        },
        RELEASE_HOLDER {
            @Override
            void run(World world) {
                Heap heap = world.heap(ACTOR);
                long own = heap.allocate(64);
                for (int number = 1; number <= 3; number++) {
                    heap.consign(heap.allocate(PARCEL), own, number);
                }
                heap.collect(world.words.getLongPlain(own + ParcelLayout.LAST));
                heap.release(own);
            }
        },
        RELEASE_ALL {
            @Override
            void run(World world) {
                world.heap(ACTOR).release(world.actorsLargeBlock);
                world.heap(ACTOR).release(world.sharedBlock);
                world.heap(ACTOR).release(world.actorsBlock);
            }
        };

        abstract void run(World world);
    }

    /** A heap with the blocks of two processes, and who of them is dead. */
    private static final class World {
        final SimulatedWords words;
        final SpaceLayout layout = new SpaceLayout(REGIONS);
        final Set<Integer> dead = new HashSet<>();
        long actorsBlock;
        long actorsLargeBlock;
        long sharedBlock;
        long survivorsBlock;
        long survivorsLargeBlock;

        /** Of both, with two parcels in the beginning. */
        long holder;

        World(SimulatedWords words) {
            this.words = words;
        }

        static World populated() {
            World world = new World(new SimulatedWords(DomainLayout.EPOCH_OFFSET));
            world.words.reserve(0, 4096);
            Heap actor = world.heap(ACTOR);
            Heap survivor = world.heap(SURVIVOR);
            world.actorsBlock = actor.allocate(64);
            world.sharedBlock = survivor.allocate(200);
            actor.adopt(world.sharedBlock, SURVIVOR);
            world.survivorsBlock = survivor.allocate(64);
            world.actorsLargeBlock = actor.allocate(LARGE);
            world.survivorsLargeBlock = survivor.allocate(LARGE);
            world.holder = survivor.allocate(64);
            actor.adopt(world.holder, SURVIVOR);
            survivor.consign(survivor.allocate(PARCEL), world.holder, 1);
            survivor.consign(survivor.allocate(PARCEL), world.holder, 2);
            world.fill(world.sharedBlock, 200);
            world.fill(world.survivorsBlock, 64);
            world.fill(world.survivorsLargeBlock, LARGE);
            return world;
        }

        World copy() {
            World copy = new World(words.copy());
            copy.dead.addAll(dead);
            copy.actorsBlock = actorsBlock;
            copy.actorsLargeBlock = actorsLargeBlock;
            copy.sharedBlock = sharedBlock;
            copy.survivorsBlock = survivorsBlock;
            copy.survivorsLargeBlock = survivorsLargeBlock;
            copy.holder = holder;
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

        void fill(long offset, long bytes) {
            for (long at = offset; at < offset + bytes; at += SAMPLE) {
                words.setLongPlain(at, pattern(at));
            }
        }

        static long pattern(long offset) {
            return offset * 0x9e3779b97f4a7c15L | 1;
        }

        /** Runs what an actor does until it is killed at a step. {@return whether it was killed before it was done} */
        boolean killedAt(int step, int actor, Runnable action) {
            words.killAt(step);
            try {
                action.run();
                return false;
            } catch (Killed _) {
                dead.add(actor);
                return true;
            } finally {
                words.nextActor();
            }
        }

        void assertOnlyTheSurvivorsBlocksAreLeft(String when) {
            Heap survivor = heap(SURVIVOR);
            assertIntact(sharedBlock, 200, when);
            assertIntact(survivorsBlock, 64, when);
            assertIntact(survivorsLargeBlock, LARGE, when);
            assertEquals(256, survivor.lengthAt(sharedBlock), when);
            assertEquals(SpaceLayout.INTENT_NONE, words.getPlain(SpaceLayout.INTENT), when);
            assertEquals(0, words.getPlain(SpaceLayout.MUTEX), when);
            long taken = 256 + 64 + LARGE + 64 + 128L * parcels(when);
            long free = 0;
            for (int region = 0; region < survivor.regionsUsed(); region++) {
                free += summaryAgreesWithBits(region, when);
            }
            assertEquals(taken, (long) survivor.regionsUsed() * SpaceLayout.REGION - free, when + ": bytes in blocks");
            assertNewBlocksAreZeroAndApart(survivor, when);
        }

        long firstParcel() {
            return words.getLongPlain(holder + ParcelLayout.FIRST);
        }

        /** {@return how many parcels the holder has, all of them allocated and linked in both directions} */
        private int parcels(String when) {
            int count = 0;
            long previous = ParcelList.NONE;
            for (long parcel = firstParcel(); parcel != ParcelList.NONE; parcel = words.getLongPlain(parcel + ParcelLayout.NEXT)) {
                assertEquals(128, heap(SURVIVOR).lengthAt(parcel), when);
                assertEquals(previous, words.getLongPlain(parcel + ParcelLayout.PREVIOUS), when);
                assertEquals(holder, words.getLongPlain(parcel + ParcelLayout.HOLDER), when);
                previous = parcel;
                count++;
            }
            assertEquals(previous, words.getLongPlain(holder + ParcelLayout.LAST), when);
            return count;
        }

        private long summaryAgreesWithBits(int region, String when) {
            int free = SpaceLayout.GRANULES - Bits.count(words, layout.taken(region), SpaceLayout.GRANULES);
            assertEquals(free, words.getPlain(layout.summary(region)), when + ": free granules of region " + region);
            assertTrue(free == 0 || words.getPlain(SpaceLayout.LOWEST_FREE) <= region, when + ": lowest free region");
            int firstFree = Bits.nextClear(words, layout.taken(region), 0, SpaceLayout.GRANULES);
            assertTrue(words.getPlain(layout.summary(region) + SpaceLayout.SUMMARY_FIRST_LONG) <= firstFree / Long.SIZE, when);
            return (long) free * SpaceLayout.GRANULE;
        }

        private void assertIntact(long offset, long bytes, String when) {
            for (long at = offset; at < offset + bytes; at += SAMPLE) {
                assertEquals(pattern(at), words.getLongPlain(at), when + ": a living process's block was changed");
            }
        }

        private void assertNewBlocksAreZeroAndApart(Heap survivor, String when) {
            List<Long> blocks = new ArrayList<>();
            for (long bytes : new long[] {64, 192, MEBIBYTE, 64, LARGE}) {
                long offset = survivor.allocate(bytes);
                for (long at = offset; at < offset + bytes; at += SAMPLE) {
                    assertEquals(0, words.getLongPlain(at), when + ": a new block is not zero");
                }
                words.setLongPlain(offset, 1);
                words.setLongPlain(offset + bytes - Long.BYTES, 1);
                blocks.add(offset);
            }
            assertEquals(blocks.size(), new HashSet<>(blocks).size(), when);
            blocks.forEach(survivor::release);
            assertIntact(sharedBlock, 200, when);
            assertIntact(survivorsLargeBlock, LARGE, when);
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
            killed = world.killedAt(steps, ACTOR, () -> operation.run(world));
            world.dead.add(ACTOR);
            String when = operation + " killed at step " + steps;
            assertTrue(world.heap(RECOVERER).recover(DomainLayout.slotOf(ACTOR)), when);
            world.assertOnlyTheSurvivorsBlocksAreLeft(when);
        }
        assertTrue(steps > 3, "the operation took no step at which it could be killed");
    }

    @ParameterizedTest
    @EnumSource
    void survivesDeathOfTheRecovererAtEveryStep(Operation operation) {
        World start = World.populated();
        int kills = 0;
        boolean killed = true;
        for (int step = 0; killed; step += stride(step)) {
            World dying = start.copy();
            int at = step;
            killed = dying.killedAt(at, ACTOR, () -> operation.run(dying));
            dying.dead.add(ACTOR);
            boolean recovererKilled = true;
            for (int recovererStep = 0; recovererKilled; recovererStep += stride(recovererStep)) {
                World world = dying.copy();
                int recovererAt = recovererStep;
                recovererKilled = world.killedAt(recovererAt, RECOVERER, () -> world.heap(RECOVERER).recover(DomainLayout.slotOf(ACTOR)));
                world.dead.add(RECOVERER);
                Heap survivor = world.heap(SURVIVOR);
                assertTrue(survivor.recover(DomainLayout.slotOf(RECOVERER)));
                assertTrue(survivor.recover(DomainLayout.slotOf(ACTOR)));
                world.assertOnlyTheSurvivorsBlocksAreLeft(operation + " killed at step " + at + ", its recoverer at " + recovererAt);
                kills++;
            }
        }
        assertTrue(kills > 10, "hardly any recoverer was killed: " + kills);
    }

    /** Beyond the first steps, a few stand for the many alike that take or free one word of granules after another. */
    private static int stride(int step) {
        return step < 25 ? 1 : STRIDE;
    }

    @ParameterizedTest
    @EnumSource
    void leavesNothingWhenAllProcessesAreDone(Operation operation) {
        World world = World.populated();
        operation.run(world);
        world.dead.add(ACTOR);
        Heap survivor = world.heap(SURVIVOR);
        assertTrue(survivor.recover(DomainLayout.slotOf(ACTOR)));
        survivor.release(world.sharedBlock);
        survivor.release(world.survivorsBlock);
        survivor.release(world.survivorsLargeBlock);
        survivor.release(world.holder);
        assertEquals((long) survivor.regionsUsed() * SpaceLayout.REGION, survivor.freeBytes());
        assertFalse(survivor.regionsUsed() > 2, "free regions are dropped: " + survivor.regionsUsed() + " in use");
    }
}
