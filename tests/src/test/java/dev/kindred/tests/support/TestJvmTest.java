// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Library;
import com.sun.jna.Native;
import org.junit.jupiter.api.Test;

final class TestJvmTest {

    /** Says what it was given, then echoes until it is told to end. */
    static final class Echo {

        private Echo() {}

        public static void main(final String[] arguments) {
            TestJvm.say("started with " + String.join(",", arguments));
            while (true) {
                final String line = TestJvm.hear();
                if (line.startsWith("exit ")) {
                    System.exit(Integer.parseInt(line.substring("exit ".length())));
                }
                TestJvm.say("echo " + line);
            }
        }
    }

    /** The C library, as JNA sees it. */
    public interface CLibrary extends Library {

        int getpid();
    }

    @Test
    void talksAndReportsItsExitCode() {
        try (TestJvm child = TestJvm.start(Echo.class, "a", "b")) {
            assertEquals("started with a,b", child.nextLine());
            child.send("one");
            child.send("two");
            assertEquals("echo one", child.nextLine());
            assertEquals("echo two", child.nextLine());
            child.send("exit 7");
            assertEquals(7, child.exitStatus());
            final AssertionError noMore = assertThrows(AssertionError.class, child::nextLine);
            assertTrue(noMore.getMessage().contains("exit status 7"), noMore.getMessage());
        }
    }

    @Test
    void killIsReportedAsTheSignal() {
        try (TestJvm child = TestJvm.start(Echo.class)) {
            child.awaitLine("started");
            child.kill();
            assertEquals(-9, child.exitStatus());
        }
    }

    @Test
    void stopsAndResumes() {
        try (TestJvm child = TestJvm.start(Echo.class)) {
            child.awaitLine("started");
            child.stop();
            child.send("late");
            assertTrue(child.isAlive());
            child.resume();
            assertEquals("echo late", child.nextLine());
        }
    }

    @Test
    void jnrWaitsForWhatItSpawned() {
        assertEquals(3, Posix.waitFor(Posix.spawn("sh", "-c", "exit 3")));
        assertEquals(-15, Posix.waitFor(Posix.spawn("sh", "-c", "kill -TERM $$")));
    }

    @Test
    void jnaCallsTheCLibrary() {
        final CLibrary library = Native.load("c", CLibrary.class);
        assertEquals(ProcessHandle.current().pid(), library.getpid());
        assertFalse(Processes.descriptors(ProcessHandle.current().pid()).isEmpty());
    }
}
