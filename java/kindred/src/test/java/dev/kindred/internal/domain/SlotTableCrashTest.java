// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.kindred.internal.words.SimulatedWords;
import dev.kindred.internal.words.SimulatedWords.Killed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A process killed at any step of joining or of recovering another leaves a table in which everybody can still join and be recovered. Some of the
 * dead have been seen to end while the kernel still frees their memory, and so still hold their live bytes.
 */
class SlotTableCrashTest {

    private static final long NAMESPACE = 2;
    private static final int THREAD = 77;

    private final SimulatedWords words = new SimulatedWords(DomainLayout.EPOCH_OFFSET);
    private final SimulatedLocks locks = new SimulatedLocks(words::step);

    /** The numbers of those of whom the kernel shows that they execute nothing any more. */
    private final Set<Integer> ended = new HashSet<>();
    private int proofs;
    private final Set<Integer> recovered = new HashSet<>();
    private int recoveries;
    private int pids = 1000;

    SlotTableCrashTest() {
        words.reserve(0, DomainLayout.PAGE);
    }

    private SlotTable table(String process) {
        return new SlotTable(words, locks.of(process), this::hasEnded,
                slot -> words.reserve(DomainLayout.slotOffset(slot), DomainLayout.SLOT_SIZE));
    }

    private boolean hasEnded(int pid, long pidNamespace) {
        assertEquals(NAMESPACE, pidNamespace);
        proofs++;
        return ended.contains(pid);
    }

    /** A process's end, with all its memory still to be freed. */
    private void endHoldingItsByte(int id) {
        endWatchingThread(id);
        ended.add(pidOf(id));
    }

    /** What the kernel does when the thread ends that a process's life word names. */
    private void endWatchingThread(int id) {
        long life = DomainLayout.slotOffset(DomainLayout.slotOf(id)) + DomainLayout.LIFE;
        assertEquals(THREAD | DomainLayout.LIFE_WAITERS, words.getVolatile(life));
        words.setVolatile(life, DomainLayout.LIFE_ENDED | DomainLayout.LIFE_WAITERS);
    }

    /** Joins as a process does whose watching thread has begun to run. */
    private int join(SlotTable table, String name) {
        int id = table.join(record(name));
        table.lives().announce(id, 0, THREAD);
        return id;
    }

    private int pidOf(int id) {
        return words.getPlain(DomainLayout.slotOffset(DomainLayout.slotOf(id)) + DomainLayout.PID);
    }

    private boolean sweep(SlotTable table, int self) {
        table.findDead(self);
        return table.freeDead(this::recover);
    }

    private ProcessRecord record(String name) {
        return new ProcessRecord(name, ++pids, NAMESPACE, 0);
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

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void recovererKilledAtAnyStepIsRecoveredItself(boolean byteHeld) {
        boolean killed = true;
        int steps = 0;
        for (; killed; steps++) {
            SlotTable survivor = table("survivor " + steps);
            int self = survivor.join(record("survivor"));
            SlotTable recoverer = table("recoverer " + steps);
            int recovererId = recoverer.join(record("recoverer"));
            int victim = join(table("victim " + steps), "victim");
            if (byteHeld) {
                endHoldingItsByte(victim);
            } else {
                locks.end("victim " + steps);
            }
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
            assertEquals(byteHeld, locks.of("survivor").isLive(DomainLayout.slotOf(victim)), when);
            locks.end("victim " + steps);
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
    void nobodyTakesTheSlotOfAProcessWhoseMemoryIsBeingFreed() {
        SlotTable observer = table("observer");
        int self = observer.join(record("observer"));
        int victim = join(table("victim"), "victim");
        int victimSlot = DomainLayout.slotOf(victim);
        endHoldingItsByte(victim);
        assertTrue(sweep(observer, DomainLayout.slotOf(self)));
        assertTrue(observer.isDead(victim));
        assertEquals(1, recoveries);

        Set<Integer> taken = new HashSet<>();
        int kills = 0;
        for (int i = 0; i < 200; i++) {
            String name = "joiner " + i;
            lookFirstAt(victimSlot);
            boolean killed = killedAt(i % 40, name, () -> taken.add(DomainLayout.slotOf(table(name).join(record(name)))));
            kills += killed ? 1 : 0;
            assertFalse(taken.contains(victimSlot), name);
            sweep(observer, DomainLayout.slotOf(self));
        }
        assertTrue(kills > 0 && kills < 200, kills + " joiners were killed");
        assertTrue(observer.isDead(victim));

        locks.end("victim");
        lookFirstAt(victimSlot);
        int next = table("next").join(record("next"));
        assertEquals(victimSlot, DomainLayout.slotOf(next), "a slot whose byte is free again is not taken");
        assertNotEquals(victim, next);
        assertTrue(observer.isDead(victim));
        assertFalse(observer.isDead(next));
    }

    private void lookFirstAt(int slot) {
        words.setVolatile(DomainLayout.NEXT_SLOT_OFFSET, slot);
    }

    @Test
    void theEndOfAThreadIsNotTheEndOfItsProcess() {
        SlotTable observer = table("observer");
        int self = observer.join(record("observer"));
        int other = join(table("other"), "other");
        sweep(observer, DomainLayout.slotOf(self));
        assertEquals(0, proofs, "while no process is marked, the kernel is not asked for more than bytes");
        assertFalse(observer.lives().isAnyEnding());

        endWatchingThread(other);
        assertTrue(observer.lives().isAnyEnding());
        sweep(observer, DomainLayout.slotOf(self));
        assertFalse(observer.hasEndedUnnoticed(other));
        assertEquals(2, proofs);
        assertFalse(observer.isDead(other));
        assertEquals(0, recoveries);

        ended.add(pidOf(other));
        assertTrue(observer.hasEndedUnnoticed(other));
        sweep(observer, DomainLayout.slotOf(self));
        assertTrue(observer.isDead(other));
        assertFalse(observer.lives().isAnyEnding());
    }

    @Test
    void whoTakesASlotIsNotMarkedByTheEndOfItsLastProcess() {
        SlotTable observer = table("observer");
        int self = observer.join(record("observer"));
        int victim = join(table("victim"), "victim");
        endHoldingItsByte(victim);
        sweep(observer, DomainLayout.slotOf(self));
        locks.end("victim");
        lookFirstAt(DomainLayout.slotOf(victim));
        int next = table("next").join(record("next"));
        assertEquals(DomainLayout.slotOf(victim), DomainLayout.slotOf(next));
        assertFalse(observer.lives().isMarked(DomainLayout.slotOf(next)));
        assertFalse(observer.lives().isAnyEnding());
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
