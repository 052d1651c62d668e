// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.kindred.Space;
import dev.kindred.SpaceClosedException;
import dev.kindred.process.ChildProcess;
import dev.kindred.sync.Barrier;
import dev.kindred.sync.BoundedSemaphore;
import dev.kindred.sync.Condition;
import dev.kindred.sync.Event;
import dev.kindred.sync.Lock;
import dev.kindred.sync.RLock;
import dev.kindred.sync.RobustSemaphore;
import dev.kindred.sync.Semaphore;
import dev.kindred.tests.support.Delays;
import dev.kindred.tests.support.Eventually;
import dev.kindred.tests.support.Family;
import dev.kindred.tests.support.Soak;
import dev.kindred.tests.sync.Waiters.Waiter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Objects that have a name in a space: what their opening refuses, and what becomes of them when the space is closed. */
class NamedObjectsTest {

    private final String name = "named-" + ProcessHandle.current().pid() + "-" + Strangers.newName();

    private static String refusal(Executable opening) {
        return String.valueOf(assertThrows(IllegalStateException.class, opening).getMessage());
    }

    @Test
    void whatWasMadeOtherwiseIsRefusedByBothDescriptions() {
        try (Space space = Space.open(name)) {
            Semaphore semaphore = Semaphore.open(space, "semaphore", 3);
            assertEquals(3, Semaphore.open(space, "semaphore", 5).getValue(), "it exists with the permits that it has");
            semaphore.release();
            assertEquals("'semaphore' in space '" + name + "' exists as Semaphore, and was asked for as BoundedSemaphore (permits: at most 3): "
                    + "all who use a name must mean the same by it", refusal(() -> BoundedSemaphore.open(space, "semaphore", 3)));
            BoundedSemaphore.open(space, "bounded", 2);
            String bound = refusal(() -> BoundedSemaphore.open(space, "bounded", 3));
            assertTrue(bound.contains("(permits: at most 2), and was asked for as BoundedSemaphore (permits: at most 3)"), bound);
            assertThrows(IllegalStateException.class, () -> Semaphore.open(space, "bounded", 2));
            RobustSemaphore.open(space, "robust", 2);
            String robust = refusal(() -> RobustSemaphore.open(space, "robust", 3));
            assertTrue(robust.contains("exists as RobustSemaphore (permits: 2), and was asked for as RobustSemaphore (permits: 3)"), robust);
            Barrier.open(space, "barrier", 2);
            String parties = refusal(() -> Barrier.open(space, "barrier", 3));
            assertTrue(parties.contains("exists as Barrier (parties: 2), and was asked for as Barrier (parties: 3)"), parties);
            Event.open(space, "event");
            String kind = refusal(() -> Lock.open(space, "event"));
            assertTrue(kind.contains("exists as Event, and was asked for as Lock (poisoned"), kind);
            assertEquals(List.of("barrier", "bounded", "event", "robust", "semaphore"), space.names());
        }
    }

    @Test
    void whatCannotBeIsRefusedBeforeItIsMade() {
        try (Space space = Space.open(name)) {
            assertThrows(IllegalArgumentException.class, () -> Semaphore.open(space, "a", -1));
            assertThrows(IllegalArgumentException.class, () -> BoundedSemaphore.open(space, "a", -1));
            assertThrows(IllegalArgumentException.class, () -> RobustSemaphore.open(space, "a", 0));
            assertThrows(IllegalArgumentException.class, () -> Barrier.open(space, "a", 0));
            assertThrows(IllegalArgumentException.class, () -> Event.open(space, "a/b"));
            assertThrows(IllegalArgumentException.class, () -> Lock.open(space, "lock").openCondition(""));
            UnsupportedOperationException handOff =
                    assertThrows(UnsupportedOperationException.class, () -> Lock.openHandOff(space, "handed-off").openCondition("a"));
            assertTrue(String.valueOf(handOff.getMessage()).contains("has no owner"), handOff.getMessage());
            assertEquals(List.of("handed-off", "lock"), space.names());
        }
    }

    @Test
    void aConditionIsOfOneLock() throws Exception {
        try (Space space = Space.open(name)) {
            Lock book = Lock.open(space, "book");
            RLock other = RLock.open(space, "other");
            Condition arrived = book.openCondition("arrived");
            String refused = refusal(() -> other.openCondition("arrived"));
            assertTrue(refused.matches(".*exists as Condition \\(of Lock 'book' at \\d+\\), and was asked for as Condition \\(of RLock 'other' at "
                    + "\\d+\\).*"), refused);
            String anonymous = refusal(() -> new Lock().openCondition("arrived"));
            assertTrue(anonymous.contains("open it by Lock.open or RLock.open, or use newCondition()"), anonymous);
            // The name of the lock comes to mean another, whose holder must not pass for a holder of this one.
            assertTrue(space.remove("book"));
            assertThrows(IllegalStateException.class, () -> book.openCondition("arrived"));
            Lock another = Lock.open(space, "book");
            assertThrows(IllegalStateException.class, () -> another.openCondition("arrived"));
            book.lock();
            assertFalse(arrived.await(1, TimeUnit.NANOSECONDS));
            book.unlock();
            assertTrue(space.remove("arrived"));
            another.lock();
            another.openCondition("arrived").signalAll();
            another.unlock();
        }
    }

    /** It lies where its lock does, or the child would wait for something else. */
    @Test
    void aConditionWithoutANameGoesWithItsLockToAChild() throws Exception {
        try (Space space = Space.open(name)) {
            RLock lock = RLock.open(space, "lock");
            Condition condition = lock.newCondition();
            ChildProcess child = ChildProcess.builder().maxHeap(32 << 20).start(() -> {
                lock.lock();
                try {
                    assertTrue(condition.await(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS));
                } finally {
                    lock.unlock();
                }
            });
            Eventually.holds("the child waits", () -> condition.getWaitQueueLength() == 1);
            lock.lock();
            condition.signal();
            lock.unlock();
            Family.awaitEnd(child);
            child.close();
        }
    }

    @Test
    void nothingCanBeDoneOnceTheSpaceIsClosed() {
        Space space = Space.open(name);
        Lock lock = Lock.open(space, "lock");
        Condition condition = lock.openCondition("condition");
        RLock reentrant = RLock.open(space, "reentrant");
        Semaphore semaphore = Semaphore.open(space, "semaphore", 2);
        BoundedSemaphore bounded = BoundedSemaphore.open(space, "bounded", 2);
        RobustSemaphore robust = RobustSemaphore.open(space, "robust", 2);
        assertTrue(robust.tryAcquire());
        Event event = Event.open(space, "event");
        Barrier barrier = Barrier.open(space, "barrier", 2);
        reentrant.lock();
        space.close();
        List<Executable> all = List.of(() -> lock.openCondition("condition"), lock::newCondition, condition::await, condition::signal,
                condition::signalAll, condition::getWaitQueueLength, condition::awaitUninterruptibly, reentrant::lock, reentrant::unlock,
                reentrant::tryLock, reentrant::recover, semaphore::acquire, semaphore::release, semaphore::getValue, semaphore::locked,
                semaphore::tryAcquire, semaphore::segment, bounded::acquire, bounded::release, robust::acquire, robust::release,
                robust::tryAcquire, robust::getValue, robust::holders, event::set, event::clear, event::isSet, event::await,
                () -> event.await(1, TimeUnit.SECONDS), event::awaitUninterruptibly, barrier::await, () -> barrier.await(1, TimeUnit.SECONDS),
                barrier::abort, barrier::reset, barrier::register, barrier::deregister, barrier::isBroken, barrier::getNumberWaiting,
                () -> Event.open(space, "event"), () -> Semaphore.open(space, "semaphore", 2), () -> Barrier.open(space, "barrier", 2));
        for (int i = 0; i < all.size(); i++) {
            assertThrows(SpaceClosedException.class, all.get(i), "number " + i);
        }
        for (Object each : List.of(lock, condition, reentrant, semaphore, bounded, robust, event, barrier)) {
            assertEquals(each.getClass().getSimpleName() + "[of the space '" + name + "', which this process has left]", each.toString());
        }
        // The reentrant lock was held, and so the space stays until somebody is told.
        try (Space next = Space.open(name)) {
            RLock poisoned = RLock.open(next, "reentrant");
            assertTrue(poisoned.recover());
            poisoned.unlock();
            assertEquals(2, RobustSemaphore.open(next, "robust", 2).getValue());
        }
    }

    private static Stream<Callable<String>> waits(Space space) {
        Lock lock = Lock.open(space, "lock");
        Condition condition = lock.openCondition("condition");
        Event event = Event.open(space, "event");
        Semaphore semaphore = Semaphore.open(space, "semaphore", 0);
        RobustSemaphore robust = RobustSemaphore.open(space, "robust", 1);
        Barrier barrier = Barrier.open(space, "barrier", 8);
        assertTrue(robust.tryAcquire());
        return Stream.of(
                () -> {
                    lock.lock();
                    try {
                        condition.await();
                    } finally {
                        lock.unlock();
                    }
                    return "woken";
                },
                () -> {
                    event.await();
                    return "set";
                },
                () -> {
                    semaphore.acquire();
                    return "acquired";
                },
                () -> {
                    robust.acquire();
                    return "acquired";
                },
                () -> "index " + barrier.await());
    }

    /** Those who come back from a condition must not take the lock along, which nobody held. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closingEndsAllWaitsAndPoisonsNothingThatWasNotHeld(boolean virtual) throws Exception {
        Space space = Space.open(name);
        List<Waiter> waiters = new ArrayList<>();
        // Several threads each: one of them watches, the others stand behind it.
        waits(space).forEach(wait -> {
            for (int i = 0; i < 3; i++) {
                waiters.add(Waiters.start(virtual, wait));
            }
        });
        Condition condition = Lock.open(space, "lock").openCondition("condition");
        Barrier barrier = Barrier.open(space, "barrier", 8);
        Eventually.holds("they wait", () -> condition.getWaitQueueLength() == 3 && barrier.getNumberWaiting() == 3);
        waiters.forEach(waiter -> Waiters.awaitAsleep(waiter.thread()));
        space.close();
        for (Waiter waiter : waiters) {
            assertEquals("SpaceClosedException", waiter.await());
        }
        assertFalse(Files.exists(Path.of("/dev/shm/kindred." + name)), "no lock was held, so the space is gone");
    }

    @Test
    void threadsAndVirtualThreadsOfProcessesThatAreNotRelatedExcludeEachOther() throws Exception {
        int rounds = 1_000;
        try (Strangers strangers = new Strangers(); SharedCounter counter = SharedCounter.create()) {
            Lock lock = strangers.share((space, _) -> Lock.open(space, "lock"));
            RobustSemaphore semaphore = strangers.share((space, _) -> RobustSemaphore.open(space, "semaphore", 1));
            Actors.Task task = _ -> {
                for (int round = 0; round < rounds; round++) {
                    lock.lock();
                    counter.addUnprotected(0, 1);
                    lock.unlock();
                    semaphore.acquire();
                    counter.addUnprotected(1, 1);
                    semaphore.release();
                }
            };
            strangers.start(2);
            strangers.run(2, actor -> (actor == 0 ? Actors.THREADS : Actors.VIRTUAL_THREADS).run(2, task));
            assertEquals(4L * rounds, counter.get(0));
            assertEquals(4L * rounds, counter.get(1));
        }
    }

    /** In each round those who race make a space and what is in it, meet there, and remove it. */
    @Test
    void allWhoOpenAtTheSameTimeMeet() throws Exception {
        int actors = 4;
        int rounds = Soak.Rounds.of(20, 500);
        String prefix = name;
        try (Strangers strangers = new Strangers()) {
            strangers.start(actors);
            strangers.run(actors, actor -> {
                for (int round = 0; round < rounds; round++) {
                    try (Space space = Space.open(prefix + "." + round)) {
                        meet(space, actors, actor);
                    }
                }
            });
        }
        try (Stream<Path> files = Files.list(Path.of("/dev/shm"))) {
            assertEquals(List.of(), files.filter(file -> file.toString().contains(prefix)).toList());
        }
    }

    private static void meet(Space space, int actors, int actor) throws Exception {
        Semaphore counting = Semaphore.open(space, "counting", 0);
        BoundedSemaphore bounded = BoundedSemaphore.open(space, "bounded", actors);
        RobustSemaphore robust = RobustSemaphore.open(space, "robust", actors);
        Event event = Event.open(space, "event");
        RLock lock = RLock.open(space, "lock");
        Condition condition = lock.openCondition("condition");
        Barrier barrier = Barrier.open(space, "barrier", actors, Delays.LONG.toMillis(), TimeUnit.MILLISECONDS);
        counting.release();
        bounded.acquire();
        robust.acquire();
        int _ = barrier.await();
        assertEquals(actors, counting.getValue());
        assertEquals(0, bounded.getValue());
        assertEquals(0, robust.getValue());
        int _ = barrier.await();
        lock.lock();
        try {
            if (actor == 0) {
                event.set();
                condition.signalAll();
            } else {
                condition.waitFor(event::isSet);
            }
        } finally {
            lock.unlock();
        }
        int _ = barrier.await();
        barrier.deregister();
    }
}
