// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.support;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * A Python program that runs beside the test, line by line: what it prints is read, what is sent it reads with {@code
 * input()}.
 */
public final class Cpython implements AutoCloseable {

    private final Process process;
    private final BufferedReader output;
    private final BufferedWriter input;

    /**
     * Starts a program; the test is skipped where there is no python3.
     *
     * @param program   its text
     * @param arguments what it finds in {@code sys.argv[1:]}
     */
    public Cpython(String program, String... arguments) throws IOException {
        assumeTrue(isThere(), "there is no python3 with multiprocessing.shared_memory here");
        String[] command = new String[3 + arguments.length];
        command[0] = "python3";
        command[1] = "-c";
        command[2] = program;
        System.arraycopy(arguments, 0, command, 3, arguments.length);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("PYTHONUNBUFFERED", "1");
        builder.environment().put("PYTHONIOENCODING", "utf-8");
        process = builder.start();
        output = process.inputReader(StandardCharsets.UTF_8);
        input = process.outputWriter(StandardCharsets.UTF_8);
    }

    private static boolean isThere() throws IOException {
        try {
            Process probe = new ProcessBuilder("python3", "-c", "import multiprocessing.shared_memory")
                    .redirectErrorStream(true).start();
            probe.inputReader().lines().forEach(_ -> {});
            return probe.waitFor() == 0;
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        } catch (IOException missing) {
            return false;
        }
    }

    /** {@return the next line it prints} */
    public String line() throws IOException {
        String line = output.readLine();
        if (line == null) {
            throw new AssertionError("python3 has ended without another line");
        }
        return line;
    }

    /** Lets it go on with a line. */
    public void send(String line) throws IOException {
        input.write(line + "\n");
        input.flush();
    }

    /** Waits for its end, which must be a good one; what it printed and nobody read is in the message if it is not. */
    @Override
    public void close() throws IOException {
        try {
            input.close();
            String rest = String.join("\n", output.lines().toList());
            if (!process.waitFor(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new AssertionError("python3 did not end well: " + rest);
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            throw new AssertionError(interrupted);
        }
    }
}
