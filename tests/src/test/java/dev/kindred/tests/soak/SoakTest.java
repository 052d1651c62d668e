// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.soak;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

import dev.kindred.internal.os.Processes;
import dev.kindred.channel.ByteQueue;
import dev.kindred.channel.Codec;
import dev.kindred.channel.JoinableQueue;
import dev.kindred.internal.space.Space;
import dev.kindred.memory.RawValue;
import dev.kindred.process.ChildProcess;
import dev.kindred.sync.BoundedSemaphore;
import dev.kindred.sync.Condition;
import dev.kindred.sync.Event;
import dev.kindred.sync.Lock;
import dev.kindred.sync.NamedSemaphore;
import dev.kindred.sync.RLock;
import dev.kindred.sync.RobustSemaphore;
import dev.kindred.sync.Semaphore;
import dev.kindred.tests.soak.Ledger.Entry;
import dev.kindred.tests.support.Delays;
import dev.kindred.tests.support.Eventually;
import dev.kindred.tests.support.Limit;
import dev.kindred.tests.support.Soak;
import jnr.constants.platform.Signal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * All primitives at once, in processes that are killed, stopped and replaced at random: everybody else goes on, and in the end there is what must be
 * there. Chance finds what nobody thought of; the same seed makes the same choices, but not the same moments.
 */
final class SoakTest {

    private static final int WORKERS = 4;

    private static final Duration TIME = Duration.ofSeconds(Soak.Rounds.of(8, 600));

    /** How long each exercise has for its next round, whatever is done to the workers. */
    private static final Duration PATIENCE = Delays.LONG.multipliedBy(2);

    private final long seed = Long.getLong("kindred.test.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);
    private final Event stop = new Event();
    private final Event gate = new Event();
    private final NamedSemaphore named = NamedSemaphore.create("kindred-soak-" + ProcessHandle.current().pid(), 0);
    private final BarrierExercise meeting = BarrierExercise.of("Barrier", WORKERS / 2, RawValue.ofLong(0));
    private final List<Exercise> exercises = exercises();
    private final Ledger ledger = Ledger.create(WORKERS * Worker.THREADS, exercises.size());
    private final Map<Integer, ChildProcess> workers = new HashMap<>();
    private final long[] lastRounds = new long[exercises.size()];
    private final long[] lastChange = new long[exercises.size()];
    private int kills;
    private int stops;

    private List<Exercise> exercises() {
        return List.of(
                LockExercise.of("Lock", new Lock(), false),
                LockExercise.of("Lock.takeOver", Lock.takeOver(), true),
                LockExercise.of("RLock", new RLock(), false),
                LockExercise.of("RLock.takeOver", RLock.takeOver(), true),
                new Signals("Semaphore", new Semaphore(0), 0, false),
                new Signals("BoundedSemaphore", new BoundedSemaphore(64), 64, true),
                new Signals("NamedSemaphore", named, 0, false),
                new PermitsExercise("RobustSemaphore", new RobustSemaphore(2), 2),
                buffer("Condition of Lock", new Lock()),
                buffer("Condition of RLock", new RLock()),
                new GateExercise("Event", gate),
                new NumberExercise("RawValue", RawValue.ofLong(0)),
                new BlocksExercise("blocks"),
                new QueueExercise.Bytes(new ByteQueue(QueueExercise.BYTES)),
                new QueueExercise.Jobs(JoinableQueue.handingOutAgain(16, Codec.objects())),
                meeting);
    }

    private static Exercise buffer(String name, java.util.concurrent.locks.Lock lock) {
        return new BufferExercise(name, lock, (Condition) lock.newCondition(), (Condition) lock.newCondition(), RawValue.ofLong(0));
    }

    @AfterEach
    void end() throws InterruptedException {
        for (ChildProcess worker : workers.values()) {
            worker.kill();
            worker.join();
            worker.close();
        }
        named.close();
        NamedSemaphore.unlink(named.name());
        ledger.close();
    }

    @Test
    @Limit(seconds = 900)
    void whoeverIsKilledOrStoppedTheOthersGoOn() throws Exception {
        System.out.println("SOAK seed=" + seed);
        for (int i = 0; i < WORKERS; i++) {
            start(i);
        }
        Thread opener = Thread.ofPlatform().start(this::openAndClose);
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < TIME.toNanos()) {
            LockSupport.parkNanos(Duration.ofMillis(random.nextInt(400)).toNanos());
            replaceTheDead();
            disturb(random.nextInt(WORKERS));
            assertAllGoOn();
        }
        stop.set();
        opener.join();
        // Whoever still comes to the barrier then would wait for parties that have ended in good order, and are not missed.
        Eventually.holds("all workers end", () -> {
            meeting.barrier().abort();
            return workers.values().stream().noneMatch(ChildProcess::isAlive);
        });
        for (int i = 0; i < WORKERS; i++) {
            assertEnds(i, 0, -9);
        }
        for (int i = 0; i < exercises.size(); i++) {
            exercises.get(i).check(ledger, i);
        }
        Eventually.holds("none of the dead counts as living, and nobody is left but a spare", () -> Space.current().domain().liveCount() <= 2);
        report((System.nanoTime() - begin) / 1e9);
    }

    private void start(int worker) {
        workers.put(worker, ChildProcess.builder().name("worker " + worker).maxHeap(32 << 20)
                .start(new Worker(exercises, ledger, stop, worker, random.nextLong())));
    }

    /** In the end it stays open. */
    private void openAndClose() {
        while (!stop.isSet()) {
            gate.set();
            LockSupport.parkNanos(Delays.SHORT.toNanos() / 10);
            gate.clear();
            LockSupport.parkNanos(Delays.SHORT.toNanos() / 10);
        }
        gate.set();
    }

    /** Some kill themselves; see {@link Exercise#perhapsDie}. */
    private void replaceTheDead() throws Exception {
        for (int i = 0; i < WORKERS; i++) {
            if (!Objects.requireNonNull(workers.get(i)).isAlive()) {
                replace(i);
            }
        }
    }

    private void disturb(int worker) throws Exception {
        ChildProcess child = Objects.requireNonNull(workers.get(worker));
        int choice = random.nextInt(12);
        if (choice < 6) {
            signal(child, Signal.SIGSTOP);
            LockSupport.parkNanos(Duration.ofMillis(random.nextInt(100)).toNanos());
            stops++;
        }
        if (choice < 4) {
            signal(child, Signal.SIGCONT);
            return;
        }
        if (choice < 8) {
            replace(worker);
        }
        if (choice == 7) {
            replace((worker + 1) % WORKERS);
        }
    }

    /** It may have killed itself meanwhile. */
    private static void signal(ChildProcess child, Signal signal) {
        boolean _ = Processes.signal(child.sentinel(), signal.intValue());
    }

    private void replace(int worker) throws Exception {
        Objects.requireNonNull(workers.get(worker)).kill();
        kills++;
        assertEnds(worker, -9, -9);
        for (int thread = 0; thread < Worker.THREADS; thread++) {
            for (int i = 0; i < exercises.size(); i++) {
                exercises.get(i).inherit(ledger.account(worker * Worker.THREADS + thread, i));
            }
        }
        start(worker);
    }

    private void assertEnds(int worker, int code, int other) throws InterruptedException {
        ChildProcess child = Objects.requireNonNull(workers.get(worker));
        assertTrue(child.join(Delays.LONG.multipliedBy(2)), () -> child + " does not end");
        int ended = child.exitCode().orElseThrow();
        assertTrue(ended == code || ended == other, () -> child + " ended; its standard error says why");
        child.close();
        workers.remove(worker);
    }

    private void assertAllGoOn() {
        long now = System.nanoTime();
        for (int i = 0; i < exercises.size(); i++) {
            long rounds = ledger.sum(i, Entry.ROUNDS);
            if (rounds != lastRounds[i] || lastChange[i] == 0) {
                lastRounds[i] = rounds;
                lastChange[i] = now;
            }
            int exercise = i;
            assertTrue(now - lastChange[i] < PATIENCE.toNanos(), () -> exercises.get(exercise).name() + " stands still: " + exercises.get(exercise));
        }
    }

    private void report(double seconds) {
        System.out.printf("SOAK seconds=%.0f kills=%d stops=%d%n", seconds, kills, stops);
        for (int i = 0; i < exercises.size(); i++) {
            System.out.printf("SOAK %-20s rounds=%d recovered=%d broken=%d longest=%.1f ms%n", exercises.get(i).name(), ledger.sum(i, Entry.ROUNDS),
                    ledger.sum(i, Entry.RECOVERED), ledger.sum(i, Entry.BROKEN), ledger.max(i, Entry.LONGEST_NANOSECONDS) / 1e6);
        }
    }
}
