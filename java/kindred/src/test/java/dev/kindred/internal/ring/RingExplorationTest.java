// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.ring;

import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

import dev.kindred.internal.domain.SimulatedFamily;
import dev.kindred.internal.domain.SimulatedFamily.Member;
import dev.kindred.internal.explorer.Actor;
import dev.kindred.internal.explorer.Exploration;
import dev.kindred.internal.explorer.Scenario;
import dev.kindred.internal.explorer.World;
import dev.kindred.internal.words.ForwardingWords;
import dev.kindred.internal.words.Words;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The ring in every interleaving: what is published is taken once and in order, or is still there, whoever dies; and nobody waits in vain. */
class RingExplorationTest {

    private static final long RING = 1024;

    /** Elements are written as the digits of a number, in the order in which they were published or taken. */
    private static final int BASE = 16;

    /** How elements are put into a ring and taken. What actors hold is looked into, so it has no state. */
    private interface Kind<R extends Ring> {

        void initialize(Words words, int capacity);

        R ring(Member member);

        /** {@return where the word is by which an element is published, 0 for its header} */
        long publication();

        /** {@return how many elements are published and not taken} */
        int left(World world);

        /** Puts one element. {@return the outcome} */
        int put(R ring, Words words, long value, long deadline, boolean interruptible);

        /** Takes one element and tells the actor's value before. {@return it, or 0} */
        long take(R ring, Member member, long deadline, boolean interruptible);

        /** Puts one element, and tells the actor's value before. {@return the outcome} */
        default int put(R ring, Member member, long value, long deadline, boolean interruptible) {
            member.actor().set("value", value);
            return put(ring, member.words(), value, deadline, interruptible);
        }
    }

    /** Elements of one size. */
    private static final class Fixed implements Kind<FixedRing> {

        @Override
        public void initialize(Words words, int capacity) {
            FixedRing.initialize(words, RING, capacity, Long.BYTES);
        }

        @Override
        public FixedRing ring(Member member) {
            return new FixedRing(member.words(), RING, member.id(), member);
        }

        @Override
        public long publication() {
            return RING + RingLayout.TAIL;
        }

        @Override
        public int left(World world) {
            return RingLayout.elements(world.getLong(RING + RingLayout.TAIL)) - RingLayout.elements(world.getLong(RING + RingLayout.HEAD));
        }

        @Override
        public int put(FixedRing ring, Words words, long value, long deadline, boolean interruptible) {
            int outcome = ring.claim(deadline, interruptible);
            if (outcome == Ring.DONE) {
                words.setLongPlain(ring.claimed(0), value);
                ring.publish(1);
            }
            return outcome;
        }

        @Override
        public long take(FixedRing ring, Member member, long deadline, boolean interruptible) {
            if (ring.find(deadline, interruptible) != Ring.DONE) {
                return 0;
            }
            long value = member.words().getLongPlain(ring.found(0));
            member.actor().set("value", value);
            ring.take(1);
            return value;
        }
    }

    /** Records of two units, in a ring at whose end one does not fit. */
    private static final class Records implements Kind<RecordRing> {

        static final int CAPACITY = 4;

        @Override
        public void initialize(Words words, int capacity) {
            Ring.initialize(words, RING, capacity, RecordLayout.UNIT, Integer.MAX_VALUE, capacity);
            long index = RingLayout.advanced(0, 0, capacity - 1);
            words.setLongPlain(RING + RingLayout.TAIL, index);
            words.setLongPlain(RING + RingLayout.HEAD, index);
            words.setLongPlain(RING + RingLayout.TAIL_SEEN, index);
            words.setLongPlain(RING + RingLayout.HEAD_SEEN, index);
        }

        @Override
        public RecordRing ring(Member member) {
            return new RecordRing(member.words(), RING, member.id(), member, null);
        }

        @Override
        public long publication() {
            return 0;
        }

        @Override
        public int left(World world) {
            int left = 0;
            int unit = RingLayout.units(world.getLong(RING + RingLayout.HEAD));
            long header = header(world, unit);
            while (header != RecordLayout.NOTHING) {
                left += RecordLayout.kind(header) == RecordLayout.FILLER ? 0 : 1;
                unit += RecordLayout.units(RecordLayout.bytes(header));
                header = header(world, unit);
            }
            return left;
        }

        private static long header(World world, int unit) {
            return world.getLong(RING + RingLayout.DATA + (unit & CAPACITY - 1) * (long) RecordLayout.UNIT);
        }

        @Override
        public int put(RecordRing ring, Words words, long value, long deadline, boolean interruptible) {
            int outcome = ring.claim(Long.BYTES, deadline, interruptible);
            if (outcome == Ring.DONE) {
                words.setLongPlain(ring.claimed(), value);
                ring.publish();
            }
            return outcome;
        }

        @Override
        public long take(RecordRing ring, Member member, long deadline, boolean interruptible) {
            if (ring.find(deadline, interruptible) != Ring.DONE) {
                return 0;
            }
            Actor.check(ring.bytes() == Long.BYTES, "a record has another length than it was put with");
            long value = member.words().getLongPlain(ring.found());
            member.actor().set("value", value);
            ring.take();
            return value;
        }
    }

    /** Some processes and a ring, and what must be so whatever they do with it. */
    private static final class Traffic<R extends Ring> {

        final Scenario scenario;
        private final SimulatedFamily family;
        private final Kind<R> kind;
        private int producers;
        private int nextValue = 1;
        private int consumers;

        Traffic(String name, Kind<R> kind, int capacity, int deaths, UnaryOperator<Words> bug) {
            this.kind = kind;
            scenario = new Scenario("ring of " + capacity + ", " + name).deaths(deaths)
                    .word(RING + RingLayout.PUT_LOCK, "put lock").word(RING + RingLayout.TAKE_LOCK, "take lock")
                    .word(RING + RingLayout.HEAD, "head").word(RING + RingLayout.TAIL, "tail")
                    .word(RING + RingLayout.HEAD_SEEN, "head seen").word(RING + RingLayout.TAIL_SEEN, "tail seen")
                    .word(RING + RingLayout.NOT_EMPTY, "not empty").word(RING + RingLayout.NOT_FULL, "not full")
                    .word(RING + RingLayout.STATE, "state")
                    .constant(RING + RingLayout.CAPACITY).constant(RING + RingLayout.UNIT)
                    .constant(RING + RingLayout.MOST_ELEMENTS).constant(RING + RingLayout.MOST_UNITS);
            scenario.prepare(actor -> kind.initialize(actor.words(), capacity));
            family = new SimulatedFamily(scenario).through(bug);
            scenario.never("what was taken is not what was published, in its order", world -> !isEnded(world) && !isPrefix(world.get("taken"), world.get("published")));
            scenario.neverInTheEnd("something was published and is neither taken nor there", world -> !isEnded(world) && count(world.get("published"))
                    != count(world.get("taken")) + kind.left(world));
        }

        /** {@return whether what is there is dropped, in no order with what is taken} */
        private static boolean isEnded(World world) {
            return world.getInt(RING + RingLayout.STATE) == RingLayout.ENDED;
        }

        private static boolean isPrefix(long taken, long published) {
            long rest = published;
            for (int i = count(published); i > count(taken); i--) {
                rest /= BASE;
            }
            return rest == taken;
        }

        private static int count(long digits) {
            int count = 0;
            for (long rest = digits; rest != 0; rest /= BASE) {
                count++;
            }
            return count;
        }

        private boolean isAnythingLeft(World world) {
            return kind.left(world) != 0;
        }

        Traffic<R> member(String name, BiConsumer<R, Member> code) {
            Kind<R> itsKind = kind;
            family.member(name, member -> run(itsKind, member, code));
            return this;
        }

        private static <R extends Ring> void run(Kind<R> kind, Member member, BiConsumer<R, Member> code) {
            Member recording = new Member(member.actor(), new Tally(member.words(), member.actor(), kind.publication()), member.id(), member.table());
            code.accept(kind.ring(recording), recording);
        }

        /** Adds producers that put so many elements each. */
        Traffic<R> producers(int count, int elements) {
            Kind<R> itsKind = kind;
            for (int i = 0; i < count; i++) {
                String name = "producer" + producers;
                producers++;
                int first = nextValue;
                nextValue += elements;
                // It waits for ever if all who take die.
                family.daemon(name, member -> run(itsKind, member, (ring, recording) -> {
                    for (int n = 0; n < elements; n++) {
                        int _ = itsKind.put(ring, recording, first + n, Words.NO_DEADLINE, false);
                    }
                    recording.actor().set("done", 1);
                }));
                scenario.neverInTheEnd(name + " has not put all though somebody takes",
                        world -> isAnyConsumerAlive(world) && world.isAlive(name) && world.get(name, "done") == 0);
            }
            return this;
        }

        /** Adds consumers that take whatever there is, for ever. */
        Traffic<R> consumers(int count) {
            Kind<R> itsKind = kind;
            for (int i = 0; i < count; i++) {
                consumers++;
                family.daemon("consumer" + i, member -> run(itsKind, member, (ring, recording) -> {
                    while (true) {
                        long _ = itsKind.take(ring, recording, Words.NO_DEADLINE, false);
                    }
                }));
            }
            scenario.neverInTheEnd("something is left though one could take it", world -> isAnyConsumerAlive(world) && isAnythingLeft(world));
            return this;
        }

        private boolean isAnyConsumerAlive(World world) {
            for (int i = 0; i < consumers; i++) {
                if (world.isAlive("consumer" + i)) {
                    return true;
                }
            }
            return false;
        }

        /** Adds a consumer that takes so many elements. */
        Traffic<R> taker(String name, int elements, long deadline) {
            Kind<R> itsKind = kind;
            return member(name, (ring, member) -> {
                for (int n = 0; n < elements; n++) {
                    long _ = itsKind.take(ring, member, deadline, false);
                }
            });
        }

        /** Adds a producer that puts until it learns of the shutdown, and a consumer that takes until then. */
        Traffic<R> untilTheEnd(int elements) {
            Kind<R> itsKind = kind;
            member("producer", (ring, member) -> {
                for (int value = 1; value <= elements; value++) {
                    int _ = itsKind.put(ring, member, value, Words.NO_DEADLINE, false);
                }
            });
            member("taker", (ring, member) -> {
                long taken;
                do {
                    taken = itsKind.take(ring, member, Words.NO_DEADLINE, false);
                } while (taken != 0);
                member.actor().set("ended", 1);
            });
            scenario.neverInTheEnd("something is left that the taker should have seen",
                    world -> world.get("taker", "ended") == 1 && isAnythingLeft(world));
            return this;
        }

        Traffic<R> ender(boolean ended) {
            Kind<R> itsKind = kind;
            family.observer("ender", member -> itsKind.ring(member).shutDown(ended));
            return this;
        }

        /** Adds a producer and a consumer of so many elements each, and one who ends the ring. */
        Traffic<R> endsAtOnce(int elements) {
            scenario.neverInTheEnd("something is left in a ring that was ended", this::isAnythingLeft);
            return producers(1, elements).taker("taker", elements, Words.NO_DEADLINE).ender(true);
        }

        Traffic<R> recoverers(int count) {
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

    /** Records what is published and what is taken, in the step in which it is. */
    private static final class Tally extends ForwardingWords {

        private final Actor actor;

        /** Where the word is by which an element is published, 0 for its header. */
        private final long publication;

        Tally(Words words, Actor actor, long publication) {
            super(words);
            this.actor = actor;
            this.publication = publication;
        }

        @Override
        public void setLongRelease(long offset, long value) {
            super.setLongRelease(offset, value);
            if (offset == publication || (publication == 0 && offset >= RING + RingLayout.DATA)) {
                record("published");
            } else if (offset == RING + RingLayout.HEAD) {
                record("taken");
            }
        }

        private void record(String name) {
            long before = actor.add(name, 0);
            long _ = actor.add(name, before * (BASE - 1) + actor.get("value"));
        }
    }

    private static Traffic<FixedRing> fixed(String name, int capacity, int deaths) {
        return new Traffic<>(name, new Fixed(), capacity, deaths, UnaryOperator.identity()).recoverers(deaths);
    }

    private static Traffic<RecordRing> records(String name, int deaths) {
        return new Traffic<>("records, " + name, new Records(), Records.CAPACITY, deaths, UnaryOperator.identity()).recoverers(deaths);
    }

    @Exploration
    void oneOfEach() {
        fixed("1 producer, 2 elements, 1 consumer, 1 death", 1, 1).producers(1, 2).consumers(1).explore();
        fixed("1 producer, 3 elements, 1 taker", 2, 0).producers(1, 3).taker("taker", 3, Words.NO_DEADLINE).explore();
    }

    @Exploration
    void twoProducers() {
        fixed("2 producers, 1 consumer", 1, 0).producers(2, 1).consumers(1).explore();
        fixed("2 producers, 1 consumer, 1 death", 1, 1).producers(2, 1).consumers(1).explore();
    }

    @Exploration
    void twoConsumers() {
        fixed("1 producer, 2 consumers", 1, 0).producers(1, 1).consumers(2).explore();
        fixed("1 producer, 2 consumers, 1 death", 1, 1).producers(1, 1).consumers(2).explore();
    }

    @Exploration
    void records() {
        records("1 producer, 2 elements, 1 consumer, 1 death", 1).producers(1, 2).consumers(1).explore();
        records("2 producers, 1 consumer, 1 death", 1).producers(2, 1).consumers(1).explore();
        records("1 producer, 2 consumers, 1 death", 1).producers(1, 1).consumers(2).explore();
        records("shut down, 1 death", 1).untilTheEnd(1).ender(false).explore();
    }

    @Exploration
    void someGiveUp() {
        Traffic<FixedRing> traffic = fixed("1 of 2 takers may give up", 1, 0).producers(1, 2)
                .taker("patient", 1, Words.NO_DEADLINE).taker("impatient", 1, 1);
        traffic.scenario.deadlines(1);
        traffic.explore();
    }

    /** What is put before the shutdown is taken; all who wait end. */
    @Exploration
    void shutsDown() {
        fixed("shut down", 1, 0).untilTheEnd(2).ender(false).explore();
        fixed("shut down, 1 death", 1, 1).untilTheEnd(1).ender(false).explore();
    }

    /** Nothing stays in a ring that is ended at once, whoever was at work there. */
    @Exploration
    void endsAtOnce() {
        fixed("ended at once", 1, 0).endsAtOnce(1).explore();
        records("ended at once", 0).endsAtOnce(1).explore();
    }

    @Exploration
    @EnabledIfSystemProperty(named = "kindred.soak", matches = "true")
    void more() {
        fixed("1 producer, 2 elements, 1 consumer, 2 deaths", 1, 2).producers(1, 2).consumers(1).explore();
        fixed("ended at once, 2 elements", 1, 0).endsAtOnce(2).explore();
        records("2 producers, 2 and 1 elements, 1 consumer, 1 death", 1).producers(1, 2).producers(1, 1).consumers(1).explore();
    }

    // What is found if the protocol lacks one of its parts

    private static Traffic<FixedRing> planted(String name, int deaths, UnaryOperator<Words> bug) {
        return new Traffic<>("planted: " + name, new Fixed(), 1, deaths, bug).recoverers(deaths).producers(1, 2).consumers(1);
    }

    @Exploration
    void findsThatNobodyIsToldOfAnElement() {
        planted("nobody is told", 0, real -> new ForwardingWords(real) {
            @Override
            public void wake(long offset, int count) {
                if (!isIn("advance")) {
                    super.wake(offset, count);
                }
            }
        }).finds("though");
    }

    @Exploration
    void findsThatOneIsToldBeforeTheElementIsThere() {
        planted("the tail is stored late", 0, real -> new ForwardingWords(real) {
            private long late;

            @Override
            public void setLongRelease(long offset, long value) {
                if (offset == RING + RingLayout.TAIL) {
                    late = value;
                } else {
                    super.setLongRelease(offset, value);
                }
            }

            @Override
            public int getVolatile(long offset) {
                int word = super.getVolatile(offset);
                if (late != 0 && isIn("advance")) {
                    super.setLongRelease(RING + RingLayout.TAIL, late);
                    late = 0;
                }
                return word;
            }
        }).finds("though");
    }

    @Exploration
    void findsThatAnElementIsPublishedBeforeItIsWritten() {
        planted("the content is stored late", 0, real -> new ForwardingWords(real) {
            private long content;

            @Override
            public void setLongPlain(long offset, long value) {
                if (offset >= RING + RingLayout.DATA) {
                    content = value;
                } else {
                    super.setLongPlain(offset, value);
                }
            }

            @Override
            public void setLongRelease(long offset, long value) {
                super.setLongRelease(offset, value);
                if (content != 0) {
                    super.setLongPlain(RING + RingLayout.DATA, content);
                    content = 0;
                }
            }
        }).finds("what was taken is not what was published");
    }

    @Exploration
    void findsThatASleeperDoesNotLookOnceMore() {
        planted("nobody looks again", 0, real -> new ForwardingWords(real) {
            @Override
            public long getLongVolatile(long offset) {
                return isIn("hasCome") ? 0 : super.getLongVolatile(offset);
            }
        }).finds("though");
    }

    private static Traffic<RecordRing> plantedInRecords(String name, int deaths, UnaryOperator<Words> bug) {
        return new Traffic<>("planted: " + name, new Records(), Records.CAPACITY, deaths, bug).recoverers(deaths);
    }

    @Exploration
    void findsThatTheHeaderBehindARecordIsNotMadeZero() {
        plantedInRecords("old headers stay", 0, real -> new ForwardingWords(real) {
            @Override
            public void setLongPlain(long offset, long value) {
                if (value != RecordLayout.NOTHING || !isIn("publishUpTo")) {
                    super.setLongPlain(offset, value);
                }
            }
        }).producers(1, 4).consumers(1).finds("what was taken is not what was published");
    }

    @Exploration
    void findsThatATailThatADeadOneHasNotMovedIsNotMoved() {
        plantedInRecords("the tail stays where the dead left it", 1, real -> new ForwardingWords(real) {
            @Override
            public void setLongRelease(long offset, long value) {
                if (!isIn("repairPut")) {
                    super.setLongRelease(offset, value);
                }
            }
        }).producers(2, 1).consumers(1).finds("");
    }

    @Exploration
    void findsThatWhatIsPutAfterTheEndStays() {
        plantedInRecords("who puts does not look for the end", 0, real -> new ForwardingWords(real) {
            @Override
            public int getAcquire(long offset) {
                return offset == RING + RingLayout.STATE && isIn("endPut") ? RingLayout.OPEN : super.getAcquire(offset);
            }
        }).endsAtOnce(1).finds("something is left in a ring that was ended");
    }

    @Exploration
    void findsThatNobodyIsWokenAfterADeath() {
        planted("a recovery wakes nobody", 1, real -> new ForwardingWords(real) {
            @Override
            public void wakeEpoch() {}

            @Override
            public void advanceEpoch() {}
        }).finds("though");
    }
}
