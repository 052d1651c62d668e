// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Refuses the starts that could only go wrong. */
final class StartGuard {

    /** The thread on which this process takes in its task; null before and after. */
    private static volatile @Nullable Thread adopter;

    private StartGuard() {}

    /** Says that the calling thread begins to take in this process's task. */
    static void beginAdoption() {
        adopter = Thread.currentThread();
    }

    /** Says that the task is there. */
    static void endAdoption() {
        adopter = null;
    }

    /** Throws if the calling thread may not start a child now. */
    static void check(Identity self) {
        if (self.isDaemon()) {
            throw new IllegalStateException("process '" + self.name()
                    + "' is a daemon and may not have children: nobody would wait for them "
                    + "when it is terminated; start it with daemon(false)");
        }
        if (self.parent().isEmpty()) {
            return;
        }
        if (Thread.currentThread() == adopter) {
            throw new IllegalStateException("a child was started while process '" + self.name()
                    + "' was still taking in its own task: its child would take in the same and start one, too, and "
                    + "so on without end; start it from the task's run method");
        }
        runningInitialiser().ifPresent(type -> {
            throw new IllegalStateException("a child was started from the initialiser of class " + type
                    + " in process '" + self.name() + "': its child would initialise the same class and start one, "
                    + "too, and so on without end; start it from a method");
        });
    }

    private static Optional<String> runningInitialiser() {
        return StackWalker.getInstance()
                .walk(frames -> frames.filter(frame -> frame.getMethodName().equals("<clinit>"))
                        .map(StackWalker.StackFrame::getClassName)
                        .findFirst());
    }
}
