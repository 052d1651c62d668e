// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Keeps what plays on the core it belongs to. A process's threads and children inherit the core of the thread that makes them.
 */
public final class Pinning {

    private static final int[] CORES =
            Arrays.stream(System.getProperty("bench.cores", "0,1").split(",")).mapToInt(Integer::parseInt).toArray();

    private Pinning() {}

    /** {@return the core of process {@code process}, 0 or 1, of whoever plays} */
    public static int core(int process) {
        return CORES[process];
    }

    /**
     * Moves the whole of this JVM, all threads it has, to the core of process {@code process}.
     *
     * @throws IOException if taskset fails
     */
    public static void moveJvm(int process) throws IOException {
        taskset("-a", "-p", "-c", Integer.toString(core(process)), Long.toString(ProcessHandle.current().pid()));
    }

    /**
     * Moves only the calling platform thread to the core of process {@code process}; the other threads, and the children that one of them starts, stay.
     *
     * @throws IOException if taskset fails
     */
    public static void moveThread(int process) throws IOException {
        Path thread = Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName();
        taskset("-p", "-c", Integer.toString(core(process)), thread.toString());
    }

    private static void taskset(String... arguments) throws IOException {
        String[] command = new String[arguments.length + 1];
        command[0] = "taskset";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ": " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for taskset", e);
        }
    }
}
