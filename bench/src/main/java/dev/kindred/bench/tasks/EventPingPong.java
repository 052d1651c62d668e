// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import java.io.Serializable;

import dev.kindred.sync.Event;

/** Sets an event for the other, waits for the answer and clears it. */
public final class EventPingPong extends PingPong<EventPingPong.Shared> {

    private static final int ROUND_TRIPS = 100_000;

    /** How many round trips a round of the peer has. */
    public static final int THEIR_ROUND_TRIPS = 1_000;

    /** What the processes share. */
    record Shared(Event there, Event back) implements Serializable {}

    /** Starts the other process. */
    public EventPingPong() {
        super(new Shared(new Event(), new Event()), ROUND_TRIPS, EventPingPong::answer);
    }

    private static void answer(Shared shared, int process) throws InterruptedException {
        if (process == 0) {
            shared.there.set();
            shared.back.await();
            shared.back.clear();
        } else {
            shared.there.await();
            shared.there.clear();
            shared.back.set();
        }
    }
}
