// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import java.io.Serializable;

import dev.kindred.memory.RawValue;
import dev.kindred.sync.Condition;
import dev.kindred.sync.Lock;

/** Takes turns under a condition: each waits for its turn and gives it back. */
public final class ConditionPingPong extends PingPong<ConditionPingPong.Shared> {

    private static final int ROUND_TRIPS = 100_000;

    /** How many round trips a round of the peer has. */
    public static final int THEIR_ROUND_TRIPS = 1_000;

    /** What the processes share. */
    record Shared(Lock lock, Condition changed, RawValue turn) implements Serializable {
        static Shared make() {
            Lock lock = new Lock();
            return new Shared(lock, lock.newCondition(), RawValue.ofLong(0));
        }
    }

    /** Starts the other process. */
    public ConditionPingPong() {
        super(Shared.make(), ROUND_TRIPS, ConditionPingPong::takeTurn);
    }

    private static void takeTurn(Shared shared, int process) throws InterruptedException {
        shared.lock.lock();
        try {
            if (process == 0) {
                give(shared, 1);
                await(shared, 0);
            } else {
                await(shared, 1);
                give(shared, 0);
            }
        } finally {
            shared.lock.unlock();
        }
    }

    private static void give(Shared shared, long turn) {
        shared.turn.setLong(turn);
        shared.changed.signal();
    }

    private static void await(Shared shared, long turn) throws InterruptedException {
        while (shared.turn.getLong() != turn) {
            shared.changed.await();
        }
    }
}
