// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.kindred.PartyDiedException;
import dev.kindred.internal.crash.CrashPoint;
import dev.kindred.process.ChildProcess;
import dev.kindred.sync.Barrier;
import dev.kindred.sync.Event;
import dev.kindred.tests.support.Delays;
import dev.kindred.tests.support.Eventually;
import dev.kindred.tests.support.Family;
import dev.kindred.tests.sync.Waiters.Waiter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of barriers when processes die, and when they are merely stopped. */
class BarrierDeathTest {

    private final Family family = new Family();

    @AfterEach
    void endAll() throws InterruptedException {
        family.end();
    }

    private static Waiter startParty(boolean virtual, Barrier barrier) {
        int before = barrier.getNumberWaiting();
        Waiter waiter = Waiters.start(virtual, () -> "index " + barrier.await());
        Eventually.holds("it waits", () -> barrier.getNumberWaiting() == before + 1);
        return waiter;
    }

    /** As many threads as there are parties come, and all are released. */
    private static void assertUsable(Barrier barrier) throws Exception {
        List<Waiter> waiters = new ArrayList<>();
        for (int i = 0; i < barrier.getParties(); i++) {
            waiters.add(Waiters.start(i % 2 == 0, () -> "index " + barrier.await()));
        }
        List<String> outcomes = new ArrayList<>();
        for (Waiter waiter : waiters) {
            outcomes.add(waiter.await());
        }
        for (int i = 0; i < barrier.getParties(); i++) {
            assertTrue(outcomes.contains("index " + i), outcomes.toString());
        }
    }

    private static void assertNamed(ChildProcess dead, Barrier barrier) {
        PartyDiedException death = assertThrows(PartyDiedException.class, () -> barrier.await(1, TimeUnit.SECONDS));
        assertEquals(dead.name(), death.party().orElseThrow().name());
        assertEquals(dead.pid(), death.party().orElseThrow().pid());
        assertTrue(death.getMessage().contains(dead.name() + " (pid " + dead.pid() + ")"), death.getMessage());
    }

    @Test
    void thePartyThatIsKilledWhileItWaitsBreaksIt() throws Exception {
        Barrier barrier = new Barrier(3);
        ChildProcess child = family.start("party", barrier::await);
        Eventually.holds("the child waits", () -> barrier.getNumberWaiting() == 1);
        Waiter waiter = startParty(true, barrier);
        child.kill();
        assertEquals("PartyDiedException", waiter.await());
        assertTrue(barrier.isBroken());
        assertEquals(0, barrier.getNumberWaiting());
        assertNamed(child, barrier);
        barrier.reset();
        assertFalse(barrier.isBroken());
        assertUsable(barrier);
    }

    @Test
    void thePartyThatIsKilledBeforeItComesBreaksItIfItIsRegistered() throws Exception {
        Barrier barrier = new Barrier(2);
        Event registered = new Event();
        ChildProcess child = family.start("party", () -> {
            barrier.register();
            registered.set();
            Family.sleepForEver();
        });
        assertTrue(registered.await(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS));
        Waiter waiter = startParty(false, barrier);
        child.kill();
        assertEquals("PartyDiedException", waiter.await());
        assertNamed(child, barrier);
        barrier.reset();
        assertUsable(barrier);
    }

    @Test
    void thePartyThatEndsBetweenTwoRoundsBreaksItUnlessItLeftBefore() throws Exception {
        Barrier barrier = new Barrier(2);
        for (boolean leaves : new boolean[] {true, false}) {
            ChildProcess child = family.start("party", () -> {
                int _ = barrier.await();
                if (leaves) {
                    barrier.deregister();
                }
            });
            int _ = barrier.await();
            Family.awaitEnd(child);
            if (leaves) {
                assertFalse(Eventually.holdsWithin(Delays.SHORT, barrier::isBroken));
                assertUsable(barrier);
            } else {
                Eventually.holds("it is broken", barrier::isBroken);
                assertNamed(child, barrier);
                barrier.reset();
                assertUsable(barrier);
            }
        }
    }

    @Test
    void theDeathOfAnotherBreaksNothing() throws Exception {
        Barrier barrier = new Barrier(2);
        Waiter waiter = startParty(false, barrier);
        family.letSomebodyDie();
        ChildProcess user = family.start("user", () -> assertFalse(barrier.isBroken()));
        Family.awaitEnd(user);
        assertFalse(waiter.thread().join(Delays.SHORT));
        assertEquals(1, barrier.await());
        assertEquals("index 0", waiter.await());
    }

    @Test
    void aStoppedPartyIsWaitedFor() throws Exception {
        Barrier barrier = new Barrier(2);
        Event goOn = new Event();
        ChildProcess child = family.start("party", () -> {
            barrier.register();
            goOn.await();
            int _ = barrier.await();
            barrier.deregister();
        });
        Waiter waiter = startParty(true, barrier);
        Family.stop(child);
        goOn.set();
        family.letSomebodyDie();
        assertFalse(waiter.thread().join(Delays.SMALL));
        assertFalse(barrier.isBroken());
        Family.resume(child);
        assertEquals("index 0", waiter.await());
        Family.awaitEnd(child);
    }

    @Test
    void whoDiesBetweenCompletingARoundAndWakingLeavesNobodyAsleep() throws Exception {
        Barrier barrier = new Barrier(3);
        List<Waiter> waiters = List.of(startParty(false, barrier), startParty(true, barrier));
        waiters.forEach(waiter -> Waiters.awaitAsleep(waiter.thread()));
        ChildProcess last = family.startDoomed("last", CrashPoint.BARRIER_COMPLETED, 1, "KILL", barrier::await);
        assertEquals("index 0", waiters.get(0).await());
        assertEquals("index 1", waiters.get(1).await());
        Family.awaitDeath(last);
        assertNamed(last, barrier);
    }

    @ParameterizedTest
    @ValueSource(strings = {"BARRIER_ACTION_BEGUN", "BARRIER_ACTION_PERFORMED"})
    void whoDiesAtTheActionBreaksIt(String point) throws Exception {
        Barrier barrier = new Barrier(2, () -> {});
        Waiter waiter = startParty(false, barrier);
        ChildProcess last = family.startDoomed("last", CrashPoint.valueOf(point), 1, "KILL", barrier::await);
        assertEquals("PartyDiedException", waiter.await());
        assertNamed(last, barrier);
        barrier.reset();
        assertUsable(barrier);
    }

    @ParameterizedTest
    @ValueSource(strings = {"BARRIER_BROKEN", "BARRIER_RESET"})
    void whoDiesBetweenBreakingItAndWakingLeavesNobodyAsleep(String point) throws Exception {
        Barrier barrier = new Barrier(2);
        Waiter waiter = startParty(false, barrier);
        Waiters.awaitAsleep(waiter.thread());
        boolean resets = point.equals("BARRIER_RESET");
        ChildProcess child = family.startDoomed("breaker", CrashPoint.valueOf(point), 1, "KILL", () -> {
            if (resets) {
                barrier.reset();
            } else {
                barrier.abort();
            }
        });
        assertEquals("BrokenBarrierException", waiter.await());
        Family.awaitDeath(child);
        assertEquals(!resets, barrier.isBroken());
        barrier.reset();
        assertUsable(barrier);
    }

    /** It sleeps while others complete and break many rounds; when it goes on, it learns of its own. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPartyThatIsStoppedLearnsOfItsOwnRoundLater(boolean completed) throws Exception {
        Barrier barrier = new Barrier(2);
        ChildProcess child = family.startDoomed("late", CrashPoint.WAIT_ANNOUNCED, 1, "STOP", () -> {
            if (completed) {
                assertEquals(0, barrier.await());
            } else {
                assertThrows(BrokenBarrierException.class, barrier::await);
            }
            barrier.deregister();
        });
        Family.awaitStop(child);
        if (completed) {
            assertEquals(1, barrier.await());
        } else {
            barrier.reset();
        }
        for (int i = 0; i < 6; i++) {
            assertUsable(barrier);
            Waiter waiter = startParty(false, barrier);
            barrier.reset();
            assertEquals("BrokenBarrierException", waiter.await());
        }
        for (int i = 0; i < 100; i++) {
            assertUsable(barrier);
        }
        Family.resume(child);
        Family.awaitEnd(child);
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.MATCH_ANY, names = "BARRIER_.*")
    void deathAtAnyPointHoldsUpNobody(CrashPoint point) throws Exception {
        Barrier all = new Barrier(3);
        Barrier alone = new Barrier(1, () -> {});
        Barrier pair = new Barrier(2);
        ChildProcess child = family.startDoomed("victim", point, 1, "KILL", () -> passAllPoints(all, alone, pair));
        Waiter waiter = startParty(true, all);
        Family.awaitDeath(child);
        assertEquals("PartyDiedException", waiter.await());
        for (Barrier each : List.of(all, alone, pair)) {
            each.reset();
            assertFalse(each.isBroken());
            assertUsable(each);
        }
    }

    private static void passAllPoints(Barrier all, Barrier alone, Barrier pair) throws Exception {
        all.register();
        while (true) {
            int _ = alone.await();
            assertThrows(TimeoutException.class, () -> pair.await(1, TimeUnit.MILLISECONDS));
            pair.reset();
            ChildProcess.builder().maxHeap(32 << 20).start(pair::register).join();
            Eventually.holds("the grandchild's end has broken it", pair::isBroken);
            pair.reset();
        }
    }
}
