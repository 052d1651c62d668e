// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.kindred.OwnerDiedException;
import dev.kindred.PartyDiedException;
import dev.kindred.internal.crash.CrashPoint;
import dev.kindred.sync.Barrier;
import dev.kindred.sync.Condition;
import dev.kindred.sync.Event;
import dev.kindred.sync.Lock;
import dev.kindred.sync.RobustSemaphore;
import dev.kindred.sync.Semaphore;
import dev.kindred.tests.support.Delays;
import dev.kindred.tests.support.Eventually;
import dev.kindred.tests.support.Family;
import dev.kindred.tests.support.TestJvm;
import dev.kindred.tests.sync.Waiters.Waiter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of objects that have a name when processes that are no relatives die. */
class NamedDeathTest {

    private Strangers strangers;

    @BeforeEach
    void begin() {
        strangers = new Strangers();
    }

    @AfterEach
    void endAll() {
        strangers.close();
    }

    private TestJvm start(Actors.Task task) throws Exception {
        return strangers.start(List.of(), task);
    }

    /** Starts one that dies at a point. */
    private TestJvm startDoomed(CrashPoint point, Actors.Task task) throws Exception {
        return strangers.start(List.of("-Dkindred.crash=" + point + ":1:KILL"), task);
    }

    private Event event() {
        return strangers.share((space, _) -> Event.open(space, "event"));
    }

    private static void await(Event event) throws InterruptedException {
        assertTrue(event.await(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS));
    }

    private static void awaitDeath(TestJvm doomed) {
        assertEquals(-9, doomed.exitStatus(), "it did not die at its point, but of something else");
    }

    private static void assertUsable(Barrier barrier) throws Exception {
        List<Waiter> waiters = new ArrayList<>();
        for (int i = 0; i < barrier.getParties(); i++) {
            waiters.add(Waiters.start(i % 2 == 0, () -> "index " + barrier.await()));
        }
        for (Waiter waiter : waiters) {
            assertTrue(waiter.await().startsWith("index "));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPartyThatDiesBreaksTheBarrierAndIsNamed(boolean virtual) throws Exception {
        Barrier barrier = strangers.share((space, _) -> Barrier.open(space, "barrier", 3));
        TestJvm party = start(_ -> barrier.await());
        Eventually.holds("it waits", () -> barrier.getNumberWaiting() == 1);
        Waiter waiter = Waiters.start(virtual, () -> "index " + barrier.await());
        Waiters.awaitAsleep(waiter.thread());
        party.kill();
        assertEquals("PartyDiedException", waiter.await());
        PartyDiedException death = assertThrows(PartyDiedException.class, barrier::await);
        assertEquals(party.pid(), death.party().orElseThrow().pid());
        barrier.reset();
        assertUsable(barrier);
    }

    @Test
    void aPartyThatIsStoppedIsWaitedFor() throws Exception {
        Barrier barrier = strangers.share((space, _) -> Barrier.open(space, "barrier", 2));
        Event registered = event();
        TestJvm party = start(_ -> {
            barrier.register();
            registered.set();
            Family.sleepForEver();
        });
        await(registered);
        party.stop();
        Waiter waiter = Waiters.start(false, () -> "index " + barrier.await());
        assertFalse(waiter.thread().join(Delays.SMALL));
        assertFalse(barrier.isBroken());
        party.kill();
        assertEquals("PartyDiedException", waiter.await());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void thePermitsOfTheDeadComeBack(boolean virtual) throws Exception {
        RobustSemaphore semaphore = strangers.share((space, _) -> RobustSemaphore.open(space, "semaphore", 2));
        Event taken = event();
        TestJvm holder = start(_ -> {
            semaphore.acquire();
            semaphore.acquire();
            taken.set();
            Family.sleepForEver();
        });
        await(taken);
        assertEquals(0, semaphore.getValue());
        assertEquals(List.of(2), List.copyOf(semaphore.holders().values()));
        Waiter waiter = Waiters.start(virtual, () -> {
            semaphore.acquire();
            return "acquired";
        });
        Waiters.awaitAsleep(waiter.thread());
        holder.kill();
        assertEquals("acquired", waiter.await());
        assertTrue(semaphore.tryAcquire());
        assertFalse(semaphore.tryAcquire());
    }

    @Test
    void thePermitsThatHaveNoOwnersStayTaken() throws Exception {
        Semaphore semaphore = strangers.share((space, _) -> Semaphore.open(space, "semaphore", 2));
        Event taken = event();
        TestJvm holder = start(_ -> {
            semaphore.acquire();
            taken.set();
            Family.sleepForEver();
        });
        await(taken);
        holder.kill();
        Eventually.holds("its death is known", () -> strangers.space().members().size() == 1);
        assertEquals(1, semaphore.getValue());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoWaitsForAConditionIsWokenAndToldOfThePoisonedLockHoldingIt(boolean virtual) throws Exception {
        Lock lock = strangers.share((space, _) -> Lock.open(space, "lock"));
        Condition condition = strangers.share((_, of) -> ((Lock) of).openCondition("condition"), lock);
        Waiter waiter = Waiters.start(virtual, () -> {
            lock.lock();
            try {
                condition.await();
                return "spurious";
            } catch (OwnerDiedException e) {
                return "died " + e.owner().orElseThrow().pid() + ", recovered " + lock.recover();
            } finally {
                lock.unlock();
            }
        });
        Eventually.holds("it waits", () -> condition.getWaitQueueLength() == 1);
        Event taken = event();
        TestJvm owner = start(_ -> {
            lock.lock();
            taken.set();
            Family.sleepForEver();
        });
        await(taken);
        owner.kill();
        assertEquals("died " + owner.pid() + ", recovered true", waiter.await());
        assertTrue(lock.tryLock());
        lock.unlock();
    }

    @Test
    void whoWaitsForAConditionIsWokenByAnyDeath() throws Exception {
        Lock lock = strangers.share((space, _) -> Lock.open(space, "lock"));
        Condition condition = strangers.share((_, of) -> ((Lock) of).openCondition("condition"), lock);
        TestJvm other = start(_ -> {
            lock.lock();
            condition.await();
        });
        Eventually.holds("it waits", () -> condition.getWaitQueueLength() == 1);
        Waiter waiter = Waiters.start(false, () -> {
            lock.lock();
            try {
                condition.await();
                return "woken";
            } finally {
                lock.unlock();
            }
        });
        Eventually.holds("both wait", () -> condition.getWaitQueueLength() == 2);
        other.kill();
        assertEquals("woken", waiter.await());
        assertEquals(0, condition.getWaitQueueLength());
    }

    /** As {@link BarrierDeathTest}, {@link ConditionDeathTest} and the others have it for relatives. */
    @ParameterizedTest
    @EnumSource(names = {"EVENT_SET", "SEMAPHORE_RELEASED", "BARRIER_COMPLETED", "CONDITION_GRANTED"})
    void whoDiesBeforeItWakesLeavesNobodyAsleep(CrashPoint point) throws Exception {
        Lock lock = strangers.share((space, _) -> Lock.open(space, "lock"));
        Condition condition = strangers.share((_, of) -> ((Lock) of).openCondition("condition"), lock);
        Event event = event();
        Semaphore semaphore = strangers.share((space, _) -> Semaphore.open(space, "semaphore", 0));
        Barrier barrier = strangers.share((space, _) -> Barrier.open(space, "barrier", 2));
        List<Waiter> waiters = List.of(
                Waiters.start(false, () -> {
                    event.await();
                    return "set";
                }),
                Waiters.start(true, () -> {
                    semaphore.acquire();
                    return "acquired";
                }),
                Waiters.start(true, () -> {
                    lock.lock();
                    try {
                        condition.await();
                        return "woken";
                    } catch (OwnerDiedException e) {
                        boolean _ = lock.recover();
                        return "woken";
                    } finally {
                        lock.unlock();
                    }
                }),
                Waiters.start(false, () -> "index " + barrier.await()));
        Eventually.holds("they wait", () -> condition.getWaitQueueLength() == 1 && barrier.getNumberWaiting() == 1);
        waiters.forEach(waiter -> Waiters.awaitAsleep(waiter.thread()));
        TestJvm doomed = startDoomed(point, _ -> {
            switch (point) {
                case EVENT_SET -> event.set();
                case SEMAPHORE_RELEASED -> semaphore.release();
                case BARRIER_COMPLETED -> barrier.await();
                default -> {
                    lock.lock();
                    condition.signal();
                    lock.unlock();
                }
            }
        });
        awaitDeath(doomed);
        assertEquals("woken", waiters.get(2).await(), "any death wakes it");
        switch (point) {
            case EVENT_SET -> assertEquals("set", waiters.get(0).await());
            case SEMAPHORE_RELEASED -> assertEquals("acquired", waiters.get(1).await());
            case BARRIER_COMPLETED -> assertEquals("index 0", waiters.get(3).await());
            default -> {
                assertTrue(lock.tryLock(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS));
                lock.unlock();
            }
        }
        event.set();
        semaphore.release();
        barrier.abort();
        assertEquals("set", waiters.get(0).await());
        assertEquals("acquired", waiters.get(1).await());
        assertTrue(List.of("index 0", "BrokenBarrierException").contains(waiters.get(3).await()));
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.MATCH_ANY, names = {"BARRIER_ARRIVED", "BARRIER_REGISTERED", "PERMIT_ACQUIRED", "PERMIT_FREED", "PERMIT_ANNOUNCED",
            "CONDITION_NODE_TAKEN", "CONDITION_ENTERED", "CONDITION_LEFT", "WAIT_ANNOUNCED"})
    void deathAtAPointHoldsUpNobody(CrashPoint point) throws Exception {
        Lock lock = strangers.share((space, _) -> Lock.open(space, "lock"));
        Condition condition = strangers.share((_, of) -> ((Lock) of).openCondition("condition"), lock);
        RobustSemaphore semaphore = strangers.share((space, _) -> RobustSemaphore.open(space, "semaphore", 1));
        Barrier barrier = strangers.share((space, _) -> Barrier.open(space, "barrier", 2));
        TestJvm doomed = startDoomed(point, _ -> {
            semaphore.acquire();
            semaphore.release();
            lock.lock();
            boolean _ = condition.await(1, TimeUnit.MILLISECONDS);
            lock.unlock();
            int _ = barrier.await();
        });
        awaitDeath(doomed);
        assertTrue(semaphore.tryAcquire(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS));
        boolean _ = lock.recover(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS);
        boolean _ = condition.await(1, TimeUnit.MILLISECONDS);
        lock.unlock();
        barrier.reset();
        assertUsable(barrier);
    }

    /** Those who come after all have died find all as it was left, and that what was left half-way is told them. */
    @Test
    void afterTheDeathOfAllTheNextFindsEachAsItMust() throws Exception {
        // Nobody but strangers is in it.
        String name = strangers.space().name() + ".stale";
        Semaphore arrived = strangers.share((space, _) -> Semaphore.open(space, "arrived", 0));
        try (TestJvm first = start(_ -> useAll(name, arrived)); TestJvm second = start(_ -> useAll(name, arrived))) {
            for (int i = 0; i < 2; i++) {
                assertTrue(arrived.tryAcquire(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS));
            }
            first.stop();
            second.kill();
            first.kill();
        }
        try (dev.kindred.Space space = dev.kindred.Space.open(name)) {
            assertEquals(1, space.members().size());
            assertEquals(1, Semaphore.open(space, "counting", 3).getValue(), "permits without owners stay taken");
            assertEquals(3, RobustSemaphore.open(space, "robust", 3).getValue(), "those of the dead come back");
            assertTrue(Event.open(space, "event").isSet());
            Barrier barrier = Barrier.open(space, "barrier", 3);
            assertTrue(barrier.isBroken());
            assertThrows(PartyDiedException.class, barrier::await);
            barrier.reset();
            assertUsable(barrier);
            Lock lock = Lock.open(space, "lock");
            Condition condition = lock.openCondition("condition");
            assertEquals(0, condition.getWaitQueueLength(), "the dead do not count");
            boolean _ = lock.recover();
            condition.signalAll();
            lock.unlock();
        }
    }

    private static void useAll(String name, Semaphore arrived) throws Exception {
        dev.kindred.Space space = dev.kindred.Space.open(name);
        Semaphore.open(space, "counting", 3).acquire();
        RobustSemaphore.open(space, "robust", 3).acquire();
        Event.open(space, "event").set();
        Barrier.open(space, "barrier", 3).register();
        Lock lock = Lock.open(space, "lock");
        Condition condition = lock.openCondition("condition");
        arrived.release();
        while (true) {
            lock.lock();
            try {
                condition.await();
            } finally {
                lock.unlock();
            }
        }
    }
}
