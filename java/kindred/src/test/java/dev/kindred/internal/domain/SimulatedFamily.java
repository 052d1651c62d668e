// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.domain;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

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
        public @Nullable Lease tryLease(int slot) {
            long key = lease(slot);
            return actor.tryLock(key) ? () -> actor.unlock(key) : null;
        }
    }

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
        // The kernel is the only one here to say who has ended: by the live byte.
        return new SlotTable(words, new Locks(actor), (_, _) -> false, slot -> actor.reserve(DomainLayout.slotOffset(slot), DomainLayout.SLOT_SIZE));
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
        return this;
    }

    /** Adds another thread to the member that was added last. */
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
                recover(member);
            });
        }
        return this;
    }

    private static void recover(Member member) {
        int deaths = 0;
        while (true) {
            deaths = member.actor().awaitDeath(deaths);
            member.table().findDead(DomainLayout.slotOf(member.id()));
        }
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
        scenario.prepare(actor -> ids.put(name, table(actor, actor.words()).join(new ProcessRecord(name, 1, 2, 0))));
        int slot = DomainLayout.slotOf(id(name));
        scenario.word(DomainLayout.slotOffset(slot), "slot of " + name);
        return id(name);
    }
}
