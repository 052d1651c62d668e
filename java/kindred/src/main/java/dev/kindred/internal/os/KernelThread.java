// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.os;

import java.util.ArrayList;
import java.util.List;

/**
 * A daemon thread that waits in the kernel for the whole life of the JVM, and ends with it.
 *
 * <p>HotSpot, before it ends, waits up to 300 ms for threads that are in native code. A JVM with such a thread would
 * take that long to end, and so would every child. So they are woken and ended, but only after all shutdown hooks have
 * run, because these may still need them.
 */
public abstract class KernelThread extends Thread {

    /** The JDK runs what stands at its ten places one after the other, the hooks of programs at the second. */
    private static final int LAST_PLACE = 9;

    /** How long one may take to end. Then HotSpot's wait begins, and nothing but time is lost. */
    private static final long PATIENCE_MILLISECONDS = 50;

    private static final List<KernelThread> STARTED = new ArrayList<>();

    /** Makes a thread of that name. */
    protected KernelThread(String name) {
        super(name);
        setDaemon(true);
    }

    /** Does the work, and returns soon after {@link #endWait} was called. */
    @Override
    public abstract void run();

    /** Ends the thread's wait in the kernel, for good. */
    protected abstract void endWait();

    /** Starts the thread, and has it ended with the JVM. */
    @Override
    public void start() {
        synchronized (STARTED) {
            if (STARTED.isEmpty()) {
                EndOfAll.arrange();
            }
            STARTED.add(this);
        }
        super.start();
    }

    private static final class EndOfAll implements Runnable {

        static void arrange() {
            try {
                Native.addShutdownHook(LAST_PLACE, new EndOfAll());
            } catch (LinkageError | InternalError | IllegalStateException e) {
                // Another JDK, a place that is taken, or a JVM that is ending already: it ends 300 ms later, and correctly.
            }
        }

        @Override
        public void run() {
            List<KernelThread> all;
            synchronized (STARTED) {
                all = List.copyOf(STARTED);
            }
            for (KernelThread each : all) {
                each.endWait();
            }
            try {
                for (KernelThread each : all) {
                    each.join(PATIENCE_MILLISECONDS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
