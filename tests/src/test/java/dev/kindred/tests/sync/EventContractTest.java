// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;

import dev.kindred.sync.Event;
import dev.kindred.tests.support.Delays;
import dev.kindred.tests.support.Eventually;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an event promises to every kind of actor. */
class EventContractTest {

    @BeforeAll
    static void startStrangers() {
        Strangers.startShared();
    }

    @AfterAll
    static void endStrangers() {
        Strangers.endShared();
    }

    @ParameterizedTest
    @EnumSource
    void itIsSetAndClearedAndWaitedFor(Actors actors) throws Exception {
        Event event = actors.event();
        actors.run(1, _ -> {
            assertFalse(event.isSet());
            assertFalse(event.await(0, TimeUnit.SECONDS));
            assertFalse(event.await(-1, TimeUnit.SECONDS));
            long start = System.nanoTime();
            assertFalse(event.await(Delays.SHORT.toNanos(), TimeUnit.NANOSECONDS));
            assertFalse(event.awaitUninterruptibly(Delays.SHORT.toNanos(), TimeUnit.NANOSECONDS));
            long waited = System.nanoTime() - start;
            assertTrue(waited >= 2 * Delays.SHORT.toNanos(), "waited only " + waited + " ns");
            assertEquals("Event[not set]", event.toString());
            event.set();
            event.set();
            assertTrue(event.isSet());
            assertEquals("Event[set]", event.toString());
            event.await();
            event.awaitUninterruptibly();
            assertTrue(event.await(0, TimeUnit.SECONDS));
            assertTrue(event.await(1, TimeUnit.SECONDS));
            assertTrue(event.awaitUninterruptibly(0, TimeUnit.SECONDS));
            event.clear();
            event.clear();
            assertFalse(event.isSet());
            assertFalse(event.await(0, TimeUnit.SECONDS));
        });
    }

    @ParameterizedTest
    @EnumSource
    void allWhoWaitAreReleased(Actors actors) throws Exception {
        Event event = actors.event();
        int waiters = 4;
        try (SharedCounter counter = SharedCounter.create()) {
            actors.run(1 + waiters, actor -> {
                if (actor == 0) {
                    Eventually.holds("all are about to wait", () -> counter.get(0) == waiters);
                    assertFalse(Eventually.holdsWithin(Delays.SHORT, () -> counter.get(1) > 0), "one did not wait");
                    event.set();
                } else {
                    counter.addAtomically(0, 1);
                    if (actor % 2 == 0) {
                        event.await();
                    } else {
                        assertTrue(event.await(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS));
                    }
                    counter.addAtomically(1, 1);
                }
            });
            assertEquals(waiters, counter.get(1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void twoThatAnswerEachOtherMissNothing(Actors actors) throws Exception {
        Event ping = actors.event();
        Event pong = actors.event();
        int rounds = 3_000;
        try (SharedCounter counter = SharedCounter.create()) {
            actors.run(2, actor -> {
                for (int i = 0; i < rounds; i++) {
                    if (actor == 0) {
                        counter.addUnprotected(0, 1);
                        ping.set();
                        pong.await();
                        pong.clear();
                    } else {
                        ping.await();
                        ping.clear();
                        counter.addUnprotected(0, 1);
                        pong.set();
                    }
                }
            });
            assertEquals(2 * rounds, counter.get(0));
        }
    }

    /** Each waits until it has learnt of so many settings, each of which is taken back at once. */
    @ParameterizedTest
    @EnumSource
    void whoWaitsIsReleasedThoughItIsClearedAtOnce(Actors actors) throws Exception {
        Event event = actors.event();
        int waiters = 3;
        int rounds = 300;
        try (SharedCounter counter = SharedCounter.create()) {
            actors.run(1 + waiters, actor -> {
                if (actor == 0) {
                    while (counter.get(0) < waiters) {
                        event.set();
                        event.clear();
                    }
                } else {
                    for (int round = 0; round < rounds; round++) {
                        assertTrue(event.await(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS));
                    }
                    counter.addAtomically(0, 1);
                }
            });
        }
    }
}
