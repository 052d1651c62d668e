// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import dev.kindred.internal.space.Space;
import dev.kindred.memory.Value;
import dev.kindred.process.ChildProcess;
import dev.kindred.sync.Lock;
import jnr.constants.platform.Signal;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** Plants what {@link Leftovers} and {@link Watchdog} are there to find. */
final class WatchTest {

    /** Set while the planted tests run; without it they are skipped, wherever a runner finds them. */
    private static final String PLANTED = "kindred.test.planted";

    private static @Nullable FileChannel leaked;

    private static @Nullable Process running;

    /** Held by whoever plants a test. */
    private static final Lock contended = new Lock();

    /** Tests that do what no test may. */
    @EnabledIfSystemProperty(named = PLANTED, matches = "true")
    static final class Planted {

        @Test
        void leavesADescriptor() throws IOException {
            leaked = FileChannel.open(Path.of("/proc/self/stat"), StandardOpenOption.READ);
        }

        @Test
        void leavesAProcess() throws IOException {
            running = new ProcessBuilder("sleep", "1000").redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        }

        @Test
        void leavesAnOrphan() throws Exception {
            assertEquals(0, new ProcessBuilder("sh", "-c", "sleep 1000 > /dev/null 2>&1 &").start().waitFor());
        }

        @Test
        void leavesSharedMemory() throws IOException {
            Files.createFile(Path.of("/dev/shm/kindred-planted-" + ProcessHandle.current().pid()));
        }

        @Test
        @Limit(seconds = 1)
        void hangs() throws InterruptedException {
            new CountDownLatch(1).await();
        }

        @Test
        @Limit(seconds = 1)
        void hangsInALock() throws InterruptedException {
            contended.lockInterruptibly();
        }
    }

    @Test
    void descriptorsAreFound() throws IOException {
        try {
            assertTrue(failureOf("leavesADescriptor").contains("/stat"));
        } finally {
            if (leaked != null) {
                leaked.close();
            }
        }
    }

    @Test
    void processesAreFoundAndKilled() throws InterruptedException {
        assertTrue(failureOf("leavesAProcess").contains("sleep 1000"));
        assertEquals(137, running == null ? 0 : running.waitFor());
    }

    @Test
    void orphansAreFoundByTheMarkOfTheRun() {
        assertTrue(failureOf("leavesAnOrphan").contains("sleep 1000"));
    }

    @Test
    void sharedMemoryIsFound() throws IOException {
        final Path entry = Path.of("/dev/shm/kindred-planted-" + ProcessHandle.current().pid());
        try {
            assertTrue(failureOf("leavesSharedMemory").contains(entry.toString()));
        } finally {
            Files.deleteIfExists(entry);
        }
    }

    @Test
    void aTestThatHangsIsEndedAndItsStacksArePrinted() throws Exception {
        final PrintStream errors = System.err;
        final ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try (TestJvm child = TestJvm.start(TestJvmTest.Echo.class);
                AutoCloseable _ = Watchdog.describe("the shared words", () -> "word 0 = 42")) {
            child.awaitLine("started");
            assertTrue(failureOf("hangs").contains("longer than"));
            assertEquals(-9, child.exitStatus());
        } finally {
            System.setErr(errors);
        }
        final String text = printed.toString(StandardCharsets.UTF_8);
        assertTrue(text.contains("WatchTest$Planted.hangs"), text);
        assertTrue(text.contains("TestJvm.hear"), text);
        assertTrue(text.contains("word 0 = 42"), text);
    }

    /** Threads and virtual threads of all processes, who is in the family, and the word for which all wait. */
    @Test
    void ofATestThatHangsInALockAllWhoTakePartAreShown() throws Exception {
        PrintStream errors = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        Value ready = Value.ofInt(0);
        Lock lock = contended;
        lock.lock();
        ChildProcess waiting = ChildProcess.builder().name("the one that waits").maxHeap(32 << 20).start(() -> {
            Thread.ofVirtual().name("a virtual one").start(lock::lock);
            ready.getAndAdd(1);
            lock.lock();
        });
        ChildProcess stopped = ChildProcess.builder().name("the one that is stopped").maxHeap(32 << 20).start(() -> {
            ready.getAndAdd(1);
            Thread.currentThread().join();
        });
        Eventually.holds("both children run", () -> ready.getInt() == 2);
        Posix.kill(stopped.pid(), Signal.SIGSTOP);
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            assertTrue(failureOf("hangsInALock").contains("longer than"));
        } finally {
            System.setErr(errors);
            lock.unlock();
        }
        for (ChildProcess child : List.of(waiting, stopped)) {
            assertTrue(child.join(Delays.LONG));
            assertEquals(-9, child.exitCode().orElseThrow());
            child.close();
        }
        String text = printed.toString(StandardCharsets.UTF_8);
        int self = Space.current().domain().id();
        for (String pattern : List.of("slot \\d+: LIVE, .*live byte held, .*pid \\d+, .*'the one that waits'",
                "slot \\d+: LIVE, .*'the one that is stopped'", "block at [0-9a-f]+: [8-9a-f]" + String.format("%07x ", self),
                "(?s)\"main\" #\\d+ \\[\\d+\\] prio=(?:(?!\n\n).)*Lock.lock(?:(?!\n\n).)*WatchTest.lambda", "\"a virtual one\" virtual",
                "thread \\d+ comm=java wchan=do_signal_stop")) {
            assertTrue(Pattern.compile(pattern).matcher(text).find(), () -> pattern + " is missing in\n" + text);
        }
    }

    private static String failureOf(final String method) {
        System.setProperty(PLANTED, "true");
        try {
            final List<Event> failures = EngineTestKit.engine("junit-jupiter")
                    .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "true")
                    .configurationParameter(Leftovers.PATIENCE, "200")
                    .selectors(selectMethod(Planted.class, method))
                    .execute().testEvents().failed().list();
            assertEquals(1, failures.size(), "the planted test passed");
            return failures.getFirst().getPayload().orElseThrow().toString();
        } finally {
            System.clearProperty(PLANTED);
        }
    }
}
