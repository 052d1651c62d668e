// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kindred.process.ChildProcess;
import dev.kindred.process.ChildProcessBuilder;
import dev.kindred.process.ChildTask;
import java.io.ObjectInputStream;
import java.io.Serial;
import java.io.Serializable;
import java.lang.ProcessBuilder.Redirect;
import org.junit.jupiter.api.Test;

/** Starts that are refused: without these refusals each would start children without end. */
final class StartGuardTest {

    private static String errorOf(ChildTask task) throws Exception {
        try (ChildProcess child = Children.small().stderr(Redirect.PIPE).start(task)) {
            String error = Children.text(child.stderr());
            assertEquals(1, Children.exitCode(child));
            return error;
        }
    }

    /** Starts a child as soon as it is initialised, which is in the parent or in a child. */
    static final class Bomb {
        static final ChildProcess CHILD = Children.small().start(Bomb::touch);

        private Bomb() {}

        static void touch() {}
    }

    @Test
    void refusesAStartFromAClassInitialiserOfAChild() throws Exception {
        String error = errorOf(() -> Bomb.touch());
        assertTrue(error.contains("a child was started from the initialiser of class " + Bomb.class.getName()), error);
    }

    /** Starts a child as it is deserialized. */
    static final class Starter implements Serializable {
        @Serial
        private static final long serialVersionUID = 1;

        @Serial
        private void readObject(ObjectInputStream in) {
            try (ChildProcess never = Children.small().start(() -> {})) {
                never.kill();
            }
        }
    }

    @Test
    void refusesAStartWhileTheTaskIsTakenIn() throws Exception {
        Starter starter = new Starter();
        String error = errorOf(() -> System.out.println(starter));
        assertTrue(error.contains("was still taking in its own task"), error);
    }

    @Test
    void refusesChildrenOfDaemons() throws Exception {
        ChildProcessBuilder daemon = Children.small().daemon(true).name("servant").stderr(Redirect.PIPE);
        try (ChildProcess child = daemon.start(() -> ChildProcess.start(() -> {}))) {
            assertTrue(child.isDaemon());
            String error = Children.text(child.stderr());
            assertTrue(error.contains("process 'servant' is a daemon and may not have children"), error);
            assertEquals(1, Children.exitCode(child));
        }
    }
}
