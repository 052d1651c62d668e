// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.os;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Daemon threads that wait in the kernel for long, most of them for the whole life of the JVM, and end with it.
 *
 * <p>HotSpot, before it ends, waits up to 300 ms for threads that are in native code. A JVM with such a thread would
 * take that long to end, and so would every child. So they are woken and ended, but only after all shutdown hooks have
 * run, because these may still need them.
 */
public final class KernelThreads {

    /** How long one may take to end. Then HotSpot's wait begins, and nothing but time is lost. */
    private static final long PATIENCE_MILLISECONDS = 50;

    private static final List<KernelThread> STARTED = new ArrayList<>();

    private static boolean callsAtEnd;

    private record KernelThread(Thread thread, Consumer<Thread> wake) {}

    private KernelThreads() {}

    /**
     * Starts a thread.
     *
     * @param name the thread's name
     * @param body what it does; it returns soon after {@code wake} was run, if not before
     * @param wake what ends the thread's wait in the kernel, for good
     */
    public static void start(String name, Runnable body, Consumer<Thread> wake) {
        Thread thread = Thread.ofPlatform().daemon().name(name).unstarted(() -> runThenForget(body));
        synchronized (STARTED) {
            if (!callsAtEnd) {
                callsAtEnd = true;
                // Without it the JVM ends 300 ms later, and correctly.
                boolean _ = JvmEnd.call(JvmEnd.KERNEL_THREADS, KernelThreads::endAll);
            }
            STARTED.add(new KernelThread(thread, wake));
        }
        thread.start();
    }

    private static void runThenForget(Runnable body) {
        try {
            body.run();
        } finally {
            synchronized (STARTED) {
                STARTED.removeIf(each -> each.thread == Thread.currentThread());
            }
        }
    }

    private static void endAll() {
        List<KernelThread> all;
        synchronized (STARTED) {
            all = List.copyOf(STARTED);
        }
        all.forEach(each -> each.wake.accept(each.thread));
        try {
            for (KernelThread each : all) {
                each.thread.join(PATIENCE_MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
