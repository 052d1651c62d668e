// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kindred.internal.words.SimulatedWords;
import dev.kindred.internal.words.SimulatedWords.Killed;
import org.junit.jupiter.api.Test;

/** A process killed at any step of entering or leaving a named domain neither shuts others out nor keeps them from removing its name. */
class DoorCrashTest {

    private final SimulatedWords words = new SimulatedWords(DomainLayout.EPOCH_OFFSET);
    private final DoorWorld world;

    DoorCrashTest() {
        words.reserve(0, DomainLayout.PAGE);
        world = newWorld(words);
    }

    private static DoorWorld newWorld(SimulatedWords words) {
        return new DoorWorld(words, slot -> words.reserve(DomainLayout.slotOffset(slot), DomainLayout.SLOT_SIZE), words::step);
    }

    private static DoorWorld freshWorld(SimulatedWords words) {
        words.reserve(0, DomainLayout.PAGE);
        return newWorld(words);
    }

    /** What one process does, to be killed at a step of it. */
    private interface Action {
        void run(DoorWorld.Process process);
    }

    /** {@return whether the process was killed before it was done} */
    private static boolean killedAt(int step, SimulatedWords words, DoorWorld world, String name, DoorWorld.Process process, Action action) {
        words.killAt(step);
        try {
            action.run(process);
            return false;
        } catch (Killed _) {
            return true;
        } finally {
            words.nextActor();
            world.locks.end(name);
        }
    }

    @Test
    void theLastToLeaveRemovesTheName() {
        DoorWorld.Process first = world.new Process("first");
        DoorWorld.Process second = world.new Process("second");
        assertTrue(first.enter());
        assertTrue(second.enter());
        first.leave(false);
        assertFalse(world.isNameGone());
        assertTrue(second.recover());
        assertEquals(1, second.liveCount());
        second.leave(false);
        assertTrue(world.isNameGone());
        assertFalse(world.new Process("third").enter());
    }

    @Test
    void oneThatLeavesButKeepsTheNameLeavesItToTheNext() {
        DoorWorld.Process first = world.new Process("first");
        assertTrue(first.enter());
        first.leave(true);
        assertFalse(world.isNameGone());
        DoorWorld.Process next = world.new Process("next");
        assertTrue(next.enter());
        assertTrue(next.recover());
        next.leave(false);
        assertTrue(world.isNameGone());
    }

    @Test
    void aSlotIsNotTakenBeforeWhoLeftItIsDone() {
        DoorWorld.Process staying = world.new Process("staying");
        assertTrue(staying.enter());
        SlotTable leaving = new SlotTable(words, world.locks.of("leaving"), (_, _) -> false, slot -> words.reserve(DomainLayout.slotOffset(slot), 1));
        int id = leaving.join(new ProcessRecord("leaving", 1, 2, 0));
        leaving.leave(id);
        assertFalse(staying.recover(), "one that has left still holds its live byte");
        assertTrue(leaving.isDead(id));
        leaving.dropLive(id);
        assertTrue(staying.recover());
    }

    @Test
    void theLastToLeaveKilledAtAnyStepShutsNobodyOut() {
        boolean killed = true;
        int steps = 0;
        for (; killed; steps++) {
            SimulatedWords memory = new SimulatedWords(DomainLayout.EPOCH_OFFSET);
            DoorWorld file = freshWorld(memory);
            DoorWorld.Process last = file.new Process("last");
            assertTrue(last.enter());
            killed = killedAt(steps, memory, file, "last", last, leaving -> leaving.leave(false));
            assertTheNextCanEnterAndRemove(file, "the last to leave killed at step " + steps);
        }
        assertTrue(steps > 6, "leaving took only steps " + steps);
    }

    @Test
    void anEntrantKilledAtAnyStepKeepsNobodyFromRemovingTheName() {
        boolean killed = true;
        int steps = 0;
        for (; killed; steps++) {
            SimulatedWords memory = new SimulatedWords(DomainLayout.EPOCH_OFFSET);
            DoorWorld file = freshWorld(memory);
            DoorWorld.Process inside = file.new Process("inside");
            assertTrue(inside.enter());
            DoorWorld.Process entrant = file.new Process("entrant");
            killed = killedAt(steps, memory, file, "entrant", entrant, entering -> entering.enter());
            inside.leave(false);
            assertTrue(file.isNameGone(), "an entrant killed at step " + steps + " keeps the name");
        }
        assertTrue(steps > 6, "entering took only steps " + steps);
    }

    @Test
    void oneThatLeavesKilledAtAnyStepIsNotWaitedForByTheLast() {
        boolean killed = true;
        for (int step = 0; killed; step++) {
            SimulatedWords memory = new SimulatedWords(DomainLayout.EPOCH_OFFSET);
            DoorWorld file = freshWorld(memory);
            DoorWorld.Process first = file.new Process("first");
            DoorWorld.Process last = file.new Process("last");
            assertTrue(first.enter());
            assertTrue(last.enter());
            killed = killedAt(step, memory, file, "first", first, leaving -> leaving.leave(false));
            last.leave(false);
            assertTrue(file.isNameGone(), "one that leaves, killed at step " + step + ", keeps the name");
        }
    }

    /** The one who enters after a death is killed in turn, at each step, and then the next comes. */
    @Test
    void whoeverEntersAfterADeathMayDieAtAnyStep() {
        boolean leaverKilled = true;
        for (int leaverStep = 0; leaverKilled; leaverStep++) {
            boolean entrantKilled = true;
            for (int step = 0; entrantKilled; step++) {
                SimulatedWords memory = new SimulatedWords(DomainLayout.EPOCH_OFFSET);
                DoorWorld file = freshWorld(memory);
                DoorWorld.Process last = file.new Process("last");
                assertTrue(last.enter());
                leaverKilled = killedAt(leaverStep, memory, file, "last", last, leaving -> leaving.leave(false));
                DoorWorld.Process entrant = file.new Process("entrant");
                entrantKilled = killedAt(step, memory, file, "entrant", entrant, entering -> {
                    if (entering.enter()) {
                        entering.recover();
                        entering.leave(false);
                    }
                });
                assertTheNextCanEnterAndRemove(file, "the last to leave killed at " + leaverStep + ", the next to enter at " + step);
            }
        }
    }

    private static void assertTheNextCanEnterAndRemove(DoorWorld file, String when) {
        DoorWorld.Process next = file.new Process("next");
        boolean wasGone = file.isNameGone();
        assertEquals(!wasGone, next.enter(), when);
        if (!wasGone) {
            assertTrue(next.recover(), when);
            assertEquals(1, next.liveCount(), when);
            next.leave(false);
            assertTrue(file.isNameGone(), when);
        }
    }
}
