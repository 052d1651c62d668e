// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import dev.kindred.bench.Round;
import dev.kindred.bench.Task;
import dev.kindred.process.ChildProcess;
import dev.kindred.process.ChildTask;
import dev.kindred.process.Spares;
import dev.kindred.process.StartMethod;
import dev.kindred.sync.Event;

/**
 * Processes that wait for an event, and as many plain JVMs that sleep, all for the same ten seconds. Figure: what a core spends on the first beyond what it
 * spends on the second, in percent of its time; then both.
 */
public final class IdleCpu implements Task {

    private static final int PROCESSES = 8;
    private static final long SETTLE_MILLISECONDS = 5_000;
    private static final long MEASURE_MILLISECONDS = 10_000;

    /** The plain JVM, which knows nothing of Kindred. */
    public static final class Sleeper {
        private Sleeper() {}

        /**
         * Sleeps.
         *
         * @param arguments none
         * @throws InterruptedException never
         */
        public static void main(String[] arguments) throws InterruptedException {
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    private final List<Long> waiting = new ArrayList<>();
    private final List<Long> sleeping = new ArrayList<>();

    /** Starts all. */
    public IdleCpu() throws IOException, InterruptedException {
        Event never = new Event();
        ChildTask wait = () -> never.await();
        for (int i = 0; i < PROCESSES; i++) {
            waiting.add(ChildProcess.builder().method(StartMethod.SPAWN).daemon(true).start(wait).pid());
            Process plain = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
                    "-XX:-UsePerfData", "-cp", System.getProperty("java.class.path"), Sleeper.class.getName()).start();
            Runtime.getRuntime().addShutdownHook(new Thread(plain::destroyForcibly));
            sleeping.add(plain.pid());
        }
        Spares.dismiss();
        Thread.sleep(SETTLE_MILLISECONDS);
    }

    @Override
    public void warmUp() {}

    @Override
    public Round play() throws IOException, InterruptedException {
        long waitingBefore = nanoseconds(waiting);
        long sleepingBefore = nanoseconds(sleeping);
        Thread.sleep(MEASURE_MILLISECONDS);
        double waited = percent(nanoseconds(waiting) - waitingBefore);
        double slept = percent(nanoseconds(sleeping) - sleepingBefore);
        return Round.of(waited - slept).with("waiting", waited).with("sleeping", slept);
    }

    private static double percent(long nanoseconds) {
        return Math.round(nanoseconds / (MEASURE_MILLISECONDS * 1e6) * 1e6) / 1e4;
    }

    /** {@return how long all threads of some processes have run} */
    private static long nanoseconds(List<Long> processes) throws IOException {
        long sum = 0;
        for (long process : processes) {
            try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(process), "task"))) {
                for (Path thread : threads.toList()) {
                    sum += nanoseconds(thread);
                }
            }
        }
        return sum;
    }

    private static long nanoseconds(Path thread) throws IOException {
        try {
            return Long.parseLong(Files.readString(thread.resolve("schedstat")).split(" ")[0]);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }
}
