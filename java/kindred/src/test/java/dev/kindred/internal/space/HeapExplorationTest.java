// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.space;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import dev.kindred.internal.domain.DomainLayout;
import dev.kindred.internal.domain.SimulatedFamily;
import dev.kindred.internal.domain.SimulatedFamily.Member;
import dev.kindred.internal.explorer.Actor;
import dev.kindred.internal.explorer.Exploration;
import dev.kindred.internal.explorer.Scenario;
import dev.kindred.internal.explorer.World;
import dev.kindred.internal.sync.MutexLayout;
import dev.kindred.internal.words.ForwardingWords;
import dev.kindred.internal.words.Words;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The heap in every interleaving: what a living process can reach is nobody else's, and in the end all is free that no living process can
 * reach. What is touched while it is a hole is found, too.
 */
class HeapExplorationTest {

    private static final int REGIONS = 2;

    /** Where a parent says what it passes on. */
    private static final long PASSED = 512;

    /** All bits of an owner in the word of a mutex. */
    private static final int OWNER = MutexLayout.NOBODY;

    private static final SpaceLayout LAYOUT = new SpaceLayout(REGIONS);

    /** Processes that have blocks. */
    private static final class Household {

        final Scenario scenario;
        private final SimulatedFamily family;
        private final List<String> members = new ArrayList<>();
        private BiFunction<Words, Memory, Memory> memories = (_, real) -> real;

        Household(String name, int deaths, UnaryOperator<Words> bug) {
            scenario = new Scenario("heap, " + name).deaths(deaths).holes();
            scenario.word(SpaceLayout.MUTEX, "mutex").word(SpaceLayout.INTENT, "intent").word(PASSED, "passed block");
            scenario.prepare(actor -> actor.reserve(0, SpaceLayout.SMALL_PAGE));
            family = new SimulatedFamily(scenario).through(bug);
            scenario.guarded(SpaceLayout.INTENT, SpaceLayout.SMALL_PAGE, this::holdsMutex);
            scenario.guarded(LAYOUT.summary(0), LAYOUT.heap(0), this::holdsMutex);
            scenario.never("two hold the mutex", world -> world.sum("holds the mutex") > 1);
            scenario.never("a block is two living processes' own", world -> countBlocks(world) < world.sum("has a block"));
            scenario.neverInTheEnd("a block is lost or freed that somebody can reach", this::isAnyLost);
            scenario.neverInTheEnd("something is left half done",
                    world -> world.getInt(SpaceLayout.INTENT) != SpaceLayout.INTENT_NONE || world.getInt(SpaceLayout.MUTEX) != 0);
        }

        private boolean holdsMutex(World world, String process) {
            return (world.getInt(SpaceLayout.MUTEX) & OWNER) == family.id(process);
        }

        Household process(String name, Consumer<Householder> code) {
            members.add(name);
            BiFunction<Words, Memory, Memory> through = memories;
            family.member(name, member -> code.accept(new Householder(member, through)));
            return this;
        }

        /** Lets the processes that are added from now on reserve and return memory through something in which a test has planted a bug. */
        Household through(BiFunction<Words, Memory, Memory> bug) {
            memories = bug;
            return this;
        }

        /** Adds one that recovers the first who dies, and lives on. */
        Household survivor() {
            members.add("survivor");
            family.observer("survivor", member -> new Householder(member).recover());
            return this;
        }

        /** Adds one that recovers who has died on two threads, as a process does, and lives on. */
        Household survivorOfTwoThreads() {
            members.add("survivor");
            family.observer("survivor", Member::noticeDeaths).thread("survivor's watch", member -> new Householder(member).freeSlots());
            return this;
        }

        /** Adds one that tells of deaths, one that recovers who has died and can be killed at it, and one that does it if that is dead. */
        Household recovererAndHeir() {
            members.addAll(List.of("noticer", "recoverer", "heir"));
            family.observer("noticer", Member::noticeDeaths);
            family.daemon("recoverer", member -> new Householder(member).freeSlots());
            family.observer("heir", member -> {
                member.actor().until("the recoverer's death", world -> !world.isAlive("recoverer"));
                new Householder(member).freeSlots();
            });
            return this;
        }

        /** Adds a parent and its child, to which it passes a block on. */
        Household parentAndChild() {
            process("parent", householder -> householder.passOn("child"));
            int parent = family.id("parent");
            return process("child", householder -> householder.adopt("parent", parent));
        }

        void explore() {
            family.complete();
            scenario.explore();
        }

        void finds(String what) {
            family.complete();
            scenario.finds(what);
        }

        private Set<Long> blocks(World world) {
            Set<Long> blocks = new TreeSet<>();
            members.forEach(member -> blocks.add(world.get(member, "block")));
            blocks.remove(0L);
            return blocks;
        }

        private long countBlocks(World world) {
            return members.stream().mapToLong(member -> world.get(member, "has a block") != 0 ? world.get(member, "block") : 0)
                    .filter(block -> block != 0).distinct().count();
        }

        private boolean isAnyLost(World world) {
            Words words = world.copy();
            int regions = words.getPlain(SpaceLayout.REGIONS_USED);
            int taken = 0;
            for (int region = 0; region < regions; region++) {
                int here = Bits.count(words, LAYOUT.taken(region), SpaceLayout.GRANULES);
                if (words.getPlain(LAYOUT.summary(region)) != SpaceLayout.GRANULES - here) {
                    return true;
                }
                taken += here;
            }
            Set<Long> blocks = blocks(world);
            return taken != blocks.size()
                    || !blocks.stream().allMatch(block -> Bits.isSet(words, LAYOUT.starts(0), (int) LAYOUT.granuleAt(block)));
        }
    }

    /** Tells a scenario who holds the mutex. */
    private static final class Watched extends ForwardingWords {

        private final Actor actor;
        private final int self;

        Watched(Words words, Actor actor, int self) {
            super(words);
            this.actor = actor;
            this.self = self;
        }

        @Override
        public boolean compareAndSet(long offset, int expected, int value) {
            boolean changed = super.compareAndSet(offset, expected, value);
            if (changed && offset == SpaceLayout.MUTEX) {
                actor.set("holds the mutex", (value & OWNER) == self ? 1 : 0);
            }
            return changed;
        }
    }

    /** The pages of the simulated memory. */
    private record Pages(Actor actor) implements Memory {

        @Override
        public void reserve(long offset, long length) {
            actor.reserve(offset, length);
        }

        @Override
        public void punch(long offset, long length) {
            actor.punch(offset, length);
        }
    }

    /** Says that pages of the heap are reserved before they are. */
    private record Hasty(Words words, Memory real) implements Memory {

        @Override
        public void reserve(long offset, long length) {
            if (offset >= LAYOUT.heap(0)) {
                long reserved = LAYOUT.summary(0) + SpaceLayout.SUMMARY_RESERVED;
                int first = (int) ((offset - LAYOUT.heap(0)) / SpaceLayout.PAGE);
                words.setPlain(reserved, words.getPlain(reserved) | 1 << first);
            }
            real.reserve(offset, length);
        }

        @Override
        public void punch(long offset, long length) {
            real.punch(offset, length);
        }
    }

    /** One that has blocks. Its blocks are of one granule each, in the first region. */
    private static final class Householder {

        private final Member member;
        private final Actor actor;
        private final Words words;
        private final Heap heap;

        Householder(Member member) {
            this(member, (_, real) -> real);
        }

        Householder(Member member, BiFunction<Words, Memory, Memory> memories) {
            this.member = member;
            this.actor = member.actor();
            this.words = new Watched(member.words(), actor, member.id());
            this.heap = new Heap(words, LAYOUT, memories.apply(words, new Pages(actor)), member, member.id());
        }

        long allocate() {
            long block = heap.allocate(64);
            actor.set("block", block);
            actor.set("has a block", 1);
            Actor.check(words.getLongPlain(block) == 0, "a new block is not zero");
            words.setLongPlain(block, member.id());
            return block;
        }

        void release(long block, int owner) {
            Actor.check(words.getLongPlain(block) == owner, "a block that can be reached is another's now");
            actor.set("has a block", 0);
            actor.set("block", 0);
            heap.release(block);
        }

        void allocateAndRelease() {
            release(allocate(), member.id());
        }

        /** Allocates a block, passes it on to a child and keeps it until that has adopted it. */
        void passOn(String child) {
            long block = allocate();
            words.compareAndSetLong(PASSED, 0, block);
            actor.until(child + " has adopted the block, or never will",
                    world -> world.get("adopted") != 0 || !world.isAlive(child) || world.isFinished(child));
            release(block, member.id());
        }

        /** Adopts a block that its parent passes on, and releases it. */
        void adopt(String parent, int parentId) {
            actor.until(parent + " has passed a block on, or never will", world -> world.getLong(PASSED) != 0 || !world.isAlive(parent));
            long block = words.getLongVolatile(PASSED);
            if (block != 0 && adopts(block, parentId)) {
                actor.set("block", block);
                actor.add("adopted", 1);
                release(block, parentId);
            }
        }

        private boolean adopts(long block, int parentId) {
            try {
                return !heap.adopt(block, parentId);
            } catch (IllegalStateException e) {
                Actor.check(e.getMessage().startsWith("the parent died"), e.getMessage());
                return false;
            }
        }

        void recover() {
            member.recoverAll(heap::recover);
        }

        void freeSlots() {
            member.freeSlots(heap::recover);
        }
    }

    private static Household household(String name, int deaths) {
        return new Household(name, deaths, UnaryOperator.identity());
    }

    @Exploration
    void someAllocateAndRelease() {
        household("2 allocate and release", 0)
                .process("A", Householder::allocateAndRelease).process("B", Householder::allocateAndRelease).explore();
        household("2 allocate and release, 1 death", 1).survivor()
                .process("A", Householder::allocateAndRelease).process("B", Householder::allocateAndRelease).explore();
    }

    @Exploration
    void oneRecoversTheRecoverer() {
        household("1 allocates, 2 deaths", 2).recovererAndHeir().process("A", Householder::allocate).explore();
    }

    @Exploration
    void oneAdopts() {
        household("a parent passes a block on", 0).parentAndChild().explore();
        household("a parent passes a block on, 1 death", 1).survivor().parentAndChild().explore();
    }

    @Exploration
    @EnabledIfSystemProperty(named = "kindred.soak", matches = "true")
    void more() {
        household("2 allocate and release, 1 death, 2 threads recover", 1).survivorOfTwoThreads()
                .process("A", Householder::allocateAndRelease).process("B", Householder::allocateAndRelease).explore();
        household("1 allocates and releases, 2 deaths", 2).recovererAndHeir().process("A", Householder::allocateAndRelease).explore();
        household("a parent passes a block on, 1 death, 2 threads recover", 1).survivorOfTwoThreads().parentAndChild().explore();
    }

    // What is found if the protocol lacks one of its parts

    private static Household planted(String name, int deaths, UnaryOperator<Words> bug) {
        return new Household("planted: " + name, deaths, bug);
    }

    @Exploration
    void findsThatAnAllocationIsNotAnnounced() {
        planted("an allocation is not announced", 1, real -> new ForwardingWords(real) {
            @Override
            public void setRelease(long offset, int value) {
                if (offset != SpaceLayout.INTENT || value != SpaceLayout.INTENT_ALLOCATE) {
                    super.setRelease(offset, value);
                }
            }
        }).survivor().process("A", Householder::allocate).finds("a block is lost");
    }

    @Exploration
    void findsThatABlockIsMarkedTooLate() {
        planted("a block is marked after the intent is settled", 1, real -> new ForwardingWords(real) {
            private long row;
            private long mark;

            @Override
            public void setLongPlain(long offset, long value) {
                if (offset >= LAYOUT.marks(0) && isIn("allocate")) {
                    row = offset;
                    mark = value;
                } else {
                    super.setLongPlain(offset, value);
                }
            }

            @Override
            public void setRelease(long offset, int value) {
                super.setRelease(offset, value);
                if (offset == SpaceLayout.INTENT && value == SpaceLayout.INTENT_NONE && row != 0) {
                    super.setLongPlain(row, mark);
                    row = 0;
                }
            }
        }).survivor().process("A", Householder::allocate).finds("a block is lost");
    }

    @Exploration
    void findsThatNobodyLooksWhoElseReachesABlock() {
        planted("a block is freed although another can reach it", 0, real -> new ForwardingWords(real) {
            @Override
            public long getLongPlain(long offset) {
                return isIn("isMarked") ? 0 : super.getLongPlain(offset);
            }
        }).parentAndChild().finds("no block begins at");
    }

    @Exploration
    void findsThatAChildAdoptsFromTheDead() {
        planted("a child does not ask whether its parent lives", 1, real -> new ForwardingWords(real) {
            @Override
            public int getVolatile(long offset) {
                // As if the parent lived.
                return isIn("adopt") && isIn("isDead") && !isIn("acquire") ? 1 << 2 | 1 : super.getVolatile(offset);
            }
        }).survivor().parentAndChild().finds("no block begins at");
    }

    @Exploration
    void findsThatAPageIsSaidToBeReservedTooEarly() {
        planted("a page is said to be reserved before it is", 1, UnaryOperator.identity()).through(Hasty::new)
                .process("A", Householder::allocate).survivor().process("B", Householder::allocate).finds("SIGBUS");
    }

    @Exploration
    void findsThatWhoTakesOverDoesNotRepair() {
        planted("who takes the mutex over does not look for an intent", 1, real -> new ForwardingWords(real) {
            @Override
            public int getPlain(long offset) {
                return offset == SpaceLayout.INTENT && isIn("repair") ? SpaceLayout.INTENT_NONE : super.getPlain(offset);
            }
        }).survivor().process("A", Householder::allocate).finds("something is left half done");
    }

    @Exploration
    void findsThatTheIntentIsSettledAfterTheMutexIsFree() {
        planted("the mutex is free before the intent is settled", 0, real -> new ForwardingWords(real) {
            private boolean isToBeSettled;

            @Override
            public void setRelease(long offset, int value) {
                isToBeSettled = offset == SpaceLayout.INTENT && value == SpaceLayout.INTENT_NONE;
                if (!isToBeSettled) {
                    super.setRelease(offset, value);
                }
            }

            @Override
            public boolean compareAndSet(long offset, int expected, int value) {
                boolean changed = super.compareAndSet(offset, expected, value);
                if (changed && isToBeSettled && isIn("release")) {
                    isToBeSettled = false;
                    super.setRelease(SpaceLayout.INTENT, SpaceLayout.INTENT_NONE);
                }
                return changed;
            }
        }).process("A", Householder::allocate).finds("did not hold the lock");
    }
}
