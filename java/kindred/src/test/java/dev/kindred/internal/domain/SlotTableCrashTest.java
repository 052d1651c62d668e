// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.kindred.internal.words.SimulatedWords;
import dev.kindred.internal.words.SimulatedWords.Killed;
import org.junit.jupiter.api.Test;

/** A process killed at any step of joining or of recovering another leaves a table in which everybody can still join and be recovered. */
class SlotTableCrashTest {

    /** The kernel's part: who holds which byte. What the dead held is let go by {@link #end}. */
    private static final class SimulatedLocks {
        private final Map<Integer, String> live = new HashMap<>();
        private final Map<Integer, String> leases = new HashMap<>();
        private final SimulatedWords words;

        SimulatedLocks(SimulatedWords words) {
            this.words = words;
        }

        SlotLocks of(String process) {
            return new SlotLocks() {
                @Override
                public boolean isLive(int slot) {
                    return live.containsKey(slot);
                }

                @Override
                public boolean takeLive(int slot) {
                    words.step();
                    return live.putIfAbsent(slot, process) == null;
                }

                @Override
                public Lease tryLease(int slot) {
                    words.step();
                    if (leases.putIfAbsent(slot, process) != null) {
                        return null;
                    }
                    // A dead process's lease ends by itself, in end().
                    return () -> leases.remove(slot, process);
                }
            };
        }

        void end(String process) {
            live.values().removeIf(process::equals);
            leases.values().removeIf(process::equals);
        }
    }

    private final SimulatedWords words = new SimulatedWords(DomainLayout.EPOCH_OFFSET);
    private final SimulatedLocks locks = new SimulatedLocks(words);
    private final Set<Integer> recovered = new HashSet<>();
    private int recoveries;

    SlotTableCrashTest() {
        words.reserve(0, DomainLayout.PAGE);
    }

    private SlotTable table(String process) {
        return new SlotTable(words, locks.of(process), slot -> words.reserve(DomainLayout.slotOffset(slot), DomainLayout.SLOT_SIZE));
    }

    private boolean sweep(SlotTable table, int self) {
        table.findDead(self);
        return table.freeDead(this::recover);
    }

    private static ProcessRecord record(String name) {
        return new ProcessRecord(name, 1, 2, 0);
    }

    private boolean recover(int slot) {
        words.step();
        recovered.add(slot);
        recoveries++;
        return true;
    }

    private boolean killedAt(int step, String process, Runnable action) {
        words.killAt(step);
        try {
            action.run();
            return false;
        } catch (Killed _) {
            return true;
        } finally {
            words.nextActor();
            locks.end(process);
        }
    }

    @Test
    void joinerKilledAtAnyStepIsRecoveredAndItsSlotTakenAgain() {
        SlotTable observer = table("observer");
        int self = observer.join(record("observer"));
        Set<Integer> ids = new HashSet<>(Set.of(self));
        boolean killed = true;
        for (int step = 0; killed; step++) {
            String name = "joiner " + step;
            List<Integer> joined = new ArrayList<>();
            killed = killedAt(step, name, () -> joined.add(table(name).join(record(name))));
            assertTrue(sweep(observer, DomainLayout.slotOf(self)), name);
            assertEquals(1, observer.liveCount(), name + " is dead and not counted");
            for (int id : joined) {
                assertTrue(ids.add(id), name + " got an id that another had: " + id);
                assertTrue(observer.isDead(id), name);
            }
            String next = "next " + step;
            int nextId = table(next).join(record(next));
            assertTrue(ids.add(nextId), next + " got an id that another had: " + nextId);
            assertFalse(observer.isDead(nextId), next);
            locks.end(next);
            sweep(observer, DomainLayout.slotOf(self));
        }
        assertFalse(observer.isDead(self));
    }

    @Test
    void recovererKilledAtAnyStepIsRecoveredItself() {
        boolean killed = true;
        int steps = 0;
        for (; killed; steps++) {
            SlotTable survivor = table("survivor " + steps);
            int self = survivor.join(record("survivor"));
            SlotTable recoverer = table("recoverer " + steps);
            int recovererId = recoverer.join(record("recoverer"));
            int victim = table("victim " + steps).join(record("victim"));
            locks.end("victim " + steps);
            recovered.clear();
            int epoch = words.epoch();

            killed = killedAt(steps, "recoverer " + steps, () -> sweep(recoverer, DomainLayout.slotOf(recovererId)));
            assertTrue(sweep(survivor, DomainLayout.slotOf(self)));

            String when = "recoverer killed at step " + steps;
            assertTrue(survivor.isDead(victim), when);
            assertTrue(survivor.isDead(recovererId), when);
            assertFalse(survivor.isDead(self), when);
            assertTrue(recovered.contains(DomainLayout.slotOf(victim)), when);
            assertNotEquals(epoch, words.epoch(), when + ": nobody would have been woken");
            assertEquals("victim", survivor.record(victim).name(), when);
            locks.end("survivor " + steps);
            sweep(table("sweeper"), -1);
        }
        assertTrue(steps > 4, "recovery took no step at which its process could be killed");
    }

    @Test
    void stoppedRecovererHoldsUpNobodysWakeUp() {
        SlotTable survivor = table("survivor");
        int self = survivor.join(record("survivor"));
        int victim = table("victim").join(record("victim"));
        locks.end("victim");
        SlotLocks.Lease held = locks.of("stopped").tryLease(DomainLayout.slotOf(victim));
        int epoch = words.epoch();

        assertFalse(sweep(survivor, DomainLayout.slotOf(self)), "the slot cannot be freed while another holds its lease");
        assertTrue(survivor.isDead(victim));
        assertEquals(epoch + 1, words.epoch());
        assertFalse(sweep(survivor, DomainLayout.slotOf(self)));
        assertEquals(epoch + 1, words.epoch(), "trying again does not wake everybody again");

        held.close();
        assertTrue(sweep(survivor, DomainLayout.slotOf(self)));
        assertEquals(1, recoveries);
    }

    @Test
    void processStoppedForLongIsNotTakenForDead() {
        SlotTable observer = table("observer");
        int self = observer.join(record("observer"));
        int stopped = table("stopped").join(record("stopped"));
        for (int i = 0; i < 100; i++) {
            assertTrue(sweep(observer, DomainLayout.slotOf(self)));
        }
        assertFalse(observer.isDead(stopped));
        assertEquals(0, recoveries);
    }

    @Test
    void theNameOfTheDeadOutlivesItsSlotForAWhile() {
        SlotTable observer = table("observer");
        int self = observer.join(record("observer"));
        int victim = table("victim").join(record("victim"));
        locks.end("victim");
        for (int i = 0; i < 20; i++) {
            String name = "other " + i;
            int _ = table(name).join(record(name));
            locks.end(name);
            sweep(observer, DomainLayout.slotOf(self));
        }
        assertEquals("victim", observer.record(victim).name());
    }

    @Test
    void aFullTableIsAnErrorThatSaysSo() {
        SlotTable table = table("all");
        for (int i = 0; i < DomainLayout.SLOTS; i++) {
            table.join(record("process"));
        }
        IllegalStateException error = assertThrows(IllegalStateException.class,
                () -> table.join(record("one too many")));
        assertTrue(error.getMessage().contains("4096"), error.getMessage());
    }
}
