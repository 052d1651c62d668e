// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kindred.process.ChildProcess;
import dev.kindred.tests.support.Eventually;
import dev.kindred.tests.support.Posix;
import java.lang.ProcessBuilder.Redirect;
import java.util.function.Consumer;
import jnr.constants.platform.Signal;
import org.junit.jupiter.api.Test;

/** The table of exit codes. */
final class ExitCodeTest {

    @Test
    void isZeroWhenTheTaskReturns() throws Exception {
        assertEquals(0, Children.exitCode(() -> {}));
    }

    @Test
    void isWhatTheProgramExitsWith() throws Exception {
        assertEquals(7, Children.exitCode(() -> System.exit(7)));
        assertEquals(0, Children.exitCode(() -> System.exit(256)));
        assertEquals(255, Children.exitCode(() -> System.exit(-1)));
        assertEquals(8, Children.exitCode(() -> Runtime.getRuntime().halt(8)));
        assertEquals(9, Children.exitCode(() -> Thread.ofPlatform().start(() -> System.exit(9)).join()));
    }

    /** These look like signals to a shell, but nobody sent one. */
    @Test
    void isTheProgramsOwnThoughASignalWouldGiveTheSame() throws Exception {
        assertEquals(143, Children.exitCode(() -> System.exit(143)));
        assertEquals(130, Children.exitCode(() -> System.exit(130)));
    }

    @Test
    void isOneForAnUncaughtException() throws Exception {
        try (ChildProcess child = Children.small().name("unlucky").stderr(Redirect.PIPE).start(() -> {
            throw new IllegalStateException("no luck", new ArithmeticException("the cause"));
        })) {
            String trace = Children.text(child.stderr());
            assertEquals(1, Children.exitCode(child));
            assertTrue(trace.startsWith("Process unlucky:\njava.lang.IllegalStateException: no luck\n\tat "), trace);
            assertTrue(trace.contains("Caused by: java.lang.ArithmeticException: the cause"), trace);
        }
    }

    @Test
    void isOneForAnError() throws Exception {
        assertEquals(1, Children.exitCode(() -> {
            throw new StackOverflowError();
        }));
    }

    @Test
    void awaitsTheThreadsThatAreNoDaemons() throws Exception {
        assertEquals("still here", Children.output(() -> {
            Thread main = Thread.currentThread();
            Thread.ofPlatform().start(() -> {
                Eventually.holds("the main thread has returned from its task",
                        () -> main.getState() != Thread.State.RUNNABLE);
                System.out.println("still here");
            });
        }));
        assertEquals(1, Children.exitCode(() -> {
            Thread.ofPlatform().start(() -> {});
            throw new IllegalStateException("after starting a thread");
        }));
    }

    @Test
    void runsShutdownHooks() throws Exception {
        assertEquals("hook", Children.output(() -> Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> System.out.println("hook")))));
    }

    @Test
    void isTheNegativeNumberOfTheSignal() throws Exception {
        assertEquals(-15, afterReady(ChildProcess::terminate));
        assertEquals(-2, afterReady(ChildProcess::interrupt));
        assertEquals(-9, afterReady(ChildProcess::kill));
        assertEquals(-1, afterReady(child -> Posix.kill(child.pid(), Signal.SIGHUP)));
        assertEquals(-10, afterReady(child -> Posix.kill(child.pid(), Signal.SIGUSR1)));
    }

    @Test
    void isTheNegativeNumberThoughTheHooksTakeTheirTime() throws Exception {
        try (ChildProcess child = Children.small().stdout(Redirect.PIPE).start(() -> {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.print("hook")));
            sayReadyAndSleep();
        })) {
            assertEquals('\n', child.stdout().read());
            child.terminate();
            assertEquals("hook", Children.text(child.stdout()));
            assertEquals(-15, Children.exitCode(child));
        }
    }

    private static int afterReady(Consumer<ChildProcess> signal) throws Exception {
        try (ChildProcess child = Children.small().stdout(Redirect.PIPE).start(ExitCodeTest::sayReadyAndSleep)) {
            assertEquals('\n', child.stdout().read());
            signal.accept(child);
            return Children.exitCode(child);
        }
    }

    private static void sayReadyAndSleep() throws InterruptedException {
        System.out.println();
        Thread.currentThread().join();
    }
}
