// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kindred.memory.Value;
import dev.kindred.process.ChildProcess;
import dev.kindred.process.ChildProcessBuilder;
import dev.kindred.process.ParentProcess;
import dev.kindred.sync.Lock;
import dev.kindred.tests.support.Delays;
import dev.kindred.tests.support.Eventually;
import dev.kindred.tests.support.Limit;
import dev.kindred.tests.support.Posix;
import dev.kindred.tests.support.Processes;
import dev.kindred.tests.support.TestJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import jnr.constants.platform.Signal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Parents and children: who waits for whom, and who dies with whom. */
final class FamilyTest {

    private static final int MANY = 100;

    private static final Duration MUCH_TIME = Delays.scaled(120_000);

    @TempDir
    Path folder;

    private static void sleep() throws InterruptedException {
        Thread.currentThread().join();
    }

    private static void sleepAtTheEndToo() throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            while (true) {
                LockSupport.park();
            }
        }));
        System.out.print('!');
        System.out.flush();
        sleep();
    }

    private static long pidIn(String line) {
        return Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));
    }

    private static void awaitGone(long pid) {
        Eventually.holds("process " + pid + " is gone", () -> Processes.entry(pid) == null);
    }

    @Test
    void hasChildrenOfChildren() throws Exception {
        assertEquals("3 2 1", Children.output(() -> countDown(3)));
    }

    private static void countDown(int generations) throws Exception {
        System.out.print(generations);
        if (generations > 1) {
            System.out.print(" " + Children.output(() -> countDown(generations - 1)));
        }
    }

    @Test
    @Limit(seconds = 180)
    void startsAHundredAtOnce() throws Exception {
        Value running = Value.ofInt(0);
        List<ChildProcess> children = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            children.add(Children.small().stdin(Redirect.PIPE).start(() -> {
                running.getAndAdd(1);
                System.exit(System.in.read());
            }));
        }
        assertTrue(ChildProcess.active().containsAll(children));
        Eventually.holds("all run at once", MUCH_TIME, () -> running.getInt() == MANY);
        for (ChildProcess child : children) {
            child.stdin().write(7);
            child.stdin().flush();
        }
        assertAllEndWith(7, children);
    }

    /** Some before they run Java, others while they hold a lock that all want. */
    @Test
    @Limit(seconds = 180)
    void killsAHundredAtOnce() throws Exception {
        Lock lock = Lock.takeOver();
        Value locked = Value.ofInt(0);
        List<ChildProcess> children = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            children.add(Children.small().start(() -> {
                while (true) {
                    lock.lock();
                    locked.setInt(1);
                    lock.unlock();
                }
            }));
        }
        Eventually.holds("some run", MUCH_TIME, () -> locked.getInt() == 1);
        children.forEach(ChildProcess::kill);
        assertAllEndWith(-9, children);
        assertTrue(lock.tryLock(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS), lock + " cannot be had");
        lock.unlock();
    }

    private static void assertAllEndWith(int code, List<ChildProcess> children) throws InterruptedException {
        long deadline = System.nanoTime() + MUCH_TIME.toNanos();
        for (ChildProcess child : children) {
            assertTrue(child.join(Duration.ofNanos(deadline - System.nanoTime())), child + " does not end");
            assertEquals(code, child.exitCode().orElseThrow(), child.name());
            child.close();
        }
        assertEquals(List.of(), ChildProcess.active());
    }

    /** A parent that has one child and does nothing else. */
    static final class Parent {
        private Parent() {}

        static void main(String[] arguments) throws Exception {
            ChildProcess child = Children.small().stdout(Redirect.PIPE).start(FamilyTest::sleepAtTheEndToo);
            assertEquals('!', child.stdout().read());
            TestJvm.say("child " + child.pid());
            TestJvm.hear();
            System.exit(0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"running", "stopped", "stuck"})
    void childrenDieWithAKilledParent(String state) {
        try (TestJvm parent = TestJvm.start(Parent.class)) {
            long child = pidIn(parent.awaitLine("child"));
            switch (state) {
                case "stopped" -> Posix.kill(child, Signal.SIGSTOP);
                // Its shutdown hook never returns.
                case "stuck" -> Posix.kill(child, Signal.SIGTERM);
                default -> {}
            }
            parent.kill();
            awaitGone(child);
        }
    }

    @Test
    void childrenDieWithAParentThatExits() {
        try (TestJvm parent = TestJvm.start(Parent.class)) {
            long child = pidIn(parent.awaitLine("child"));
            parent.send("exit");
            assertEquals(0, parent.exitStatus());
            awaitGone(child);
        }
    }

    /** A parent that returns from main while its child runs. */
    static final class ParentThatReturns {
        private ParentThatReturns() {}

        static void main(String[] arguments) {
            boolean daemon = Boolean.parseBoolean(arguments[0]);
            String file = arguments[1];
            ChildProcess child = Children.small().daemon(daemon).stdin(Redirect.INHERIT).start(() -> {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> write(file)));
                TestJvm.say("child " + ChildProcess.current().pid());
                if (!daemon) {
                    TestJvm.hear();
                } else {
                    sleep();
                }
            });
            if (daemon) {
                // It must be ready to be asked to end.
                TestJvm.hear();
            }
            TestJvm.say("returned " + child.pid());
        }

        private static void write(String file) {
            try {
                Files.writeString(Path.of(file), "hook");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    void childrenKeepTheirParent() throws Exception {
        Path file = folder.resolve("hook");
        try (TestJvm parent = TestJvm.start(ParentThatReturns.class, "false", file.toString())) {
            long child = pidIn(parent.awaitLine("child"));
            // The parent's JVM has nothing but its child to live for; it would be gone long before.
            Eventually.holdsWithin(Delays.SMALL, () -> !parent.isAlive());
            assertTrue(parent.isAlive());
            parent.send("end");
            assertEquals(0, parent.exitStatus());
            awaitGone(child);
            assertEquals("hook", Files.readString(file));
        }
    }

    @Test
    void daemonsAreAskedToEndWithTheirParent() throws Exception {
        Path file = folder.resolve("hook");
        try (TestJvm parent = TestJvm.start(ParentThatReturns.class, "true", file.toString())) {
            long child = pidIn(parent.awaitLine("child"));
            parent.send("return");
            assertEquals(0, parent.exitStatus());
            awaitGone(child);
            assertEquals("hook", Files.readString(file));
        }
    }

    /** A parent that has a child which outlives it and watches it. */
    static final class ParentToOutlive {
        private ParentToOutlive() {}

        static void main(String[] arguments) {
            String file = arguments[0];
            ChildProcessBuilder builder = Children.small().outliveParent(true);
            ChildProcess child = builder.start(() -> {
                ParentProcess parent = ChildProcess.parent().orElseThrow();
                String before = parent.isAlive() + " " + parent.join(Duration.ZERO);
                parent.join();
                Files.writeString(Path.of(file), before + " " + parent.isAlive());
            });
            TestJvm.say("child " + child.pid());
            if (arguments[1].equals("wait")) {
                TestJvm.hear();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"wait", "return"})
    void outlivesItsParentIfAsked(String how) throws Exception {
        Path file = folder.resolve("seen");
        try (TestJvm parent = TestJvm.start(ParentToOutlive.class, file.toString(), how)) {
            long child = pidIn(parent.awaitLine("child"));
            if (how.equals("wait")) {
                Eventually.holds("the child watches its parent", () -> threadsOf(child) > 0);
                parent.kill();
            } else {
                assertEquals(0, parent.exitStatus());
            }
            awaitGone(child);
            assertTrue(Files.readString(file).endsWith("false"), () -> "seen: " + file);
        }
    }

    private static int threadsOf(long pid) {
        Processes.Entry entry = Processes.entry(pid);
        return entry == null ? 0 : entry.threads();
    }
}
