// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kindred.internal.os.Descriptors;
import dev.kindred.process.ChildProcess;
import dev.kindred.process.CurrentProcess;
import dev.kindred.process.StartMethod;
import dev.kindred.sync.Lock;
import dev.kindred.tests.support.Delays;
import dev.kindred.tests.support.Eventually;
import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The life of one child, as its parent sees it. */
final class ChildProcessTest {

    private static ChildProcess sleeper() {
        return Children.small().start(() -> Thread.sleep(Delays.LONG.toMillis() * 10));
    }

    private static void end(ChildProcess child) throws InterruptedException {
        child.kill();
        Children.exitCode(child);
        child.close();
    }

    @ParameterizedTest
    @EnumSource
    void runsFromItsStartToItsEnd(StartMethod method) throws Exception {
        ChildProcess child = Children.small().method(method).name("one").stdin(Redirect.PIPE)
                .start(() -> assertEquals(-1, System.in.read()));
        assertTrue(child.isAlive());
        assertEquals(OptionalInt.empty(), child.exitCode());
        assertTrue(ChildProcess.active().contains(child));
        assertNotEquals(ProcessHandle.current().pid(), child.pid());
        assertEquals("one", child.name());
        assertFalse(child.join(Duration.ZERO));
        assertFalse(child.join(Duration.ofSeconds(-1)));
        assertTrue(child.toString().contains("one") && child.toString().contains("running"), child::toString);

        child.stdin().close();
        child.join();
        assertFalse(child.isAlive());
        assertEquals(OptionalInt.of(0), child.exitCode());
        assertFalse(ChildProcess.active().contains(child));
        child.join();
        assertTrue(child.join(Duration.ZERO));
        child.close();
    }

    @Test
    void knowsItselfAndItsParent() throws Exception {
        CurrentProcess here = ChildProcess.current();
        assertEquals("main", here.name());
        assertEquals(ProcessHandle.current().pid(), here.pid());
        assertEquals(Optional.empty(), ChildProcess.parent());
        String seen = Children.output(Children.small().name("me"), () -> {
            CurrentProcess me = ChildProcess.current();
            System.out.println(me.name() + " " + (me.pid() == ProcessHandle.current().pid()) + " " + me.daemon() + " "
                    + me.parent().orElseThrow().name() + " " + me.parent().orElseThrow().pid() + " "
                    + me.parent().orElseThrow().isAlive());
        });
        assertEquals("me true false main " + here.pid() + " true", seen);
    }

    @Test
    void isNamedAfterItsPlaceInTheFamily() throws Exception {
        String names = Children.output(() -> {
            System.out.println(ChildProcess.current().name());
            System.out.println(Children.output(() -> System.out.println(ChildProcess.current().name())));
        });
        assertTrue(names.matches("ChildProcess-(\\d+)\nChildProcess-\\1:1"), names);
    }

    @Test
    void takesArguments() throws Exception {
        try (ChildProcess one = Children.small().start((Integer code) -> System.exit(code), 5);
                ChildProcess two = Children.small().start((Integer a, Integer b) -> System.exit(10 * a + b), 4, 2)) {
            assertEquals(5, Children.exitCode(one));
            assertEquals(42, Children.exitCode(two));
        }
    }

    @Test
    void takesNullForAnArgument() throws Exception {
        try (ChildProcess child = Children.small().start(argument -> System.exit(argument == null ? 3 : 4), null)) {
            assertEquals(3, Children.exitCode(child));
        }
    }

    /** A method that only takes part in {@link #runsMethodReferences}. */
    static void exitWith(int code) {
        System.exit(code);
    }

    @Test
    void runsMethodReferences() throws Exception {
        try (ChildProcess child = Children.small().start(ChildProcessTest::exitWith, 6)) {
            assertEquals(6, Children.exitCode(child));
        }
    }

    /** A program for {@link #runsAMainClass}. */
    static final class Program {
        private Program() {}

        static void main(String[] arguments) {
            System.exit(arguments.length == 2 && arguments[0].equals("a b") ? 9 : 1);
        }
    }

    @Test
    void runsAMainClass() throws Exception {
        try (ChildProcess child = Children.small().startMain(Program.class, "a b", "")) {
            assertEquals(9, Children.exitCode(child));
        }
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class,
                () -> Children.small().startMain(String.class));
        assertTrue(refusal.getMessage().contains("java.lang.String has no method"), refusal::getMessage);
    }

    @Test
    void tellsItsEndThroughAFuture() throws Exception {
        ChildProcess child = sleeper();
        CompletableFuture<ChildProcess> cancelled = child.onExit();
        assertTrue(cancelled.cancel(false));
        assertTrue(child.isAlive());
        CompletableFuture<ChildProcess> end = child.onExit();
        assertFalse(end.isDone());
        child.kill();
        assertSame(child, end.get(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS));
        assertSame(child, child.onExit().get(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS));
        child.close();
    }

    /** For code that waits by poll or epoll, of this library or any other. */
    @Test
    void tellsItsEndThroughADescriptor() throws Exception {
        ChildProcess child = sleeper();
        int sentinel = child.sentinel();
        assertEquals(sentinel, child.sentinel());
        assertEquals(0, Descriptors.poll(sentinel, Descriptors.POLLIN, System.nanoTime() + Delays.SHORT.toNanos()));
        child.kill();
        assertEquals(Descriptors.POLLIN,
                Descriptors.poll(sentinel, Descriptors.POLLIN, System.nanoTime() + Delays.LONG.toNanos()) & Descriptors.POLLIN);
        assertTrue(child.join(Delays.LONG));
        assertEquals(Descriptors.POLLIN, Descriptors.poll(sentinel, Descriptors.POLLIN, System.nanoTime()) & Descriptors.POLLIN);
        child.close();
    }

    @Test
    void closesOnlyWhatHasEnded() throws Exception {
        ChildProcess child = sleeper();
        IllegalStateException refusal = assertThrows(IllegalStateException.class, child::close);
        assertTrue(refusal.getMessage().contains("still running"), refusal::getMessage);
        end(child);
        child.close();
        List<Consumer<ChildProcess>> members = List.of(ChildProcess::name, ChildProcess::pid, ChildProcess::isAlive,
                ChildProcess::exitCode, ChildProcess::terminate, ChildProcess::kill, ChildProcess::interrupt,
                ChildProcess::onExit, ChildProcess::sentinel, ChildProcess::isDaemon, ChildProcess::stdin,
                ChildProcess::stdout, ChildProcess::stderr);
        for (Consumer<ChildProcess> member : members) {
            assertThrows(IllegalStateException.class, () -> member.accept(child));
        }
        assertThrows(IllegalStateException.class, child::join);
        assertTrue(child.toString().contains("closed"), child::toString);
    }

    @Test
    void ignoresSignalsAfterItsEnd() throws Exception {
        ChildProcess child = Children.small().start(() -> {});
        Children.exitCode(child);
        child.terminate();
        child.kill();
        child.interrupt();
        assertEquals(OptionalInt.of(0), child.exitCode());
        child.close();
    }

    @Test
    void letsItsWaitersBeInterrupted() throws Exception {
        ChildProcess child = sleeper();
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, child::join);
        assertFalse(Thread.interrupted());

        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread waiter = Thread.ofVirtual().start(() -> {
            try {
                child.join();
            } catch (InterruptedException e) {
                thrown.set(e);
            }
        });
        waiter.interrupt();
        assertTrue(waiter.join(Delays.LONG));
        assertTrue(thrown.get() instanceof InterruptedException, () -> "thrown: " + thrown.get());
        assertTrue(child.isAlive());
        end(child);
    }

    @Test
    void startsFromVirtualThreads() throws Exception {
        List<Thread> threads = new ArrayList<>();
        List<Integer> codes = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 4; i++) {
            int code = i;
            threads.add(Thread.ofVirtual().start(() -> {
                try (ChildProcess child = Children.small().start(() -> System.exit(code))) {
                    child.join();
                    codes.add(child.exitCode().orElseThrow());
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }));
        }
        for (Thread thread : threads) {
            assertTrue(thread.join(Delays.LONG));
        }
        assertEquals(List.of(0, 1, 2, 3), codes.stream().sorted().toList());
    }

    @Test
    void reportsAChildThatCannotBoot() throws Exception {
        try (ChildProcess child = Children.small().jvmOptions("-XX:NoSuchOption").start(() -> {})) {
            assertEquals(1, Children.exitCode(child));
        }
    }

    /** It has more to take in than fits into the socket to it, and never takes it. */
    @Test
    void startsThoughTheChildEndsBeforeItHasTakenItsTask() throws Exception {
        byte[] large = new byte[8 << 20];
        try (ChildProcess child = Children.small().stderr(Redirect.DISCARD).jvmOptions("-XX:NoSuchOption")
                .start(() -> System.exit(large[0]))) {
            assertEquals(1, Children.exitCode(child));
        }
    }

    /** Killed so early that it has not begun to run Java, or has not joined the family, or has not got its task. */
    @Test
    void isKilledBeforeItHasConnected() throws Exception {
        Lock lock = new Lock();
        for (StartMethod method : StartMethod.values()) {
            for (int i = 0; i < 10; i++) {
                try (ChildProcess child = Children.small().method(method).start(lock::lock)) {
                    boolean _ = Eventually.holdsWithin(Duration.ofMillis(7 * i), () -> !child.isAlive());
                    child.kill();
                    int code = Children.exitCode(child);
                    assertTrue(code == -9 || code == 0 || code == 1, "exit code " + code);
                }
            }
        }
        // Some had taken it when they were killed.
        boolean _ = lock.recover(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS);
        lock.unlock();
        try (ChildProcess child = Children.small().start(() -> System.exit(lock.tryLock() ? 3 : 4))) {
            assertEquals(3, Children.exitCode(child));
        }
    }

    @Test
    void refusesSettingsThatAreNone() {
        assertThrows(IllegalArgumentException.class, () -> ChildProcess.builder().name(" "));
        assertThrows(IllegalArgumentException.class, () -> ChildProcess.builder().maxHeap(1000));
        assertThrows(IllegalArgumentException.class, () -> ChildProcess.builder().jvmOptions("Xmx1g"));
        assertThrows(IllegalArgumentException.class, () -> ChildProcess.builder().environment("A=B", "c"));
        assertThrows(IllegalArgumentException.class, () -> ChildProcess.builder().environment("A", "c\0"));
        assertThrows(IllegalArgumentException.class, () -> ChildProcess.builder().stdin(Redirect.DISCARD));
        assertThrows(IllegalArgumentException.class, () -> ChildProcess.builder().stdout(Redirect.from(new File("x"))));
    }
}
