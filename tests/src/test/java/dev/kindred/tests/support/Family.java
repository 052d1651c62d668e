// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import dev.kindred.internal.crash.CrashPoint;
import dev.kindred.process.ChildProcess;
import dev.kindred.process.ChildProcessBuilder;
import dev.kindred.process.ChildTask;
import dev.kindred.process.StartMethod;
import dev.kindred.sync.Event;
import jnr.constants.platform.Signal;

/** The children of one test: they may be killed, by others or by themselves, and none outlives the test. */
public final class Family {

    private final List<ChildProcess> children = new ArrayList<>();

    /** Starts a child that may be killed. */
    public ChildProcess start(String name, ChildTask task) {
        return add(builder(name).start(task));
    }

    /**
     * Starts a child that dies or stops at a point.
     *
     * @param passing the how manieth passing of it since the task began, from 1
     * @param end     KILL or STOP
     */
    public ChildProcess startDoomed(String name, CrashPoint point, int passing, String end, ChildTask task) {
        return startUnderSentence(name, point, passing, end, () -> {
            CrashPoint.countFromHere();
            task.run();
        });
    }

    /** The same with a task that says itself from where the passings count: {@link CrashPoint#countFromHere}. */
    public ChildProcess startUnderSentence(String name, CrashPoint point, int passing, String end, ChildTask task) {
        return add(builder(name).jvmOptions("-Dkindred.crash=" + point + ":" + passing + ":" + end + ":LATER").start(task));
    }

    /** Without spares: one that is left over at the end has cost a start, and would do its part in every recovery meanwhile. */
    private static ChildProcessBuilder builder(String name) {
        return ChildProcess.builder().name(name).method(StartMethod.SPAWN).maxHeap(32 << 20);
    }

    /** Takes a child that was started in another way as one of the family. */
    public ChildProcess add(ChildProcess child) {
        children.add(child);
        return child;
    }

    /** Starts a child that does nothing, and kills it when it is of the family. */
    public void letSomebodyDie() throws InterruptedException {
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
    public static void awaitDeath(ChildProcess doomed) throws InterruptedException {
        assertTrue(doomed.join(Delays.LONG), () -> doomed.name() + " never came to its point");
        assertEquals(-9, doomed.exitCode().orElseThrow(), "it did not die at its point, but of something else");
    }

    /** Waits for a child that ends well. */
    public static void awaitEnd(ChildProcess child) throws InterruptedException {
        assertTrue(child.join(Delays.LONG), () -> child.name() + " does not end");
        assertEquals(0, child.exitCode().orElseThrow(), child.name());
    }

    public static void stop(ChildProcess child) {
        Posix.kill(child.pid(), Signal.SIGSTOP);
        awaitStop(child);
    }

    public static void awaitStop(ChildProcess child) {
        Eventually.holds(child.name() + " is stopped", () -> {
            Processes.Entry entry = Processes.entry(child.pid());
            return entry != null && entry.isStopped();
        });
    }

    public static void resume(ChildProcess child) {
        Posix.kill(child.pid(), Signal.SIGCONT);
    }

    /** What a child does that only waits to be killed. */
    public static void sleepForEver() {
        while (true) {
            LockSupport.park();
        }
    }

    /** Kills all that still live. */
    public void end() throws InterruptedException {
        for (ChildProcess child : children) {
            child.kill();
            child.join();
            child.close();
        }
    }
}
