// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kindred.process.ChildProcess;
import dev.kindred.process.ChildProcessBuilder;
import dev.kindred.process.Spares;
import dev.kindred.process.StartMethod;
import dev.kindred.tests.support.Eventually;
import dev.kindred.tests.support.Posix;
import dev.kindred.tests.support.Processes;
import dev.kindred.tests.support.TestJvm;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import jnr.constants.platform.Signal;
import org.junit.jupiter.api.Test;

/** Who gets a spare, and what becomes of those whom nobody gets. */
final class SpareTest {

    private static Set<Long> childrenOfThisJvm() {
        long self = ProcessHandle.current().pid();
        return Processes.ofThisRun().stream().filter(entry -> entry.parentPid() == self && !entry.isZombie())
                .map(Processes.Entry::pid).collect(Collectors.toSet());
    }

    private static long pidOfChild(ChildProcessBuilder builder) throws InterruptedException {
        try (ChildProcess child = builder.start(() -> {})) {
            long pid = child.pid();
            assertEquals(0, Children.exitCode(child));
            return pid;
        }
    }

    private static void awaitNoSpares() {
        Spares.dismiss();
        Eventually.holds("no spare is left", () -> Spares.waiting() == 0);
    }

    @Test
    void handsOutWhatWasPrepared() throws Exception {
        Children.small().prepareSpares(2);
        assertEquals(2, Spares.waiting());
        Set<Long> spares = childrenOfThisJvm();
        assertTrue(spares.contains(pidOfChild(Children.small())));
        ChildProcessBuilder other = Children.small().name("other").daemon(true).stdout(Redirect.DISCARD);
        assertTrue(spares.contains(pidOfChild(other)));
    }

    @Test
    void keepsSparesForTheirOwnKind() throws Exception {
        Children.small().prepareSpares(1);
        long spare = childrenOfThisJvm().iterator().next();
        List<ChildProcessBuilder> others = List.of(
                Children.small().method(StartMethod.SPAWN),
                Children.small().outliveParent(true),
                Children.small().environment("KINDRED_KIND", "other"),
                Children.small().directory(Path.of("/")),
                Children.small().jvmOptions("-Dkind=other"),
                Children.small().maxHeap(20 << 20));
        for (ChildProcessBuilder other : others) {
            assertNotEquals(spare, pidOfChild(other));
        }
        assertEquals(spare, pidOfChild(Children.small()));
    }

    @Test
    void replacesWhatWasUsed() throws Exception {
        awaitNoSpares();
        long first = pidOfChild(Children.small());
        Eventually.holds("a spare was started", () -> Spares.waiting() == 1);
        long second = pidOfChild(Children.small());
        assertNotEquals(first, second);
        Eventually.holds("another was started", () -> Spares.waiting() == 1);
    }

    @Test
    void passesOverASpareThatHasDied() throws Exception {
        Children.small().prepareSpares(2);
        Set<Long> spares = childrenOfThisJvm();
        long oldest = spares.stream().min(Long::compare).orElseThrow();
        Posix.kill(oldest, Signal.SIGKILL);
        Eventually.holds("the spare is gone", () -> Spares.waiting() == 1);
        long used = pidOfChild(Children.small());
        assertTrue(used != oldest && spares.contains(used), "child " + used + " of spares " + spares);
    }

    /** Killed so shortly before that nobody can have noticed, and many times, so that every order of events occurs. */
    @Test
    void startsEvenIfTheSpareDiesMeanwhile() throws Exception {
        for (int i = 0; i < 5; i++) {
            awaitNoSpares();
            Children.small().prepareSpares(1);
            Posix.kill(childrenOfThisJvm().iterator().next(), Signal.SIGKILL);
            try (ChildProcess child = Children.small().start(() -> System.exit(3))) {
                int code = Children.exitCode(child);
                assertTrue(code == 3 || code == -9, "exit code " + code);
            }
        }
    }

    @Test
    void lendsSparesNoLife() {
        Children.small().prepareSpares(1);
        assertEquals(List.of(), ChildProcess.active());
        awaitNoSpares();
        Eventually.holds("its process has ended", () -> childrenOfThisJvm().isEmpty());
    }

    @Test
    void boundsTheirNumber() {
        assertThrows(IllegalArgumentException.class, () -> Spares.prepare(-1));
        assertThrows(IllegalArgumentException.class, () -> Spares.prepare(Spares.LIMIT + 1));
        assertThrows(IllegalStateException.class,
                () -> ChildProcess.builder().method(StartMethod.SPAWN).prepareSpares(1));
        assertThrows(IllegalStateException.class, () -> ChildProcess.builder().outliveParent(true).prepareSpares(1));
        Spares.prepare(0);
    }

    /** Prepares a spare and waits until it has left. */
    static final class ImpatientParent {
        private ImpatientParent() {}

        static void main(String[] arguments) {
            Children.small().prepareSpares(1);
            TestJvm.say("spares " + Spares.waiting());
            Eventually.holds("the spare has left", () -> Spares.waiting() == 0);
            TestJvm.say("spares " + Spares.waiting());
        }
    }

    @Test
    void leaveAfterAWhileWithoutUse() {
        try (TestJvm parent = TestJvm.start(List.of("-Dkindred.spares.seconds=1"), Map.of(), ImpatientParent.class)) {
            assertEquals("spares 1", parent.awaitLine("spares"));
            assertEquals("spares 0", parent.awaitLine("spares"));
            assertEquals(0, parent.exitStatus());
        }
    }

    /** A parent that ends, or is killed, with a spare that nobody has used. */
    static final class ParentWithSpare {
        private ParentWithSpare() {}

        static void main(String[] arguments) {
            Children.small().prepareSpares(1);
            TestJvm.say("spare " + childrenOfThisJvm().iterator().next());
            TestJvm.hear();
        }
    }

    @Test
    void dieWithTheirParent() {
        for (boolean kill : new boolean[] {true, false}) {
            try (TestJvm parent = TestJvm.start(ParentWithSpare.class)) {
                long spare = Long.parseLong(parent.awaitLine("spare").substring("spare ".length()));
                if (kill) {
                    parent.kill();
                } else {
                    parent.send("end");
                    assertEquals(0, parent.exitStatus());
                }
                Eventually.holds("spare " + spare + " is gone", () -> Processes.entry(spare) == null);
            }
        }
    }
}
