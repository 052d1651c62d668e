// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One who plays, ours or a peer: a process that is sent a line for every round and answers with its {@link Round}. Idle, it sleeps. */
final class Contestant implements AutoCloseable {

    /** No warm-up and no round takes this long, so that whoever does hangs. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final List<String> command;
    private final Process process;
    private final BufferedReader output;
    private final BufferedWriter input;

    /**
     * Starts the process and waits until it is ready.
     *
     * @throws IOException if it cannot be started, or ends or hangs before it is ready
     */
    Contestant(List<String> command) throws IOException {
        this.command = command;
        process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        output = process.inputReader(StandardCharsets.UTF_8);
        input = process.outputWriter(StandardCharsets.UTF_8);
        try {
            String line = read();
            if (!line.equals("ready")) {
                throw new IOException("said \"" + line + "\" instead of \"ready\": " + String.join(" ", command));
            }
        } catch (IOException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /**
     * Plays one round.
     *
     * @throws IOException if the process has ended or hangs
     */
    Round play() throws IOException {
        input.write('\n');
        input.flush();
        return Round.parse(read());
    }

    private String read() throws IOException {
        FutureTask<String> reading = new FutureTask<>(output::readLine);
        Thread.ofVirtual().start(reading);
        String line;
        try {
            line = reading.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IOException("hung for " + PATIENCE.toSeconds() + " s: " + String.join(" ", command), e);
        } catch (ExecutionException e) {
            throw new IOException("cannot be read: " + String.join(" ", command), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for: " + String.join(" ", command), e);
        }
        if (line == null) {
            throw new IOException("ended early: " + String.join(" ", command));
        }
        return line;
    }

    /** Ends the process: kindly, by the end of its input, and by force if that does not help. */
    @Override
    public void close() {
        try {
            input.close();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
            throw new UncheckedIOException("cannot end: " + String.join(" ", command), e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
