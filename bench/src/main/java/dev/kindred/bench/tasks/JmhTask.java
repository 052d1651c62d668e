// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import java.nio.file.Path;

import dev.kindred.bench.Round;
import dev.kindred.bench.Task;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs one JMH benchmark in a fork of its own for each round; the fork inherits this JVM's core. JMH warms up, so this class does not. */
abstract class JmhTask implements Task {

    private static final TimeValue ITERATION = TimeValue.milliseconds(300);

    private final Class<?> benchmarks;
    private final String method;

    JmhTask(Class<?> benchmarks, String method) {
        this.benchmarks = benchmarks;
        this.method = method;
    }

    @Override
    public final void warmUp() {}

    /** {@return what JMH measured in three iterations after three to warm up} */
    final RunResult run() throws RunnerException {
        String name = benchmarks.getName() + '.' + method;
        return new Runner(new OptionsBuilder()
                .include(name.replace(".", "\\.") + '$')
                .forks(1)
                .warmupIterations(3).warmupTime(ITERATION)
                .measurementIterations(3).measurementTime(ITERATION)
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .output(Path.of(System.getProperty("bench.work"), "jmh-" + name + ".log").toString())
                .build()).runSingle();
    }

    /** Nanoseconds an operation. */
    abstract static class Time extends JmhTask {
        Time(Class<?> benchmarks, String method) {
            super(benchmarks, method);
        }

        @Override
        public final Round play() throws RunnerException {
            return Round.of(run().getPrimaryResult().getScore());
        }
    }

    /** Bytes allocated an operation, to a hundredth: what is less is the harness's own. */
    abstract static class Allocation extends JmhTask {
        Allocation(Class<?> benchmarks, String method) {
            super(benchmarks, method);
        }

        @Override
        public final Round play() throws RunnerException {
            double bytes = run().getSecondaryResults().get("gc.alloc.rate.norm").getScore();
            return Round.of(Math.round(bytes * 100) / 100.0);
        }
    }
}
