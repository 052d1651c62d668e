// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.space;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import dev.kindred.OwnerDiedException;
import dev.kindred.Space;
import dev.kindred.SpaceClosedException;
import dev.kindred.memory.Value;
import dev.kindred.process.ChildProcess;
import dev.kindred.process.ChildTask;
import dev.kindred.process.StartMethod;
import dev.kindred.process.TaskNotSerializableException;
import dev.kindred.sync.Lock;
import dev.kindred.sync.RLock;
import dev.kindred.tests.support.Delays;
import dev.kindred.tests.support.Eventually;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Children inherit the objects of named spaces, and with them the space for as long as they have the objects. */
class NamedSpaceChildrenTest {

    private final String name = SpaceFiles.newName();

    private static ChildProcess start(StartMethod method, ChildTask task) {
        return ChildProcess.builder().name("the child").method(method).maxHeap(32 << 20).start(task);
    }

    private static void awaitEnd(ChildProcess child) throws InterruptedException {
        try (child) {
            assertTrue(child.join(Delays.LONG));
            assertEquals(0, child.exitCode().orElseThrow());
        }
    }

    private Object inode() throws IOException {
        return Files.getAttribute(SpaceFiles.of(name), "unix:ino");
    }

    @ParameterizedTest
    @EnumSource
    void theyGetTheSameObjectAlsoIfTheParentClosesTheSpaceMeanwhile(StartMethod method) throws Exception {
        Value release = Value.ofInt(0);
        Space space = Space.open(name);
        Object inode = inode();
        Lock lock = Lock.open(space, "lock");
        lock.lock();
        ChildProcess child = start(method, () -> {
            lock.lock();
            while (release.getInt() == 0) {
                LockSupport.parkNanos(1_000_000);
            }
            lock.unlock();
        });
        lock.unlock();
        space.close();
        Eventually.holds("the child has the lock, and nobody else is in the space", () -> {
            try (Space again = Space.open(name)) {
                return Lock.open(again, "lock").owner().filter(owner -> owner.pid() == child.pid()).isPresent();
            }
        });
        assertEquals(inode, inode(), "the space was never removed");
        Eventually.holds("this process has left", () -> {
            try {
                boolean _ = lock.locked();
                return false;
            } catch (SpaceClosedException left) {
                return true;
            }
        });
        release.setInt(1);
        awaitEnd(child);
        assertFalse(SpaceFiles.exists(name), "the child was the last to leave");
    }

    @Test
    void severalObjectsOfSeveralSpacesTravelTogether() throws Exception {
        String spaceName = name;
        try (Space first = Space.open(name); Space second = Space.open(name + ".second")) {
            Lock a = Lock.open(first, "a");
            RLock b = RLock.open(second, "b");
            Lock c = Lock.openHandOff(first, "c");
            Lock anonymous = new Lock();
            c.lock();
            a.lock();
            awaitEnd(start(StartMethod.SPARE, () -> {
                c.unlock();
                require(a.locked(), "a is the parent's");
                require(b.tryLock(), "b is free");
                require(anonymous.tryLock(), "the family's is free");
                require(Lock.open(Space.open(spaceName), "a").locked(), "it is the same as the one of that name");
                anonymous.unlock();
                b.unlock();
            }));
            assertFalse(c.locked());
            assertFalse(b.locked());
            a.unlock();
        }
        assertFalse(SpaceFiles.exists(name));
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new IllegalStateException("not so: " + what);
        }
    }

    @Test
    void grandchildrenGetThemToo() throws Exception {
        try (Space space = Space.open(name)) {
            Lock lock = Lock.openHandOff(space, "lock");
            lock.lock();
            awaitEnd(start(StartMethod.SPARE, () -> awaitEnd(start(StartMethod.SPAWN, lock::unlock))));
            assertFalse(lock.locked());
        }
        assertFalse(SpaceFiles.exists(name));
    }

    @Test
    void aChildThatIsKilledPoisonsWhatItHolds() throws Exception {
        try (Space space = Space.open(name)) {
            Lock lock = Lock.open(space, "lock");
            ChildProcess child = start(StartMethod.SPARE, () -> {
                lock.lock();
                LockSupport.park();
            });
            Eventually.holds("the child has the lock", lock::locked);
            child.kill();
            OwnerDiedException death = assertThrows(OwnerDiedException.class, lock::lock);
            assertEquals("the child", death.owner().orElseThrow().name());
            assertEquals(child.pid(), death.owner().orElseThrow().pid());
            assertTrue(lock.recover(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS));
            lock.unlock();
            child.join();
            child.close();
        }
        assertFalse(SpaceFiles.exists(name));
    }

    @Test
    void aChildLeavesWhenItHasForgottenThem() throws Exception {
        Value step = Value.ofInt(0);
        Space space = Space.open(name);
        Lock[] box = {Lock.open(space, "lock")};
        ChildProcess child = start(StartMethod.SPARE, () -> {
            require(!box[0].locked(), "it is there");
            Eventually.holds("it was seen to have come", () -> step.getInt() == 1);
            box[0] = null;
            while (step.getInt() == 1) {
                System.gc();
                LockSupport.parkNanos(10_000_000);
            }
        });
        Eventually.holds("the child has come", () -> space.members().size() == 2);
        step.setInt(1);
        Eventually.holds("the child has left", () -> space.members().size() == 1);
        step.setInt(2);
        awaitEnd(child);
        Reference.reachabilityFence(box);
        space.close();
        assertFalse(SpaceFiles.exists(name));
    }

    @Test
    void aStartThatFailsKeepsNothing() {
        Space space = Space.open(name);
        Lock lock = Lock.open(space, "lock");
        Object stranger = new Object();
        assertThrows(TaskNotSerializableException.class, () -> start(StartMethod.SPAWN, () -> {
            lock.lock();
            System.out.println(stranger);
        }));
        space.close();
        assertFalse(SpaceFiles.exists(name));
        RuntimeException refused = assertThrows(RuntimeException.class, () -> start(StartMethod.SPAWN, lock::lock));
        Throwable cause = refused;
        while (!(cause instanceof SpaceClosedException) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        assertEquals(SpaceClosedException.class, cause.getClass(), refused.toString());
    }
}
