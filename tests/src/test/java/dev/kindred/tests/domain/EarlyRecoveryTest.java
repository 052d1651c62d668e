// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.concurrent.TimeUnit;

import dev.kindred.OwnerDiedException;
import dev.kindred.internal.crash.CrashPoint;
import dev.kindred.internal.space.Space;
import dev.kindred.memory.Array;
import dev.kindred.memory.CType;
import dev.kindred.process.ChildProcess;
import dev.kindred.process.StartMethod;
import dev.kindred.sync.Lock;
import dev.kindred.tests.support.Delays;
import dev.kindred.tests.support.Eventually;
import dev.kindred.tests.support.Family;
import dev.kindred.tests.support.MemoryKeeper;
import dev.kindred.tests.support.Posix;
import dev.kindred.tests.support.Processes;
import jnr.constants.platform.Signal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process is dead as soon as nothing of it executes, though its memory be freed later or never; and never before. */
class EarlyRecoveryTest {

    private static final int READY = 0;
    private static final int KEEPER = 1;

    private final Lock lock = new Lock();
    private final Array numbers = Array.of(CType.INT, 2);
    private final Family family = new Family();

    @AfterEach
    void endAll() throws InterruptedException {
        if (numbers.getInt(KEEPER) != 0) {
            Posix.kill(numbers.getInt(KEEPER), Signal.SIGKILL);
        }
        family.end();
    }

    /** What the owner does whose memory outlives it. */
    private static void holdAndLeaveMemory(Lock lock, Array numbers) {
        numbers.setInt(KEEPER, MemoryKeeper.start());
        lock.lock();
        numbers.setInt(READY, 1);
        Family.sleepForEver();
    }

    private void assertRecovered(String owner) throws InterruptedException {
        OwnerDiedException death = assertThrows(OwnerDiedException.class, () -> lock.tryLock(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS));
        assertEquals(owner, death.owner().orElseThrow().name());
        assertTrue(lock.recover());
        lock.unlock();
    }

    @Test
    void theLockOfADeadProcessIsRecoveredThoughItsMemoryIsNotFreed() throws Exception {
        assumeTrue(MemoryKeeper.isPossible());
        Lock held = lock;
        Array shared = numbers;
        ChildProcess owner = family.start("owner", () -> holdAndLeaveMemory(held, shared));
        Eventually.holds("the owner holds the lock", () -> numbers.getInt(READY) == 1);
        int before = Space.current().domain().liveCount();
        owner.kill();
        assertRecovered("owner");
        assertNotNull(Processes.entry(numbers.getInt(KEEPER)), "the memory has not been freed");
        assertEquals(before - 1, Space.current().domain().liveCount());

        // Life goes on beside it, and it does not come to life again.
        ChildProcess next = family.add(ChildProcess.builder().method(StartMethod.SPAWN).maxHeap(32 << 20).start(() -> {
            held.lock();
            held.unlock();
        }));
        assertTrue(next.join(Delays.LONG));
        assertEquals(0, next.exitCode().orElseThrow());
        assertTrue(owner.join(Delays.LONG));
        assertEquals(-9, owner.exitCode().orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"KILL", "STOP"})
    void itIsRecoveredThoughWhoeverSawTheEndFirstDiesOrStops(String end) throws Exception {
        assumeTrue(MemoryKeeper.isPossible());
        Lock held = lock;
        Array shared = numbers;
        family.startUnderSentence("parent", CrashPoint.RECOVERY_END_SEEN, 1, end, () -> {
            ChildProcess owner = ChildProcess.builder().name("owner").maxHeap(32 << 20).start(() -> holdAndLeaveMemory(held, shared));
            Eventually.holds("the owner holds the lock", () -> shared.getInt(READY) == 1);
            CrashPoint.countFromHere();
            owner.kill();
            Family.sleepForEver();
        });
        Eventually.holds("the owner holds the lock", () -> numbers.getInt(READY) == 1);
        assertRecovered("owner");
    }

    @Test
    void theEndOfTheThreadThatSpeaksForAProcessIsNotItsDeath() throws Exception {
        Lock held = lock;
        Array shared = numbers;
        ChildProcess owner = family.start("owner", () -> {
            held.lock();
            Thread watcher = Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().equals("kindred-watch")).findAny().orElseThrow();
            watcher.interrupt();
            watcher.join();
            shared.setInt(READY, 1);
            Family.sleepForEver();
        });
        Eventually.holds("the thread has ended", () -> numbers.getInt(READY) == 1);
        assertFalse(lock.tryLock(Delays.SMALL.toMillis(), TimeUnit.MILLISECONDS));
        assertFalse(lock.poisoned());
        Posix.kill(owner.pid(), Signal.SIGSTOP);
        assertFalse(lock.tryLock(Delays.SMALL.toMillis(), TimeUnit.MILLISECONDS));
        assertFalse(lock.poisoned());
        owner.kill();
        assertRecovered("owner");
    }

    @Test
    void whoIsStoppedIsNotTakenForDeadWhenOthersDie() throws Exception {
        Lock held = lock;
        Array shared = numbers;
        ChildProcess owner = family.start("owner", () -> {
            held.lock();
            shared.setInt(READY, 1);
            Family.sleepForEver();
        });
        Eventually.holds("the owner holds the lock", () -> numbers.getInt(READY) == 1);
        Posix.kill(owner.pid(), Signal.SIGSTOP);
        for (int i = 0; i < 3; i++) {
            ChildProcess other = family.start("other", Family::sleepForEver);
            other.kill();
            assertTrue(other.join(Delays.LONG));
        }
        assertFalse(lock.tryLock(Delays.SMALL.toMillis(), TimeUnit.MILLISECONDS));
        assertFalse(lock.poisoned());
    }
}
