// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.space;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import dev.kindred.OwnerDiedException;
import dev.kindred.ProcessIdentity;
import dev.kindred.Space;
import dev.kindred.SpaceClosedException;
import dev.kindred.process.ChildProcess;
import dev.kindred.process.ChildTask;
import dev.kindred.sync.Lock;
import dev.kindred.sync.RLock;
import dev.kindred.tests.support.Delays;
import dev.kindred.tests.support.Eventually;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A named space as one process sees it. */
class NamedSpaceTest {

    private static final long PID = ProcessHandle.current().pid();

    private final String name = SpaceFiles.newName();

    @Test
    void isAFileOfItsUserAloneAsLongAsItIsOpen() throws IOException {
        try (Space space = Space.open(name)) {
            assertEquals(name, space.name());
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(SpaceFiles.of(name))));
            assertEquals("Space[" + name + ", /dev/shm/kindred." + name + ", processes: 1]", space.toString());
            assertEquals(List.of(PID), space.members().stream().map(ProcessIdentity::pid).toList());
        }
        assertFalse(SpaceFiles.exists(name));
    }

    @Test
    void openedTwiceInOneProcessIsOneMembershipThatIsLeftWithTheSecondClosing() {
        Space first = Space.open(name);
        Space second = Space.open(name);
        assertEquals(1, second.members().size());
        Lock lock = Lock.open(first, "lock");
        first.close();
        first.close();
        assertFalse(first.isOpen());
        assertTrue(second.isOpen());
        assertTrue(lock.tryLock());
        assertTrue(Lock.open(second, "lock").locked());
        lock.unlock();
        assertThrows(SpaceClosedException.class, first::names);
        assertThrows(SpaceClosedException.class, first::members);
        assertThrows(SpaceClosedException.class, () -> first.remove("lock"));
        assertThrows(SpaceClosedException.class, () -> Lock.open(first, "lock"));
        assertTrue(first.toString().endsWith(", closed]"), first.toString());
        second.close();
        assertFalse(SpaceFiles.exists(name));
        assertThrows(SpaceClosedException.class, lock::tryLock);
    }

    @Test
    void isNewWhenItIsOpenedAgain() {
        try (Space space = Space.open(name)) {
            Lock.open(space, "lock");
            assertEquals(List.of("lock"), space.names());
        }
        try (Space space = Space.open(name)) {
            assertEquals(List.of(), space.names());
        }
    }

    @Test
    void aNameStandsForOneObject() {
        try (Space space = Space.open(name); Space other = Space.open(name + ".other")) {
            Lock lock = Lock.open(space, "a");
            Lock same = Lock.open(space, "a");
            assertNotSame(lock, same);
            lock.lock();
            assertTrue(same.locked());
            assertFalse(Lock.open(space, "b").locked());
            assertFalse(Lock.open(other, "a").locked());
            same.unlock();
            assertFalse(lock.locked());
            assertEquals(List.of("a", "b"), space.names());
        }
    }

    private static void runInChild(ChildTask task) throws InterruptedException {
        try (ChildProcess child = ChildProcess.builder().maxHeap(32 << 20).start(task)) {
            assertTrue(child.join(Delays.LONG));
            assertEquals(0, child.exitCode().orElseThrow());
        }
    }

    @Test
    void kindsAndPoliciesAreKept() throws Exception {
        String spaceName = name;
        try (Space space = Space.open(name)) {
            RLock reentrant = RLock.open(space, "reentrant");
            reentrant.lock();
            reentrant.lock();
            assertEquals(2, reentrant.getHoldCount());
            reentrant.unlock();
            reentrant.unlock();
            runInChild(() -> RLock.openTakeOver(Space.open(spaceName), "taken-over").lock());
            RLock takenOver = RLock.openTakeOver(space, "taken-over");
            takenOver.lock();
            takenOver.unlock();
            Lock handedOff = Lock.openHandOff(space, "handed-off");
            handedOff.lock();
            runInChild(() -> Lock.openHandOff(Space.open(spaceName), "handed-off").unlock());
            assertFalse(handedOff.locked());
            assertEquals(List.of("handed-off", "reentrant", "taken-over"), space.names());
        }
    }

    @Test
    void whatIsOfAnotherKindIsRefusedByBothNames() {
        try (Space space = Space.open(name)) {
            Lock.open(space, "lock");
            IllegalStateException kind = assertThrows(IllegalStateException.class, () -> RLock.open(space, "lock"));
            assertEquals("'lock' in space '" + name + "' exists as Lock (poisoned when its owner dies), and was asked for as RLock (poisoned when its "
                    + "owner dies): all who use a name must mean the same by it", kind.getMessage());
            IllegalStateException policy = assertThrows(IllegalStateException.class, () -> Lock.openTakeOver(space, "lock"));
            assertTrue(policy.getMessage().contains("exists as Lock (poisoned when its owner dies)"), policy.getMessage());
            assertTrue(policy.getMessage().contains("asked for as Lock (taken over when its owner dies)"), policy.getMessage());
            assertThrows(IllegalStateException.class, () -> Lock.openHandOff(space, "lock"));
            assertEquals(List.of("lock"), space.names());
        }
    }

    @Test
    void aNameThatIsRemovedStandsForSomethingNewAndWhoHasTheOldGoesOn() {
        try (Space space = Space.open(name)) {
            Lock old = Lock.open(space, "lock");
            old.lock();
            assertTrue(space.remove("lock"));
            assertFalse(space.remove("lock"));
            assertEquals(List.of(), space.names());
            RLock fresh = RLock.open(space, "lock");
            assertTrue(fresh.tryLock());
            assertTrue(old.locked());
            old.unlock();
            fresh.unlock();
        }
    }

    static Stream<String> badNames() {
        return Stream.of("", "a/b", "/", "a b", "a\0b", "gr\u00fcn", "x".repeat(129), "a\n", "a:b");
    }

    @ParameterizedTest
    @MethodSource("badNames")
    void refusesNamesThatAreNone(String bad) throws IOException {
        IllegalArgumentException ofSpace = assertThrows(IllegalArgumentException.class, () -> Space.open(bad));
        assertTrue(ofSpace.getMessage().startsWith("the name of a space"), ofSpace.getMessage());
        try (Space space = Space.open(name)) {
            IllegalArgumentException ofObject = assertThrows(IllegalArgumentException.class, () -> Lock.open(space, bad));
            assertTrue(ofObject.getMessage().startsWith("the name of an object in a space"), ofObject.getMessage());
            assertThrows(IllegalArgumentException.class, () -> space.remove(bad));
            assertEquals(List.of(), space.names());
        }
    }

    @Test
    void takesNamesThatAreOdd() {
        for (String odd : List.of(".", "..", "-", "a.b-c_D9", "x".repeat(128))) {
            try (Space space = Space.open(odd)) {
                assertTrue(SpaceFiles.exists(odd), odd);
                assertTrue(Lock.open(space, odd).tryLock());
                assertEquals(List.of(odd), space.names());
                Lock.open(space, odd).unlock();
            }
            assertFalse(SpaceFiles.exists(odd), odd);
        }
    }

    @Test
    void itsObjectsCannotBeUsedOnceItIsClosed() {
        Space space = Space.open(name);
        Lock lock = Lock.open(space, "lock");
        RLock reentrant = RLock.open(space, "reentrant");
        space.close();
        for (java.util.concurrent.locks.Lock each : List.of(lock, reentrant)) {
            assertThrows(SpaceClosedException.class, each::lock);
            assertThrows(SpaceClosedException.class, each::tryLock);
            assertThrows(SpaceClosedException.class, () -> each.tryLock(1, TimeUnit.SECONDS));
            assertThrows(SpaceClosedException.class, each::lockInterruptibly);
        }
        assertThrows(SpaceClosedException.class, lock::unlock);
        assertThrows(SpaceClosedException.class, lock::recover);
        assertThrows(SpaceClosedException.class, () -> lock.recover(1, TimeUnit.SECONDS));
        assertThrows(SpaceClosedException.class, lock::locked);
        assertThrows(SpaceClosedException.class, lock::owner);
        assertThrows(SpaceClosedException.class, lock::poisoned);
        assertEquals("Lock[of the space '" + name + "', which this process has left]", lock.toString());
        // Opened again, the name is another space: what the old objects do is no part of it.
        try (Space again = Space.open(name)) {
            assertThrows(SpaceClosedException.class, lock::tryLock);
            assertFalse(Lock.open(again, "lock").locked());
        }
    }

    /** The one of several platform threads that watches the word is in the kernel, which Java calls running. */
    private static boolean isWaiting(Thread thread, boolean virtual) {
        return switch (thread.getState()) {
            case WAITING, TIMED_WAITING -> true;
            case RUNNABLE -> !virtual;
            default -> false;
        };
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closingEndsTheWaitsOfItsOwnThreads(boolean virtual) throws Exception {
        try (Member holder = Member.of(name)) {
            assertEquals("locked", holder.lock("lock"));
            Space space = Space.open(name);
            Lock lock = Lock.open(space, "lock");
            List<CompletableFuture<Void>> ends = new ArrayList<>();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                CompletableFuture<Void> end = new CompletableFuture<>();
                ends.add(end);
                threads.add((virtual ? Thread.ofVirtual() : Thread.ofPlatform()).start(() -> {
                    try {
                        lock.lock();
                        end.complete(null);
                    } catch (RuntimeException e) {
                        end.completeExceptionally(Thread.currentThread().isInterrupted() ? new AssertionError("interrupted", e) : e);
                    }
                }));
            }
            Eventually.holds("they wait", () -> threads.stream().allMatch(thread -> isWaiting(thread, virtual)));
            space.close();
            for (CompletableFuture<Void> end : ends) {
                ExecutionException thrown =
                        assertThrows(ExecutionException.class, () -> end.get(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS));
                assertEquals(SpaceClosedException.class, thrown.getCause().getClass(), thrown.toString());
            }
            assertEquals("[" + holder.pid() + "]", holder.members());
            holder.unlock("lock");
            assertEquals("locked", holder.lock("lock"));
            holder.unlock("lock");
        }
        // Its end was a kill, after which the space stays for the next.
        Space.open(name).close();
    }

    @Test
    void closedWhileItHoldsALockItStaysAndTellsTheNext() {
        Space space = Space.open(name);
        Lock.open(space, "lock").lock();
        space.close();
        assertTrue(SpaceFiles.exists(name));
        try (Space next = Space.open(name)) {
            Lock lock = Lock.open(next, "lock");
            OwnerDiedException died = assertThrows(OwnerDiedException.class, lock::lock);
            assertEquals(PID, died.owner().orElseThrow().pid());
            assertTrue(lock.recover());
            lock.unlock();
        }
        assertFalse(SpaceFiles.exists(name));
    }

    /** What they protect is sound, or others may unlock it: nobody need be told. */
    @Test
    void closedWhileItHoldsALockOfAnotherKindItIsRemoved() {
        Space space = Space.open(name);
        RLock.openTakeOver(space, "taken-over").lock();
        Lock.openHandOff(space, "handed-off").lock();
        space.close();
        assertFalse(SpaceFiles.exists(name));
    }

    @Test
    void doesNotTravelItself() {
        try (Space space = Space.open(name)) {
            RuntimeException refused = assertThrows(RuntimeException.class, () -> ChildProcess.start(() -> System.out.println(space.name())));
            assertTrue(String.valueOf(refused.getMessage()).contains("dev.kindred.Space"), refused.getMessage());
        }
    }

    @Test
    void manyObjectsFindTheirPlacesAndTheLastOneTooManyIsAnError() {
        int limit = 16384;
        try (Space space = Space.open(name)) {
            for (int i = 0; i < limit; i++) {
                Lock.open(space, "lock-" + i);
            }
            assertEquals(limit, space.names().size());
            IllegalStateException full = assertThrows(IllegalStateException.class, () -> Lock.open(space, "one-too-many"));
            assertTrue(full.getMessage().contains("16384"), full.getMessage());
            assertTrue(space.remove("lock-77"));
            assertFalse(Lock.open(space, "one-too-many").locked());
            assertEquals(limit, space.names().size());
        }
    }

    private static long mappings(String what) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains(what)).count();
        }
    }

    /** What a thread may still touch stays mapped, without the space's file, until the garbage collector knows that none does. */
    @Test
    void whatWasClosedGoesFromMemory() throws IOException {
        // What other tests closed goes by and by, too.
        long before = mappings("kindred-left");
        AtomicReference<Lock> kept = new AtomicReference<>();
        for (int round = 0; round < 20; round++) {
            try (Space space = Space.open(name)) {
                kept.set(Lock.open(space, "lock"));
            }
            assertEquals(0, mappings("/dev/shm/kindred." + name), "the file is not mapped any more");
        }
        assertTrue(mappings("kindred-left") > 0);
        Eventually.holds("all but what is reachable is unmapped", () -> {
            System.gc();
            return mappings("kindred-left") <= before + 1;
        });
        assertThrows(SpaceClosedException.class, () -> kept.get().tryLock());
        kept.set(null);
        Eventually.holds("all is unmapped", () -> {
            System.gc();
            return mappings("kindred-left") <= before;
        });
    }
}
