// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import java.util.Map;

/**
 * Tells the parent which signal makes this process end.
 *
 * <p>HotSpot turns SIGTERM, SIGINT and SIGHUP into an orderly exit with 143, 130 or 129, which a program may also
 * choose by itself. Who asked is seen from inside only: the exit runs on a thread that is called after the signal.
 */
final class EndingReport extends Thread {

    private static final Map<String, Integer> SIGNALS = Map.of(
            "SIGTERM handler", Signal.TERMINATE,
            "SIGINT handler", Signal.INTERRUPT,
            "SIGHUP handler", Signal.HANG_UP);

    private static final int MOST_THREADS_LOOKED_AT = 256;

    private final FrameSocket parent;

    private EndingReport(FrameSocket parent) {
        super("kindred-ending");
        this.parent = parent;
    }

    /** Has the parent told when this process ends. */
    static void arrange(FrameSocket parent) {
        Runtime.getRuntime().addShutdownHook(new EndingReport(parent));
    }

    @Override
    public void run() {
        int signal = signalThatEnds();
        if (signal != 0) {
            // A parent that has gone does not want to know.
            boolean _ = parent.send(Frame.of(Frame.Kind.ENDING, new byte[] {(byte) signal}));
        }
    }

    /** {@return the number of the signal whose thread runs the exit, or 0 if the program ends by itself} */
    private static int signalThatEnds() {
        ThreadGroup all = Thread.currentThread().getThreadGroup();
        while (all.getParent() != null) {
            all = all.getParent();
        }
        Thread[] threads = new Thread[MOST_THREADS_LOOKED_AT];
        // The system's own threads are in the topmost group, which enumerates itself before the groups below it.
        int count = all.enumerate(threads);
        for (int i = 0; i < count; i++) {
            Integer signal = SIGNALS.get(threads[i].getName());
            if (signal != null) {
                return signal;
            }
        }
        return 0;
    }
}
