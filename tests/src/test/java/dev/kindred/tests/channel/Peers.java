// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.kindred.process.ChildProcess;
import dev.kindred.process.ChildTask;
import dev.kindred.tests.support.Delays;
import dev.kindred.tests.support.Eventually;

/** Who is at the other end: the same test runs for each. */
enum Peers {
    THREAD {
        @Override
        Peer start(ChildTask task) {
            return new ThreadPeer(task, false);
        }
    },
    VIRTUAL_THREAD {
        @Override
        Peer start(ChildTask task) {
            return new ThreadPeer(task, true);
        }
    },
    PROCESS {
        @Override
        Peer start(ChildTask task) {
            return new ProcessPeer(task);
        }
    };

    /** One that runs. Closing it waits for its end, which must be a good one. */
    interface Peer extends AutoCloseable {
        @Override
        void close();
    }

    /** Starts one. */
    abstract Peer start(ChildTask task);

    private static final class ThreadPeer implements Peer {

        private final FutureTask<Void> outcome;

        ThreadPeer(ChildTask task, boolean virtual) {
            outcome = new FutureTask<>(() -> {
                task.run();
                return null;
            });
            Thread thread = virtual ? Thread.startVirtualThread(outcome) : Thread.ofPlatform().start(outcome);
            assertTrue(thread.isAlive() || outcome.isDone());
        }

        @Override
        public void close() {
            try {
                outcome.get(Delays.LONG.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException | ExecutionException | TimeoutException e) {
                throw new AssertionError("the peer did not end well", e);
            }
        }
    }

    private static final class ProcessPeer implements Peer {

        private final ChildProcess child;

        ProcessPeer(ChildTask task) {
            child = ChildProcess.builder().maxHeap(64 << 20).jvmOptions("-XX:TieredStopAtLevel=1").start(task);
        }

        @Override
        public void close() {
            try {
                boolean ended = child.join(Delays.LONG);
                if (!ended) {
                    child.kill();
                    child.join();
                }
                int code = child.exitCode().orElseThrow();
                child.close();
                assertTrue(ended, "the peer does not end");
                assertEquals(0, code, "the peer's exit code");
            } catch (InterruptedException e) {
                throw new AssertionError("interrupted while waiting for the peer", e);
            }
        }
    }

    /** Waits until a thread waits in the kernel or parks. */
    static void awaitAsleep(Thread thread) {
        Eventually.holds(thread + " waits", () -> switch (thread.getState()) {
            case WAITING, TIMED_WAITING -> true;
            // A platform thread that sleeps in the kernel by our own call is runnable to the JVM.
            default -> Arrays.stream(thread.getStackTrace()).anyMatch(frame -> List.of("pollMany", "futexWaitMany").contains(frame.getMethodName()));
        });
    }

    /** {@return bytes that are not all the same} */
    static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + (i >> 8) * 7);
        }
        return bytes;
    }
}
