// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.os;

import java.util.ArrayList;
import java.util.List;

/**
 * A daemon thread that waits in the kernel for long, ordinarily for the whole life of the JVM, and ends with it.
 *
 * <p>HotSpot, before it ends, waits up to 300 ms for threads that are in native code. A JVM with such a thread would
 * take that long to end, and so would every child. So they are woken and ended, but only after all shutdown hooks have
 * run, because these may still need them.
 */
public abstract class KernelThread extends Thread {

    /** How long one may take to end. Then HotSpot's wait begins, and nothing but time is lost. */
    private static final long PATIENCE_MILLISECONDS = 50;

    private static final List<KernelThread> STARTED = new ArrayList<>();

    private static boolean isEndArranged;

    /** Makes a thread of that name. */
    protected KernelThread(String name) {
        super(name);
        setDaemon(true);
    }

    /** Does the work, and returns soon after {@link #endWait} was called, if not before. */
    protected abstract void work();

    /** Does the work, and is forgotten when that is done. */
    @Override
    public final void run() {
        try {
            work();
        } finally {
            synchronized (STARTED) {
                STARTED.remove(this);
            }
        }
    }

    /** Ends the thread's wait in the kernel, for good. */
    protected abstract void endWait();

    /** Starts the thread, and has it ended with the JVM. */
    @Override
    public void start() {
        synchronized (STARTED) {
            if (!isEndArranged) {
                isEndArranged = true;
                // Without it the JVM ends 300 ms later, and correctly.
                boolean _ = JvmEnd.call(JvmEnd.KERNEL_THREADS, new EndOfAll());
            }
            STARTED.add(this);
        }
        super.start();
    }

    private static final class EndOfAll implements Runnable {

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
