// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;

import dev.kindred.internal.crash.CrashPoint;
import dev.kindred.process.ChildProcess;
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

/** What becomes of events when processes die, and when they are merely stopped. */
class EventDeathTest {

    private final Family family = new Family();

    @AfterEach
    void endAll() throws InterruptedException {
        family.end();
    }

    private static Waiter startWaiter(boolean virtual, Event event) {
        Waiter waiter = Waiters.start(virtual, () -> {
            event.await();
            return "set";
        });
        Waiters.awaitAsleep(waiter.thread());
        return waiter;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoDiesBetweenSettingAndWakingLeavesNobodyAsleep(boolean virtual) throws Exception {
        Event event = new Event();
        Event waited = new Event();
        ChildProcess setter = family.startDoomed("setter", CrashPoint.EVENT_SET, 1, "KILL", () -> {
            waited.await();
            event.set();
        });
        Waiter first = startWaiter(virtual, event);
        Waiter second = startWaiter(virtual, event);
        waited.set();
        assertEquals("set", first.await());
        assertEquals("set", second.await());
        Family.awaitDeath(setter);
        assertTrue(event.isSet());
    }

    @Test
    void itStaysAsTheDeadLeftIt() throws Exception {
        Event event = new Event();
        Event cleared = new Event();
        cleared.set();
        ChildProcess child = family.start("child", () -> {
            event.set();
            cleared.clear();
            Family.sleepForEver();
        });
        assertTrue(event.await(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS));
        Eventually.holds("it is cleared", () -> !cleared.isSet());
        child.kill();
        child.join();
        assertTrue(event.isSet());
        assertFalse(cleared.isSet());
        event.clear();
        Waiter waiter = startWaiter(false, event);
        family.letSomebodyDie();
        assertFalse(waiter.thread().join(Delays.SHORT), "a death sets no event");
        event.set();
        assertEquals("set", waiter.await());
    }

    @ParameterizedTest
    @ValueSource(strings = {"WAIT_ANNOUNCED", "WAIT_WOKEN"})
    void aWaiterThatDiesOrStopsHoldsUpNobody(String point) throws Exception {
        for (String end : new String[] {"KILL", "STOP"}) {
            Event event = new Event();
            // If nobody wakes it, it wakes now and then to look for itself.
            ChildProcess child = family.startDoomed("waiter", CrashPoint.valueOf(point), 1, end, event::await);
            Waiter waiter = startWaiter(true, event);
            if (end.equals("KILL")) {
                Family.awaitDeath(child);
                event.set();
            } else {
                Family.awaitStop(child);
                event.set();
                event.clear();
                Family.resume(child);
                Family.awaitEnd(child);
            }
            assertEquals("set", waiter.await());
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.MATCH_ANY, names = "EVENT_.*")
    void deathAtAnyPointHoldsUpNobody(CrashPoint point) throws Exception {
        for (int passing : new int[] {1, 1000}) {
            Event ping = new Event();
            Event pong = new Event();
            ChildProcess child = family.startDoomed("victim", point, passing, "KILL", () -> answer(ping, pong));
            long deadline = System.nanoTime() + Delays.LONG.toNanos();
            while (child.isAlive()) {
                assertTrue(System.nanoTime() < deadline, "the child never came to " + point);
                ping.set();
                if (pong.await(1, TimeUnit.MILLISECONDS)) {
                    pong.clear();
                }
            }
            Family.awaitDeath(child);
            ping.clear();
            pong.clear();
            Waiter answering = Waiters.start(true, () -> {
                ping.await();
                pong.set();
                return "answered";
            });
            Waiters.awaitAsleep(answering.thread());
            ping.set();
            assertTrue(pong.await(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS));
            assertEquals("answered", answering.await());
        }
    }

    private static void answer(Event ping, Event pong) throws InterruptedException {
        while (true) {
            ping.await();
            ping.clear();
            pong.set();
        }
    }
}
