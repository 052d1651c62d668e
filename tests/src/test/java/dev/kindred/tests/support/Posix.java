// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.support;

import java.util.List;
import jnr.constants.platform.Signal;
import jnr.posix.POSIX;
import jnr.posix.POSIXFactory;

/** Signals and waiting through jnr-posix: a hand that owes nothing to the code under test. */
public final class Posix {

    private static final POSIX POSIX = POSIXFactory.getNativePOSIX();

    private Posix() {}

    /**
     * Sends a signal.
     *
     * @param pid    to which process
     * @param signal which one
     */
    public static void kill(final long pid, final Signal signal) {
        if (POSIX.kill((int) pid, signal.intValue()) != 0) {
            throw new AssertionError("kill(" + pid + ", " + signal + ") failed: errno " + POSIX.errno());
        }
    }

    /**
     * Starts a program with this process's environment and its standard input, output and errors.
     *
     * @param command the program, looked up in PATH, and its arguments
     * @return the new process's id; it is {@linkplain #waitFor awaited} by the caller, and by nobody else
     */
    public static long spawn(final String... command) {
        final long pid = POSIX.posix_spawnp(command[0], List.of(), List.of(command),
                System.getenv().entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue()).toList());
        if (pid <= 0) {
            throw new AssertionError("posix_spawnp(" + String.join(" ", command) + ") failed: errno " + POSIX.errno());
        }
        return pid;
    }

    /**
     * Waits for a process that {@link #spawn} started, and takes its status.
     *
     * @param pid which one
     * @return its exit code, or the negated number of the signal that ended it
     */
    public static int waitFor(final long pid) {
        final int[] status = new int[1];
        if (POSIX.waitpid((int) pid, status, 0) != pid) {
            throw new AssertionError("waitpid(" + pid + ") failed: errno " + POSIX.errno());
        }
        final int signal = status[0] & 0x7f;
        return signal != 0 ? -signal : status[0] >> 8 & 0xff;
    }
}
