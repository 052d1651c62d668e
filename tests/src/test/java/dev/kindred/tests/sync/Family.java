// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import dev.kindred.internal.crash.CrashPoint;
import dev.kindred.process.ChildProcess;
import dev.kindred.process.ChildTask;
import dev.kindred.process.StartMethod;
import dev.kindred.sync.Event;
import dev.kindred.tests.support.Delays;
import dev.kindred.tests.support.Eventually;
import dev.kindred.tests.support.Posix;
import dev.kindred.tests.support.Processes;
import jnr.constants.platform.Signal;

/** The children of one test. Those that still live at its end are killed. */
final class Family {

    private final List<ChildProcess> children = new ArrayList<>();

    ChildProcess start(String name, ChildTask task) {
        return add(ChildProcess.builder().name(name).maxHeap(32 << 20).start(task));
    }

    /**
     * Starts a child that dies or stops at a point.
     *
     * @param passing the how manieth passing of it, from 1
     * @param end     KILL or STOP
     */
    ChildProcess startDoomed(String name, CrashPoint point, int passing, String end, ChildTask task) {
        // No spares of a kind that dies or stops at a point.
        return add(ChildProcess.builder().name(name).maxHeap(32 << 20).method(StartMethod.SPAWN)
                .jvmOptions("-Dkindred.crash=" + point + ":" + passing + ":" + end).start(task));
    }

    private ChildProcess add(ChildProcess child) {
        children.add(child);
        return child;
    }

    /** Starts a child that does nothing, and kills it when it is of the family. */
    void letSomebodyDie() throws InterruptedException {
        Event arrived = new Event();
        ChildProcess passerBy = start("passer-by", () -> {
            arrived.set();
            sleepForEver();
        });
        assertTrue(arrived.await(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS));
        passerBy.kill();
        passerBy.join();
    }

    /** Waits until a child has died at its point. */
    static void awaitDeath(ChildProcess doomed) throws InterruptedException {
        assertTrue(doomed.join(Delays.LONG), () -> doomed.name() + " never came to its point");
        assertEquals(-9, doomed.exitCode().orElseThrow(), "it did not die at its point, but of something else");
    }

    /** Waits for a child that ends well. */
    static void awaitEnd(ChildProcess child) throws InterruptedException {
        assertTrue(child.join(Delays.LONG), () -> child.name() + " does not end");
        assertEquals(0, child.exitCode().orElseThrow(), child.name());
    }

    static void stop(ChildProcess child) {
        Posix.kill(child.pid(), Signal.SIGSTOP);
        awaitStop(child);
    }

    static void awaitStop(ChildProcess child) {
        Eventually.holds(child.name() + " is stopped", () -> {
            Processes.Entry entry = Processes.entry(child.pid());
            return entry != null && entry.isStopped();
        });
    }

    static void resume(ChildProcess child) {
        Posix.kill(child.pid(), Signal.SIGCONT);
    }

    static void sleepForEver() {
        while (true) {
            LockSupport.park();
        }
    }

    void end() throws InterruptedException {
        for (ChildProcess child : children) {
            child.kill();
            child.join();
            child.close();
        }
    }
}
