// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

import dev.kindred.bench.Figures;
import dev.kindred.bench.Pinning;
import dev.kindred.memory.RawValue;
import dev.kindred.process.ChildProcess;
import dev.kindred.process.ChildProcessBuilder;
import dev.kindred.process.Spares;

/**
 * Starts children and times them, in milliseconds. The thread that makes this object, and then calls its methods, keeps the core of process 0; the
 * children, and the library's threads that start them, run on the core of process 1.
 */
final class Starts {

    /** How long a look at how much processor time the children have used takes: two of the kernel's ticks, and a reserve. */
    private static final long LOOK_MILLISECONDS = 100;

    /** The times of a start: from the call to the child's first line, and to join's return. */
    record Times(double firstLine, double joined) {}

    private final ChildProcessBuilder settings;
    private final RawValue firstLine = RawValue.ofLong(0);

    /** Starts one child, so that all threads there will be are there and keep the core of the children. */
    Starts(ChildProcessBuilder settings) throws IOException, InterruptedException {
        this.settings = settings;
        Pinning.moveJvm(1);
        once();
        Pinning.moveThread(0);
    }

    /** Starts one child and waits for its end. */
    Times once() throws InterruptedException {
        long start = System.nanoTime();
        ChildProcess child = start(settings, firstLine);
        child.join();
        long joined = System.nanoTime();
        if (child.exitCode().orElseThrow() != 0) {
            throw new IllegalStateException("the child ended with " + child);
        }
        child.close();
        return new Times((firstLine.getLong() - start) / 1e6, (joined - start) / 1e6);
    }

    /** Starts a child as it is measured. */
    static ChildProcess start(ChildProcessBuilder settings, RawValue firstLine) {
        return settings.start(Starts::noteTime, firstLine);
    }

    /** What every child does. */
    private static void noteTime(RawValue firstLine) {
        firstLine.setLong(System.nanoTime());
    }

    /** {@return the median of some starts, each with a spare ready} */
    double medianWithSpare(int starts, ToDoubleFunction<Times> time) throws IOException, InterruptedException {
        DoubleStream.Builder times = DoubleStream.builder();
        for (int i = 0; i < starts; i++) {
            awaitSpares();
            times.add(time.applyAsDouble(once()));
        }
        return Figures.median(times.build().toArray());
    }

    /** Waits until there are spares and no child does anything any more: what was being started is ready. */
    static void awaitSpares() throws IOException, InterruptedException {
        long before = -1;
        while (true) {
            List<ProcessHandle> children = ProcessHandle.current().children().toList();
            long now = 0;
            for (ProcessHandle child : children) {
                now += ticks(child.pid());
            }
            if (Spares.waiting() > 0 && now > 0 && now == before) {
                return;
            }
            before = now;
            Thread.sleep(LOOK_MILLISECONDS);
        }
    }

    /** {@return how many ticks (10 ms) of processor time a process has used; none if it is gone} */
    private static long ticks(long pid) throws IOException {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            // The fields after the name, which is in parentheses: utime is the 14th of all, stime the 15th.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }
}
