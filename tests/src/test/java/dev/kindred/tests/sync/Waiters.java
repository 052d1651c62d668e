// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.sync;

import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

import dev.kindred.tests.support.Delays;
import dev.kindred.tests.support.Eventually;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** Threads of this process that wait for something, and what comes of it. */
final class Waiters {

    /** A thread that waits, and what its wait ends with. */
    record Waiter(Thread thread, FutureTask<String> outcome) {

        /** {@return what the task returned, or the simple name of what it threw} */
        String await() throws Exception {
            assertTrue(thread.join(Delays.LONG), () -> thread + " still waits: " + Arrays.toString(thread.getStackTrace()));
            return outcome.get();
        }
    }

    private Waiters() {}

    /** Starts a thread whose task waits. */
    static Waiter start(boolean virtual, Callable<String> task) {
        FutureTask<String> outcome = new FutureTask<>(() -> {
            try {
                return task.call();
            } catch (Exception | AssertionError e) {
                return e.getClass().getSimpleName();
            }
        });
        return new Waiter(virtual ? Thread.startVirtualThread(outcome) : Thread.ofPlatform().start(outcome), outcome);
    }

    /** Waits until a thread parks or sleeps in the kernel. */
    static void awaitAsleep(Thread thread) {
        Eventually.holds(thread + " waits", () -> switch (thread.getState()) {
            case WAITING, TIMED_WAITING -> true;
            // A platform thread that sleeps in the kernel by our own call is runnable to the JVM.
            default -> Arrays.stream(thread.getStackTrace()).anyMatch(frame -> frame.getMethodName().equals("futexWait"));
        });
    }
}
