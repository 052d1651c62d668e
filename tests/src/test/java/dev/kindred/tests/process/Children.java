// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kindred.process.ChildProcess;
import dev.kindred.process.ChildProcessBuilder;
import dev.kindred.process.ChildTask;
import dev.kindred.tests.support.Delays;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;

/** Children for tests: small ones, whose ends are waited for. */
final class Children {

    private Children() {}

    /** {@return a builder of children that need little memory and time} */
    static ChildProcessBuilder small() {
        return ChildProcess.builder().maxHeap(16 << 20).jvmOptions("-XX:TieredStopAtLevel=1");
    }

    /** {@return the exit code of a child, once it has ended} */
    static int exitCode(ChildProcess child) throws InterruptedException {
        assertTrue(child.join(Delays.LONG), child + " does not end");
        return child.exitCode().orElseThrow();
    }

    /** {@return the exit code of a child that runs a task and is silent} */
    static int exitCode(ChildTask task) throws InterruptedException {
        try (ChildProcess child = small().stderr(Redirect.DISCARD).start(task)) {
            return exitCode(child);
        }
    }

    /** {@return what a task prints in a child that ends well} */
    static String output(ChildTask task) throws Exception {
        return output(small(), task);
    }

    /** {@return what a task prints in a child that ends well} */
    static String output(ChildProcessBuilder builder, ChildTask task) throws Exception {
        try (ChildProcess child = builder.stdout(Redirect.PIPE).start(task)) {
            String output = text(child.stdout());
            assertEquals(0, exitCode(child));
            return output;
        }
    }

    /** {@return all that a stream has, without white space at its end} */
    static String text(InputStream stream) throws IOException {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8).stripTrailing();
    }
}
