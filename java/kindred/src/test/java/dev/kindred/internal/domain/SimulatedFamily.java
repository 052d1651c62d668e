// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.domain;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import dev.kindred.internal.explorer.Actor;
import dev.kindred.internal.explorer.Scenario;
import dev.kindred.internal.sync.Liveness;
import dev.kindred.internal.words.Words;
import org.jspecify.annotations.Nullable;

/**
 * A family of processes in a scenario: its members have joined by the real {@link SlotTable}, whose locks the explorer keeps, and when one
 * is killed, a recoverer does what a process that watches it does.
 */
public final class SimulatedFamily {

    /**
     * A process of the family, as its code sees it.
     *
     * @param actor what the explorer gives it
     * @param words the shared memory
     * @param id    under which it joined
     * @param table of the family, as this process sees it
     */
    public record Member(Actor actor, Words words, int id, SlotTable table) implements Liveness {

        @Override
        public boolean isDead(int process) {
            return table.isDead(process);
        }

        /** Leaves the family and lives on, as one that closes a space: to all others that is as good as its death. */
        public void leave() {
            table.leave(id);
        }

        /** Finds all who die, for ever, and wakes who waits for that: what a process does on the thread that is told of deaths. */
        public void noticeDeaths() {
            int deaths = 0;
            while (true) {
                deaths = actor.awaitDeath(deaths);
                table.findDead(DomainLayout.slotOf(id));
            }
        }

        /**
         * Frees the slots of all who were found dead, for ever: what a process does on another thread, as it may have to wait.
         *
         * @param ofTheDead what removes the traces of a dead process
         */
        public void freeSlots(Recoverable ofTheDead) {
            while (true) {
                int epoch = words.epoch();
                if (table.freeDead(ofTheDead)) {
                    words.await(DomainLayout.EPOCH_OFFSET, epoch, epoch, Words.NO_DEADLINE, false);
                } else {
                    awaitLeases();
                }
            }
        }

        /**
         * Finds all who die and frees their slots, for ever, on one thread. That is a part of what a process does: who is about to free a
         * slot notices nobody's death.
         */
        public void recoverAll(Recoverable ofTheDead) {
            int deaths = 0;
            while (true) {
                deaths = actor.awaitDeath(deaths);
                table.findDead(DomainLayout.slotOf(id));
                while (!table.freeDead(ofTheDead)) {
                    awaitLeases();
                }
            }
        }

        /** Waits until others who were at it have let go of what they were freeing, instead of trying again after a while. */
        private void awaitLeases() {
            actor.until("no slot is leased", world -> IntStream.range(0, MOST_SLOTS).noneMatch(slot -> world.isLocked(lease(slot))));
        }

        @Override
        public void examine(int process) {
            if (table.hasEndedUnnoticed(process)) {
                table.findDead(DomainLayout.slotOf(id));
            }
        }
    }

    private record Locks(Actor actor) implements SlotLocks {

        @Override
        public boolean isLive(int slot) {
            return actor.isLocked(slot);
        }

        @Override
        public boolean takeLive(int slot) {
            return actor.tryLock(slot);
        }

        @Override
        public void dropLive(int slot) {
            actor.unlock(slot);
        }

        @Override
        public @Nullable Lease tryLease(int slot) {
            long key = lease(slot);
            return actor.tryLock(key) ? () -> actor.unlock(key) : null;
        }
    }

    /** More than any scenario uses. */
    private static final int MOST_SLOTS = 16;

    private final Scenario scenario;
    private final Map<String, Integer> ids = new LinkedHashMap<>();
    private UnaryOperator<Words> bug = UnaryOperator.identity();

    /** A family without members. */
    public SimulatedFamily(Scenario scenario) {
        this.scenario = scenario;
        scenario.word(DomainLayout.SLOTS_USED_OFFSET, "slots used");
    }

    static long lease(int slot) {
        return DomainLayout.SLOTS + slot;
    }

    /** Lets all who are added from now on, recoverers too, see the shared memory through something in which a test has planted a bug. */
    public SimulatedFamily through(UnaryOperator<Words> words) {
        bug = words;
        return this;
    }

    private static Member member(Actor actor, int id, UnaryOperator<Words> through) {
        Words words = through.apply(actor.words());
        return new Member(actor, words, id, table(actor, words));
    }

    static SlotTable table(Actor actor, Words words) {
        return table(actor, words, (pid, _) -> actor.hasEnded(pid - 1));
    }

    static SlotTable table(Actor actor, Words words, EndProof proof) {
        return new SlotTable(words, new Locks(actor), proof,
                slot -> actor.reserve(DomainLayout.slotOffset(slot), DomainLayout.SLOT_SIZE));
    }

    static int join(Actor actor, SlotTable table) {
        return table.join(new ProcessRecord(actor.name(), actor.process() + 1, 2, 0));
    }

    /** Adds a member, which can be killed. */
    public SimulatedFamily member(String name, Consumer<Member> code) {
        int id = join(name);
        UnaryOperator<Words> through = bug;
        scenario.actor(name, actor -> code.accept(member(actor, id, through)));
        return this;
    }

    /** Adds a member, which can be killed, and for which all may end well while it still waits. */
    public SimulatedFamily daemon(String name, Consumer<Member> code) {
        int id = join(name);
        UnaryOperator<Words> through = bug;
        scenario.daemon(name, actor -> code.accept(member(actor, id, through)));
        return this;
    }

    /** Adds a member, which cannot be killed, and for which all may end well while it still waits. */
    public SimulatedFamily observer(String name, Consumer<Member> code) {
        int id = join(name);
        UnaryOperator<Words> through = bug;
        scenario.observer(name, actor -> code.accept(member(actor, id, through)));
        int slot = DomainLayout.slotOf(id);
        scenario.constant(DomainLayout.slotOffset(slot)).constantLock(slot);
        return this;
    }

    /** Adds another thread to the member that was added last; it is a daemon if that is. */
    public SimulatedFamily thread(String name, Consumer<Member> code) {
        int id = ids.values().stream().reduce(0, (_, last) -> last);
        UnaryOperator<Words> through = bug;
        scenario.thread(name, actor -> code.accept(member(actor, id, through)));
        return this;
    }

    /**
     * Adds members that do nothing but find the dead: one, and for each that is killed another.
     *
     * @param count as many as can be killed in the scenario, so that there is always one
     */
    public SimulatedFamily recoverers(int count) {
        for (int i = 0; i < count; i++) {
            String name = "recoverer" + i;
            String before = "recoverer" + (i - 1);
            boolean isFirst = i == 0;
            daemon(name, member -> {
                if (!isFirst) {
                    member.actor().until("the death of " + before, world -> !world.isAlive(before));
                }
                member.noticeDeaths();
            });
        }
        return this;
    }

    /** Says that nobody joins any more, so that the number of slots does not change. */
    public SimulatedFamily complete() {
        scenario.constant(DomainLayout.SLOTS_USED_OFFSET);
        return this;
    }

    boolean has(String name) {
        return ids.containsKey(name);
    }

    /** {@return the id of a member} */
    public int id(String name) {
        return ids.get(name);
    }

    private int join(String name) {
        scenario.prepare(actor -> ids.put(name, join(actor, table(actor, actor.words()))));
        int slot = DomainLayout.slotOf(id(name));
        scenario.word(DomainLayout.slotOffset(slot), "slot of " + name);
        return id(name);
    }
}
