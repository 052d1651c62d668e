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

import dev.kindred.process.ChildProcess;
import dev.kindred.tests.support.Delays;

/** Who uses a shared object at once: the same test runs for each. */
enum Actors {
    THREADS {
        @Override
        void run(int count, Task task) throws Exception {
            onExecutor(Executors.newCachedThreadPool(), count, task);
        }
    },
    VIRTUAL_THREADS {
        @Override
        void run(int count, Task task) throws Exception {
            onExecutor(Executors.newVirtualThreadPerTaskExecutor(), count, task);
        }
    },
    PROCESSES {
        @Override
        void run(int count, Task task) throws Exception {
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
    };

    /** What one actor does; its number is counted from 0. */
    @FunctionalInterface
    interface Task extends Serializable {
        void run(int actor) throws Exception;
    }

    /** Runs a task for each of several actors at once, and ends when all have ended well. */
    abstract void run(int count, Task task) throws Exception;

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
