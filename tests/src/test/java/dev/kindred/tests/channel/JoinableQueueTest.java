// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.kindred.ProcessIdentity;
import dev.kindred.channel.Codec;
import dev.kindred.channel.JoinableQueue;
import dev.kindred.internal.crash.CrashPoint;
import dev.kindred.internal.space.Space;
import dev.kindred.process.ChildProcess;
import dev.kindred.tests.support.Delays;
import dev.kindred.tests.support.Eventually;
import dev.kindred.tests.support.Family;
import dev.kindred.tests.sync.Actors;
import dev.kindred.tests.sync.SharedCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Work that is waited for, and what becomes of it when those die that have it. */
class JoinableQueueTest {

    private static final int JOBS = 200;

    private final Family family = new Family();
    private final SharedCounter counter = SharedCounter.create();

    @AfterEach
    void endAll() throws InterruptedException {
        family.end();
        counter.close();
    }

    private static JoinableQueue<Integer> handingOutAgain() {
        return JoinableQueue.handingOutAgain(16, Codec.objects());
    }

    @ParameterizedTest
    @EnumSource(value = Actors.class, names = "STRANGERS", mode = EnumSource.Mode.EXCLUDE)
    void joinReturnsWhenAllIsDoneAndNotBefore(Actors actors) throws Exception {
        JoinableQueue<Integer> queue = new JoinableQueue<>(16);
        SharedCounter shared = counter;
        actors.run(5, actor -> {
            if (actor == 4) {
                for (int job = 1; job <= JOBS; job++) {
                    queue.put(job);
                }
                queue.join();
                assertEquals(JOBS, shared.get(0), "jobs that were done when join returned");
                queue.shutdown(false);
                return;
            }
            try {
                while (true) {
                    int _ = queue.take();
                    shared.addAtomically(0, 1);
                    queue.taskDone();
                }
            } catch (dev.kindred.channel.QueueShutDownException end) {
                assertTrue(queue.isShutdown());
            }
        });
        assertTrue(queue.join(0, TimeUnit.SECONDS));
    }

    @Test
    void joinWaitsForWhatWasTakenAndIsNotDone() throws Exception {
        JoinableQueue<String> queue = new JoinableQueue<>(4);
        assertTrue(queue.join(0, TimeUnit.SECONDS), "of an empty queue");
        queue.put("a");
        queue.put("b");
        assertEquals("a", queue.take());
        assertEquals("b", queue.take());
        assertTrue(queue.isEmpty());
        queue.taskDone();
        assertFalse(queue.join(Delays.SMALL.toMillis(), TimeUnit.MILLISECONDS));
        queue.taskDone();
        queue.join();
        IllegalStateException tooMany = assertThrows(IllegalStateException.class, queue::taskDone);
        assertTrue(tooMany.getMessage().contains("too many times"), tooMany.getMessage());
    }

    @Test
    void aThreadIsDoneWithItsOwnFirst() throws Exception {
        JoinableQueue<Integer> queue = handingOutAgain();
        queue.put(1);
        queue.put(2);
        assertEquals(1, queue.take());
        Thread other = Thread.ofPlatform().start(() -> {
            try {
                assertEquals(2, queue.take());
                queue.taskDone();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        assertTrue(other.join(Delays.LONG));
        assertFalse(queue.join(0, TimeUnit.SECONDS));
        queue.taskDone();
        queue.join();
    }

    @Test
    void whatIsDroppedIsDone() throws Exception {
        JoinableQueue<Integer> queue = new JoinableQueue<>(4);
        queue.put(1);
        queue.put(2);
        assertEquals(1, queue.take());
        queue.clear();
        assertEquals(0, queue.size());
        assertFalse(queue.join(0, TimeUnit.SECONDS));
        queue.taskDone();
        queue.join();
    }

    private ChildProcess startThatTakes(JoinableQueue<Integer> queue, int count) {
        SharedCounter shared = counter;
        ChildProcess child = family.start("taker", () -> {
            for (int i = 0; i < count; i++) {
                int _ = queue.take();
            }
            shared.set(1, 1);
            Family.sleepForEver();
        });
        Eventually.holds("the child has taken its elements", () -> shared.get(1) == 1);
        return child;
    }

    @Test
    void joinDoesNotWaitForTheDeadButNamesThem() throws Exception {
        JoinableQueue<Integer> queue = new JoinableQueue<>(16);
        for (int i = 1; i <= 3; i++) {
            queue.put(i);
        }
        ChildProcess taker = startThatTakes(queue, 2);
        Thread joiner = Thread.ofPlatform().start(() -> {
            try {
                queue.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        assertEquals(3, queue.take());
        queue.taskDone();
        taker.kill();
        assertTrue(joiner.join(Delays.LONG), "join waits for a dead process");
        assertEquals(Map.of(new ProcessIdentity("taker", taker.pid()), 2), queue.lost());
    }

    @Test
    void whatTheDeadHadIsHandedOutAgainBeforeTheRest() throws Exception {
        JoinableQueue<Integer> queue = handingOutAgain();
        for (int i = 1; i <= 4; i++) {
            queue.put(i);
        }
        ChildProcess taker = startThatTakes(queue, 2);
        assertEquals(3, queue.take());
        taker.kill();
        taker.join();
        List<Integer> taken = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            taken.add(queue.poll(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS));
        }
        assertEquals(List.of(1, 2, 4), taken);
        assertFalse(queue.join(0, TimeUnit.SECONDS));
        for (int i = 0; i < 4; i++) {
            queue.taskDone();
        }
        queue.join();
        assertEquals(Map.of(), queue.lost());
    }

    @Test
    void whoSleepsGetsWhatTheDeadHad() throws Exception {
        JoinableQueue<Integer> queue = handingOutAgain();
        queue.put(1);
        ChildProcess taker = startThatTakes(queue, 1);
        SharedCounter shared = counter;
        family.start("heir", () -> {
            shared.set(0, queue.take());
            queue.taskDone();
        });
        Thread sleeper = Thread.ofPlatform().start(() -> {
            try {
                queue.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        assertFalse(queue.join(Delays.SMALL.toMillis(), TimeUnit.MILLISECONDS));
        taker.kill();
        assertTrue(sleeper.join(Delays.LONG), "nobody was given what the dead process had");
        assertEquals(1, shared.get(0));
    }

    /** Of one who works: takes, is done, takes again. */
    @ParameterizedTest
    @EnumSource(names = {"RING_FOUND", "JOINABLE_WORKER_NAMED", "RING_TAKEN", "RING_TAKE_UNTOLD", "SPACE_COLLECTION_INTENDED", "SPACE_PARCEL_UNLINKED",
            "SPACE_MARK_CLEARED", "JOINABLE_COLLECTED"})
    void everythingIsDoneAtLeastOnceWhereverAWorkerDies(CrashPoint point) throws Exception {
        JoinableQueue<Integer> queue = handingOutAgain();
        SharedCounter shared = counter;
        long before = Space.current().takenBytes();
        for (int job = 1; job <= 10; job++) {
            queue.put(job);
        }
        ChildProcess doomed = family.startDoomed("worker", point, 2, "KILL", () -> work(queue, shared));
        Family.awaitDeath(doomed);
        family.start("heir", () -> work(queue, shared));
        assertTrue(queue.join(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS), "join waits for a dead process");
        for (int job = 1; job <= 10; job++) {
            long times = shared.get(job);
            assertTrue(times == 1 || times == 2, "job " + job + " was done " + times + " times");
        }
        Eventually.holds("the memory is free", () -> Space.current().takenBytes() <= before + 4096);
    }

    private static void work(JoinableQueue<Integer> queue, SharedCounter done) throws InterruptedException {
        while (true) {
            int job = queue.take();
            done.addAtomically(job, 1);
            queue.taskDone();
        }
    }

    /** Of one who finds what the dead had. */
    @ParameterizedTest
    @EnumSource(names = {"JOINABLE_LOSS_ANNOUNCED", "JOINABLE_LOSS_COUNTED", "SPACE_COLLECTION_INTENDED", "SPACE_PARCEL_UNLINKED",
            "JOINABLE_LOSS_COLLECTED"})
    void whatIsLostIsCountedOnceWhereverOneDiesThatCountsIt(CrashPoint point) throws Exception {
        JoinableQueue<Integer> queue = new JoinableQueue<>(16);
        for (int i = 1; i <= 3; i++) {
            queue.put(i);
        }
        ChildProcess taker = startThatTakes(queue, 3);
        taker.kill();
        taker.join();
        ChildProcess doomed = family.startDoomed("joiner", point, 2, "KILL", queue::join);
        Family.awaitDeath(doomed);
        assertTrue(queue.join(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS));
        assertEquals(Map.of(new ProcessIdentity("taker", taker.pid()), 3), queue.lost());
    }

    /** It gets the memory of the lost one, most likely. */
    @Test
    void whatIsPutAfterALossIsNotTakenForTheLostOne() throws Exception {
        JoinableQueue<Integer> queue = new JoinableQueue<>(16);
        queue.put(1);
        ChildProcess taker = startThatTakes(queue, 1);
        taker.kill();
        taker.join();
        Family.awaitDeath(family.startDoomed("joiner", CrashPoint.JOINABLE_LOSS_COLLECTED, 1, "KILL", queue::join));
        queue.put(2);
        assertEquals(2, queue.poll(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS));
        assertFalse(queue.join(0, TimeUnit.SECONDS));
        queue.taskDone();
        assertTrue(queue.join(0, TimeUnit.SECONDS));
        assertEquals(Map.of(new ProcessIdentity("taker", taker.pid()), 1), queue.lost());
    }
}
