// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import dev.kindred.internal.os.Descriptors;
import dev.kindred.internal.space.Space;

/** The main class of every child, and what becomes of an exception that ends it. */
final class ChildMain implements Thread.UncaughtExceptionHandler {

    /** Where the spawner puts the socket to the parent. */
    private static final int SOCKET = 3;

    private ChildMain() {}

    /** Runs a child, which may be a spare until its parent has a task for it. */
    static void main(String[] arguments) throws Exception {
        Descriptors.duplicateTo(SOCKET, SOCKET); // From here on it is closed in what this process may start.
        FrameSocket parent = new FrameSocket(SOCKET);
        Frame join = parent.receive();
        if (join == null) {
            return;
        }
        Thread.currentThread().setUncaughtExceptionHandler(new ChildMain());
        Space.join(join.descriptors()[0], "spare", JoinMessage.of(join).parentId());
        EndingReport.arrange(parent);
        if (!parent.isReadable()) {
            Rehearsal.run();
        }
        ChildTask task = new Adoption(parent).awaitTask();
        if (task != null) {
            task.run();
        }
    }

    /** The exit code is 1 then, which is the java command's own doing. */
    @Override
    public void uncaughtException(Thread thread, Throwable thrown) {
        System.err.println("Process " + Identity.current().name() + ":");
        thrown.printStackTrace();
    }
}
