// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import dev.kindred.process.ChildProcess;
import dev.kindred.process.ChildProcessBuilder;
import dev.kindred.process.ChildTask;
import dev.kindred.process.StartMethod;

/** Children that are killed or stopped, by others or by themselves, and none of which outlives the test. */
final class Victims {

    private final List<ChildProcess> children = new ArrayList<>();

    /** Starts a child that may be killed. */
    ChildProcess start(String name, ChildTask task) {
        ChildProcess child = builder(name).start(task);
        children.add(child);
        return child;
    }

    /**
     * Starts a child that kills or stops itself.
     *
     * @param crash what {@code kindred.crash} takes: a point, which passing of it, and KILL or STOP
     */
    ChildProcess startDoomed(String name, String crash, ChildTask task) {
        // No spares of a kind that dies or stops at a point.
        ChildProcess child = builder(name).method(StartMethod.SPAWN).jvmOptions("-Dkindred.crash=" + crash).start(task);
        children.add(child);
        return child;
    }

    private static ChildProcessBuilder builder(String name) {
        return ChildProcess.builder().name(name).maxHeap(32 << 20);
    }

    /** What a child does that only waits to be killed. */
    static void sleepForEver() {
        while (true) {
            LockSupport.park();
        }
    }

    /** Kills all that still live. */
    void endAll() throws InterruptedException {
        for (ChildProcess child : children) {
            child.kill();
            child.join();
            child.close();
        }
    }
}
