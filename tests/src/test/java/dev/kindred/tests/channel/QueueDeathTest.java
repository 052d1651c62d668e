// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import dev.kindred.channel.ByteQueue;
import dev.kindred.channel.JoinableQueue;
import dev.kindred.internal.crash.CrashPoint;
import dev.kindred.internal.space.Space;
import dev.kindred.process.ChildProcess;
import dev.kindred.tests.support.Delays;
import dev.kindred.tests.support.Eventually;
import dev.kindred.tests.support.Family;
import dev.kindred.tests.sync.SharedCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of queues when processes die at any step, and when they are merely stopped. */
class QueueDeathTest {

    /** Those at which one dies that puts. */
    private static final Set<CrashPoint> OF_PUTTING = EnumSet.of(CrashPoint.MUTEX_ACQUIRED, CrashPoint.RING_CLAIMED, CrashPoint.RING_WRITTEN,
            CrashPoint.RING_PUBLISHED, CrashPoint.RING_TAIL_MOVED, CrashPoint.RING_PUT_UNTOLD, CrashPoint.WAIT_ANNOUNCED, CrashPoint.WAIT_WOKEN);

    /** Those at which one dies that takes. */
    private static final Set<CrashPoint> OF_TAKING = EnumSet.of(CrashPoint.MUTEX_ACQUIRED, CrashPoint.RING_FOUND, CrashPoint.RING_TAKEN,
            CrashPoint.RING_TAKE_UNTOLD, CrashPoint.WAIT_ANNOUNCED, CrashPoint.WAIT_WOKEN);

    /** At which one dies that puts an element with a block of its own. */
    private static final Set<CrashPoint> OF_PUTTING_LARGE = EnumSet.of(CrashPoint.SPACE_BLOCK_MARKED, CrashPoint.RING_CLAIMED,
            CrashPoint.SPACE_PARCEL_PREPARED, CrashPoint.SPACE_CONSIGNMENT_INTENDED, CrashPoint.SPACE_PARCEL_LINKED, CrashPoint.SPACE_PARCEL_MARKED,
            CrashPoint.RING_WRITTEN, CrashPoint.RING_PUBLISHED);

    private static final Set<CrashPoint> OF_TAKING_LARGE = EnumSet.of(CrashPoint.RING_FOUND, CrashPoint.RING_TAKEN,
            CrashPoint.SPACE_COLLECTION_INTENDED, CrashPoint.SPACE_PARCEL_UNLINKED, CrashPoint.SPACE_GRANULES_FREED, CrashPoint.RING_TAKE_UNTOLD);

    private static final int FEW = 20;

    /** Between the elements of one, so that the other falls asleep waiting for the next. */
    private static final long PACE_NANOSECONDS = 300_000;

    private static final int LARGE = 300_000;

    private final Family family = new Family();
    private final SharedCounter counter = SharedCounter.create();

    @AfterEach
    void endAll() throws InterruptedException {
        family.end();
        counter.close();
    }

    static Stream<Arguments> allOfPutting() {
        return OF_PUTTING.stream().flatMap(point -> Stream.of(QueueKind.BYTES, QueueKind.LONGS, QueueKind.JOINABLE)
                .filter(kind -> kind != QueueKind.LONGS || point != CrashPoint.RING_TAIL_MOVED).map(kind -> Arguments.of(point, kind)));
    }

    static Stream<Arguments> allOfTaking() {
        return OF_TAKING.stream().flatMap(point -> Stream.of(QueueKind.BYTES, QueueKind.LONGS).map(kind -> Arguments.of(point, kind)));
    }

    static Stream<CrashPoint> allOfPuttingLarge() {
        return OF_PUTTING_LARGE.stream();
    }

    static Stream<CrashPoint> allOfTakingLarge() {
        return OF_TAKING_LARGE.stream();
    }

    /** What waits or is told passes when somebody sleeps, the first time; of the others the third is in the middle of it. */
    private static int passing(CrashPoint point) {
        return point == CrashPoint.WAIT_ANNOUNCED || point == CrashPoint.WAIT_WOKEN ? 1 : 3;
    }

    private static void putForEver(NumberQueue queue, boolean paced) throws InterruptedException {
        for (long number = 1; ; number++) {
            queue.put(number);
            if (paced) {
                LockSupport.parkNanos(PACE_NANOSECONDS);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("allOfPutting")
    void whatWasPutIsThereWhereverItsProducerDiesAndOthersGoOn(CrashPoint point, QueueKind kind) throws Exception {
        NumberQueue queue = kind.create(4);
        boolean waits = point == CrashPoint.WAIT_ANNOUNCED || point == CrashPoint.WAIT_WOKEN;
        ChildProcess doomed = family.startDoomed("producer", point, passing(point), "KILL", () -> putForEver(queue, !waits));
        long last = 0;
        while (doomed.isAlive()) {
            last = expectNext(queue, last, queue.poll(1, TimeUnit.MILLISECONDS));
            if (waits) {
                LockSupport.parkNanos(PACE_NANOSECONDS);
            }
        }
        Family.awaitDeath(doomed);
        for (OptionalLong left = queue.poll(); left.isPresent(); left = queue.poll()) {
            last = expectNext(queue, last, left);
        }
        ChildProcess heir = family.start("heir", () -> {
            for (int i = 1; i <= FEW; i++) {
                queue.put(i);
            }
        });
        for (int i = 1; i <= FEW; i++) {
            assertEquals(OptionalLong.of(i), queue.poll(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS), "after the death at " + point);
        }
        Family.awaitEnd(heir);
        assertEquals(0, queue.size());
    }

    private static long expectNext(NumberQueue queue, long last, OptionalLong taken) {
        if (taken.isEmpty()) {
            return last;
        }
        assertEquals(last + 1, taken.getAsLong(), () -> "of " + queue);
        return taken.getAsLong();
    }

    @ParameterizedTest
    @MethodSource("allOfTaking")
    void noMoreIsLostThanOneThatWasTakenWhereverItsConsumerDies(CrashPoint point, QueueKind kind) throws Exception {
        NumberQueue queue = kind.create(64);
        SharedCounter shared = counter;
        ChildProcess doomed = family.startDoomed("consumer", point, passing(point), "KILL", () -> {
            while (true) {
                shared.set(0, queue.take());
            }
        });
        long number = 0;
        while (doomed.isAlive()) {
            number = offerPaced(queue, number);
        }
        Family.awaitDeath(doomed);
        if (queue.offer(number + 1)) {
            number++;
        }
        long seen = shared.get(0);
        long next = queue.poll(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS).orElseThrow();
        assertTrue(next == seen + 1 || next == seen + 2, "after " + seen + " comes " + next);
        while (next < number) {
            assertEquals(++next, queue.poll(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS).orElseThrow());
        }
        assertEquals(0, queue.size());
    }

    private static long offerPaced(NumberQueue queue, long last) throws InterruptedException {
        long number = queue.offer(last + 1, 1, TimeUnit.MILLISECONDS) ? last + 1 : last;
        LockSupport.parkNanos(PACE_NANOSECONDS);
        return number;
    }

    private static Thread startAndAwaitSleep(Body body) {
        Thread thread = Thread.ofPlatform().start(() -> {
            try {
                body.run();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        Eventually.holds("the thread sleeps",
                () -> Arrays.stream(thread.getStackTrace()).anyMatch(frame -> frame.getMethodName().equals("futexWait")));
        return thread;
    }

    private interface Body {
        void run() throws InterruptedException;
    }

    @ParameterizedTest
    @EnumSource(names = {"RING_TAKEN", "RING_TAKE_UNTOLD", "RING_CHANGE_TOLD"})
    void whoSleepsForRoomGetsItThoughTheOneDiesThatWouldWakeIt(CrashPoint point) throws Exception {
        NumberQueue queue = QueueKind.LONGS.create(1);
        queue.put(1);
        Thread sleeper = startAndAwaitSleep(() -> queue.put(2));
        Family.awaitDeath(family.startDoomed("consumer", point, 1, "KILL", queue::take));
        assertTrue(sleeper.join(Delays.LONG), "it sleeps though there is room");
        assertEquals(2, queue.take());
    }

    @ParameterizedTest
    @EnumSource(names = {"RING_PUBLISHED", "RING_PUT_UNTOLD", "RING_CHANGE_TOLD"})
    void whoSleepsForAnElementGetsItThoughTheOneDiesThatWouldWakeIt(CrashPoint point) throws Exception {
        NumberQueue queue = QueueKind.LONGS.create(1);
        Thread sleeper = startAndAwaitSleep(() -> assertEquals(1, queue.take()));
        Family.awaitDeath(family.startDoomed("producer", point, 1, "KILL", () -> queue.put(1)));
        assertTrue(sleeper.join(Delays.LONG), "it sleeps though there is an element");
        assertTrue(queue.isEmpty());
    }

    /** A killed waiter has consumed nothing that another needs. */
    @ParameterizedTest
    @EnumSource(names = {"BYTES", "LONGS", "OBJECTS"})
    void whoSleepsGetsWhatADeadSleeperWasWokenFor(QueueKind kind) throws Exception {
        NumberQueue queue = kind.create(1);
        ChildProcess _ = family.startDoomed("other", CrashPoint.WAIT_WOKEN, 1, "KILL", queue::take);
        Thread sleeper = startAndAwaitSleep(() -> assertEquals(1, queue.take()));
        queue.put(1);
        assertTrue(sleeper.join(Delays.LONG), "it sleeps though there is an element");
    }

    @ParameterizedTest
    @EnumSource(names = {"BYTES", "LONGS", "OBJECTS"})
    void aStoppedProducerHoldsUpNobodyBeyondADeadlineAndGoesOnWhenItContinues(QueueKind kind) throws Exception {
        NumberQueue queue = kind.create(64);
        ChildProcess stopped = family.startDoomed("producer", CrashPoint.RING_WRITTEN, 3, "STOP", () -> {
            for (int i = 1; i <= FEW; i++) {
                queue.put(i);
            }
        });
        Family.awaitStop(stopped);
        assertFalse(queue.offer(99));
        assertFalse(queue.offer(99, Delays.SMALL.toMillis(), TimeUnit.MILLISECONDS));
        assertEquals(OptionalLong.of(1), queue.poll());
        assertEquals(OptionalLong.of(2), queue.poll());
        assertEquals(OptionalLong.empty(), queue.poll());
        assertEquals(OptionalLong.empty(), queue.poll(Delays.SMALL.toMillis(), TimeUnit.MILLISECONDS));
        Family.resume(stopped);
        for (int i = 3; i <= FEW; i++) {
            assertEquals(OptionalLong.of(i), queue.poll(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS));
        }
        Family.awaitEnd(stopped);
        assertTrue(queue.offer(99));
    }

    @Test
    void aStoppedConsumerHoldsUpNobodyBeyondADeadlineAndGoesOnWhenItContinues() throws Exception {
        NumberQueue queue = QueueKind.LONGS.create(64);
        SharedCounter shared = counter;
        for (int i = 1; i <= FEW; i++) {
            queue.put(i);
        }
        ChildProcess stopped = family.startDoomed("consumer", CrashPoint.RING_FOUND, 3, "STOP", () -> {
            for (int i = 1; i <= 5; i++) {
                shared.set(0, queue.take());
            }
        });
        Family.awaitStop(stopped);
        assertEquals(OptionalLong.empty(), queue.poll());
        assertEquals(OptionalLong.empty(), queue.poll(Delays.SMALL.toMillis(), TimeUnit.MILLISECONDS));
        assertTrue(queue.offer(FEW + 1));
        Family.resume(stopped);
        Family.awaitEnd(stopped);
        assertEquals(5, shared.get(0));
        for (int i = 6; i <= FEW + 1; i++) {
            assertEquals(OptionalLong.of(i), queue.poll());
        }
    }

    /** It puts its element when it continues: nobody could take that. */
    @ParameterizedTest
    @EnumSource(names = {"BYTES", "LONGS", "JOINABLE"})
    void whatAStoppedProducerPutsIntoAQueueThatWasEndedIsDropped(QueueKind kind) throws Exception {
        NumberQueue queue = kind.create(64);
        ChildProcess stopped = family.startDoomed("producer", CrashPoint.RING_WRITTEN, 3, "STOP", () -> {
            for (int i = 1; i <= 3; i++) {
                queue.put(i);
            }
        });
        Family.awaitStop(stopped);
        queue.shutdown(true);
        assertEquals(0, queue.size());
        Family.resume(stopped);
        Family.awaitEnd(stopped);
        assertEquals(0, queue.size());
        if (queue instanceof NumberQueue.Objects(JoinableQueue<Long> joinable)) {
            assertTrue(joinable.join(0, TimeUnit.SECONDS), "join waits for what nobody can take");
        }
    }

    private static byte[] large(int number) {
        byte[] bytes = new byte[LARGE];
        for (int i = 0; i < bytes.length; i += 997) {
            bytes[i] = (byte) (number + i);
        }
        bytes[0] = (byte) number;
        return bytes;
    }

    private static void assertIsLarge(int number, byte[] bytes) {
        assertEquals(LARGE, bytes.length);
        byte[] expected = large(number);
        for (int i = 0; i < bytes.length; i += 997) {
            assertEquals(expected[i], bytes[i], "byte " + i + " of " + number);
        }
    }

    @ParameterizedTest
    @MethodSource("allOfPuttingLarge")
    void aLargeElementIsThereOrItsMemoryIsFreeWhereverItsProducerDies(CrashPoint point) throws Exception {
        ByteQueue queue = new ByteQueue(1 << 16);
        long taken = Space.current().takenBytes();
        ChildProcess doomed = family.startDoomed("producer", point, 1, "KILL", () -> {
            queue.put(large(1));
            queue.put(large(2));
        });
        Family.awaitDeath(doomed);
        List<byte[]> left = new ArrayList<>();
        for (byte[] next = queue.poll(); next != null; next = queue.poll()) {
            left.add(next);
        }
        assertTrue(left.size() <= 1, "of one element came " + left.size());
        left.forEach(bytes -> assertIsLarge(1, bytes));
        queue.put(large(3));
        assertIsLarge(3, queue.take());
        assertNothingLargeIsLeft(queue, taken);
    }

    @ParameterizedTest
    @MethodSource("allOfTakingLarge")
    void aLargeElementIsThereOrItsMemoryIsFreeWhereverItsConsumerDies(CrashPoint point) throws Exception {
        ByteQueue queue = new ByteQueue(1 << 16);
        long taken = Space.current().takenBytes();
        for (int i = 1; i <= 3; i++) {
            queue.put(large(i));
        }
        ChildProcess doomed = family.startDoomed("consumer", point, 1, "KILL", () -> {
            while (true) {
                assertIsLarge(1, queue.take());
            }
        });
        Family.awaitDeath(doomed);
        byte[] next = queue.poll(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS);
        int first = next[0];
        assertTrue(first == 1 || first == 2, "the first that is left is " + first);
        assertIsLarge(first, next);
        for (int i = first + 1; i <= 3; i++) {
            assertIsLarge(i, queue.poll(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS));
        }
        assertNothingLargeIsLeft(queue, taken);
    }

    /** By now somebody has come upon what the dead left. */
    private static void assertNothingLargeIsLeft(ByteQueue queue, long takenBefore) {
        assertEquals(0, queue.size());
        Eventually.holds("no large block is left", () -> Space.current().takenBytes() < takenBefore + LARGE / 2);
    }
}
