// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;

import dev.kindred.process.ChildProcess;
import dev.kindred.sync.Barrier;
import dev.kindred.sync.Condition;
import dev.kindred.sync.Event;
import dev.kindred.sync.RLock;
import dev.kindred.tests.support.Delays;

/** Who uses a shared object at once: the same test runs for each. */
public enum Actors {
    THREADS {
        @Override
        public void run(int count, Task task) throws Exception {
            onExecutor(Executors.newCachedThreadPool(), count, task);
        }
    },
    VIRTUAL_THREADS {
        @Override
        public void run(int count, Task task) throws Exception {
            onExecutor(Executors.newVirtualThreadPerTaskExecutor(), count, task);
        }
    },
    PROCESSES {
        @Override
        public void run(int count, Task task) throws Exception {
            List<ChildProcess> children = new ArrayList<>();
            try {
                for (int i = 0; i < count; i++) {
                    int actor = i;
                    children.add(ChildProcess.builder().name("actor " + i).maxHeap(32 << 20).start(() -> task.run(actor)));
                }
                for (ChildProcess child : children) {
                    assertTrue(child.join(Delays.LONG), child.name() + " does not end");
                    assertEquals(0, child.exitCode().orElseThrow(), child.name());
                }
            } finally {
                for (ChildProcess child : children) {
                    child.kill();
                    child.join();
                    child.close();
                }
            }
        }
    },

    /** Processes that are not related, and objects that have a name. */
    STRANGERS {
        @Override
        public void run(int count, Task task) throws Exception {
            Strangers.shared().run(count, task);
        }

        @Override
        Lock lock(LockKind kind) {
            String name = Strangers.newName();
            return Strangers.shared().share((space, _) -> kind.open(space, name));
        }

        @Override
        Condition condition(Lock lock) {
            String name = Strangers.newName();
            return Strangers.shared().share((_, of) -> openCondition(of, name), lock);
        }

        @Override
        AnySemaphore semaphore(SemaphoreKind kind, int permits) {
            if (kind == SemaphoreKind.NAMED) {
                return kind.create(permits);
            }
            String name = Strangers.newName();
            return Strangers.shared().share((space, _) -> kind.open(space, name, permits));
        }

        @Override
        Event event() {
            String name = Strangers.newName();
            return Strangers.shared().share((space, _) -> Event.open(space, name));
        }

        @Override
        Barrier barrier(int parties, long time, TimeUnit unit) {
            String name = Strangers.newName();
            return Strangers.shared().share((space, _) -> Barrier.open(space, name, parties, time, unit));
        }

        @Override
        Barrier barrier(int parties, Barrier.Action action) {
            String name = Strangers.newName();
            return Strangers.shared().share((space, _) -> Barrier.open(space, name, parties, action));
        }
    };

    private static Condition openCondition(Object lock, String name) {
        return lock instanceof RLock reentrant ? reentrant.openCondition(name) : ((dev.kindred.sync.Lock) lock).openCondition(name);
    }

    /** What one actor does; its number is counted from 0. */
    @FunctionalInterface
    public interface Task extends Serializable {
        void run(int actor) throws Exception;
    }

    /** Runs a task for each of several actors at once, and ends when all have ended well. */
    public abstract void run(int count, Task task) throws Exception;

    /** {@return a lock that all these actors can use, as are the objects that the following return} */
    Lock lock(LockKind kind) {
        return kind.create();
    }

    Condition condition(Lock lock) {
        return (Condition) lock.newCondition();
    }

    /** {@return a semaphore, to be closed where it was created} */
    AnySemaphore semaphore(SemaphoreKind kind, int permits) {
        return kind.create(permits);
    }

    Event event() {
        return new Event();
    }

    Barrier barrier(int parties, long time, TimeUnit unit) {
        return new Barrier(parties, time, unit);
    }

    Barrier barrier(int parties, Barrier.Action action) {
        return new Barrier(parties, action);
    }

    private static void onExecutor(ExecutorService executor, int count, Task task) throws Exception {
        try (executor) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int actor = i;
                all.add(executor.submit(() -> {
                    task.run(actor);
                    return null;
                }));
            }
            for (Future<?> each : all) {
                each.get(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }
}
