// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import dev.kindred.process.ChildProcess;
import dev.kindred.process.ChildProcessBuilder;
import dev.kindred.process.ChildTask;
import dev.kindred.process.StartMethod;
import dev.kindred.tests.support.Delays;

/** Runs tasks in children to their end. */
final class Children {

    private Children() {}

    /** {@return a builder of children that need little memory and leave nobody behind who waits for more work} */
    static ChildProcessBuilder small() {
        return ChildProcess.builder().method(StartMethod.SPAWN).maxHeap(32 << 20).jvmOptions("-XX:TieredStopAtLevel=1");
    }

    /** Runs a task in one child, which must end well. */
    static void run(ChildTask task) throws InterruptedException {
        run(1, task);
    }

    /** Runs a task in several children at once, all of which must end well. */
    static void run(int count, ChildTask task) throws InterruptedException {
        List<ChildProcess> children = new ArrayList<>();
        try {
            for (int index = 0; index < count; index++) {
                children.add(small().start(task));
            }
            for (ChildProcess child : children) {
                assertTrue(child.join(Delays.LONG), child + " does not end");
                assertEquals(0, child.exitCode().orElseThrow(), child + " failed");
            }
        } finally {
            for (ChildProcess child : children) {
                if (child.isAlive()) {
                    child.kill();
                    child.join();
                }
                child.close();
            }
        }
    }
}
