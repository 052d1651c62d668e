// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;

import dev.kindred.process.ChildProcess;
import dev.kindred.sync.Event;
import dev.kindred.tests.support.Delays;
import dev.kindred.tests.support.Eventually;
import dev.kindred.tests.support.Family;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Processes that want a thing again the moment they have given it back do not keep it from others. There are more of them than most machines
 * that test this have processors, so that who is woken is late for it as a rule.
 */
class FairnessTest {

    private static final int PROCESSES = 4;
    private static final int HOLD_NANOSECONDS = 100_000;
    private static final int TURNS = 3_000;

    /** What part of its fair share each has at least, where who has waited a millisecond goes first. */
    private static final double HALF = 0.5;

    /** The same of a semaphore that has no mark for that, because the C library's programs would not know it. */
    private static final double SOME = 0.1;

    private static final long LONG_WAIT_NANOSECONDS = 1_000_000;

    private final SharedCounter turns = SharedCounter.create();
    private final Family family = new Family();

    @AfterEach
    void endAll() throws InterruptedException {
        family.end();
        turns.close();
    }

    private static void takeTurns(SharedCounter turns, int process, Runnable take, Runnable giveBack) {
        while (turns.get(PROCESSES) < TURNS) {
            take.run();
            long until = System.nanoTime() + HOLD_NANOSECONDS;
            turns.addUnprotected(process, 1);
            turns.addUnprotected(PROCESSES, 1);
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            giveBack.run();
        }
    }

    private void assertNobodyStarves(double part, TurnTaker taker) throws InterruptedException {
        SharedCounter shared = turns;
        Event begin = new Event();
        List<ChildProcess> children = new ArrayList<>();
        for (int i = 0; i < PROCESSES; i++) {
            int process = i;
            children.add(family.start("taker-" + i, () -> {
                shared.addAtomically(PROCESSES + 1, 1);
                begin.await();
                taker.takeTurns(shared, process);
            }));
        }
        Eventually.holds("all are there", () -> turns.get(PROCESSES + 1) == PROCESSES);
        begin.set();
        for (ChildProcess child : children) {
            assertTrue(child.join(Delays.LONG), child + " does not end");
            assertEquals(0, child.exitCode().orElseThrow());
        }
        List<Long> shares = new ArrayList<>();
        for (int i = 0; i < PROCESSES; i++) {
            shares.add(turns.get(i));
        }
        for (long share : shares) {
            assertTrue(share >= part * TURNS / PROCESSES, "of " + TURNS + " turns, the processes had " + shares);
        }
    }

    /** What a process does. */
    private interface TurnTaker extends Serializable {
        void takeTurns(SharedCounter turns, int process);
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCK", "RLOCK"})
    void noProcessKeepsALockFromOthers(LockKind kind) throws Exception {
        Lock lock = kind.create();
        assertNobodyStarves(HALF, (shared, process) -> takeTurns(shared, process, lock::lock, lock::unlock));
    }

    @ParameterizedTest
    @EnumSource(names = "BOUNDED", mode = EnumSource.Mode.EXCLUDE)
    void noProcessKeepsThePermitFromOthers(SemaphoreKind kind) throws Exception {
        try (AnySemaphore semaphore = kind.create(1)) {
            assertNobodyStarves(kind == SemaphoreKind.NAMED ? SOME : HALF,
                    (shared, process) -> takeTurns(shared, process, semaphore::acquireUninterruptibly, semaphore::release));
        }
    }

    /** Whoever comes new waits for a millisecond of its own before it takes what is kept for others, should they be late. */
    @ParameterizedTest
    @EnumSource(names = {"LOCK", "RLOCK"})
    void whoComesNewLeavesALockToAProcessThatHasWaitedLong(LockKind kind) throws Exception {
        SharedCounter shared = turns;
        Lock lock = kind.create();
        lock.lock();
        ChildProcess waiter = family.start("waiter", () -> {
            lock.lock();
            shared.set(0, 1);
            lock.unlock();
        });
        Eventually.holds("the waiter has said that it has waited long", () -> LockWords.isReserved(lock));
        long begun = System.nanoTime();
        int taken = -1;
        do {
            lock.unlock();
            lock.lock();
            taken++;
        } while (turns.get(0) == 0);
        long waited = System.nanoTime() - begun;
        lock.unlock();
        assertTrue(taken * LONG_WAIT_NANOSECONDS <= waited, "taken " + taken + " times in " + waited + " ns before the one that had waited");
        Family.awaitEnd(waiter);
    }
}
