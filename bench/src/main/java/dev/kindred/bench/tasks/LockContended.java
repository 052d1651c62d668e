// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import java.io.IOException;
import java.io.Serializable;

import dev.kindred.bench.Pinning;
import dev.kindred.bench.Round;
import dev.kindred.bench.Task;
import dev.kindred.memory.RawValue;
import dev.kindred.process.ChildProcess;
import dev.kindred.sync.Lock;

/**
 * Two processes, each pinned to a core of its own, take turns at one lock as fast as they can, for a time; each adds one to a shared counter while it
 * holds the lock. Figure: nanoseconds a pair of acquire and release, of both together; then what each process did a second.
 */
public final class LockContended implements Task {

    /** How long a round takes, of ours and of the peer. */
    public static final long ROUND_MILLISECONDS = 500;

    /** How many pairs between two looks at the clock. */
    private static final int BATCH = 64;

    /** How often the second process, between the rounds, looks whether the next begins: seldom, so that it does not disturb whoever plays then. */
    private static final long IDLE_MILLISECONDS = 10;

    /** The stages of a round; the shared stage goes up from round to round. */
    private static final int CALLED = 1;
    private static final int READY = 2;
    private static final int GO = 3;
    private static final int DONE = 4;
    private static final int STAGES = 4;

    /** What the two processes share. Each value has a cache line of its own. */
    private record Shared(Lock lock, RawValue counter, RawValue stage, RawValue deadline, RawValue pairs) implements Serializable {

        static Shared make() {
            return new Shared(new Lock(), RawValue.ofLong(0), RawValue.ofLong(0), RawValue.ofLong(0), RawValue.ofLong(0));
        }

        void await(long wanted) {
            while (stage.getVolatile() < wanted) {
                Thread.onSpinWait();
            }
        }

        long contend() {
            long end = deadline.getLong();
            long done = 0;
            do {
                for (int i = 0; i < BATCH; i++) {
                    lock.lock();
                    counter.setLong(counter.getLong() + 1);
                    lock.unlock();
                }
                done += BATCH;
            } while (System.nanoTime() - end < 0);
            return done;
        }
    }

    private final Shared shared = Shared.make();
    private long round;

    /** Starts the second process. */
    public LockContended() {
        ChildProcess.builder().name("second").daemon(true).start(LockContended::second, shared);
    }

    @Override
    public Round play() {
        long first = round++ * STAGES;
        shared.counter.setLong(0);
        shared.stage.setVolatile(first + CALLED);
        shared.await(first + READY);
        long start = System.nanoTime();
        shared.deadline.setLong(start + ROUND_MILLISECONDS * 1_000_000);
        shared.stage.setVolatile(first + GO);
        long ours = shared.contend();
        shared.await(first + DONE);
        double elapsed = System.nanoTime() - start;
        long pairs = ours + shared.pairs.getLong();
        if (shared.counter.getLong() != pairs) {
            throw new IllegalStateException("the lock let both in: counted " + shared.counter.getLong() + " of " + pairs);
        }
        return Round.of(elapsed / pairs)
                .with("first", Math.round(ours * 1e9 / elapsed) + "/s")
                .with("second", Math.round((pairs - ours) * 1e9 / elapsed) + "/s");
    }

    private static void second(Shared shared) throws IOException, InterruptedException {
        Pinning.moveJvm(1);
        for (long first = 0;; first += STAGES) {
            while (shared.stage.getVolatile() < first + CALLED) {
                Thread.sleep(IDLE_MILLISECONDS);
            }
            shared.stage.setVolatile(first + READY);
            shared.await(first + GO);
            shared.pairs.setLong(shared.contend());
            shared.stage.setVolatile(first + DONE);
        }
    }
}
