// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.support;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import jnr.constants.platform.Signal;

/**
 * A JVM started by the JDK and not by Kindred, for tests of what must hold whoever started a process, and for crashes.
 *
 * <p>It has the class path of this JVM, and talks over its standard input and output, a line at a time. In the child
 * {@link #say} and {@link #hear} are the other side. Its standard error comes out on ours, with its pid before each
 * line.
 */
public final class TestJvm implements AutoCloseable {

    /** What {@link #awaitLine} finds after the last line. */
    private static final String END = "\0end";

    /** The AOT cache that the build has made for children, and what keeps it silent: none where another program runs the tests. */
    private static final List<String> CACHE = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(option -> option.startsWith("-XX:AOTCache=") || option.startsWith("-Xlog:aot=") || option.startsWith("-Xlog:cds="))
            .toList();

    private final Process process;

    private final BufferedWriter toChild;

    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private final Thread outputReader;

    private final Thread errorReader;

    private TestJvm(final Process process) {
        this.process = process;
        toChild = process.outputWriter(StandardCharsets.UTF_8);
        outputReader = reader(process.inputReader(StandardCharsets.UTF_8), "output", lines::add, () -> lines.add(END));
        errorReader = reader(process.errorReader(StandardCharsets.UTF_8), "errors",
                line -> System.err.println("[" + process.pid() + "] " + line), () -> {});
    }

    private interface LineSink {
        void accept(String line);
    }

    private Thread reader(final BufferedReader from, final String what, final LineSink sink, final Runnable atEnd) {
        return Thread.ofPlatform().daemon().name("child " + process.pid() + " " + what).start(() -> {
            try (from) {
                for (String line = from.readLine(); line != null; line = from.readLine()) {
                    sink.accept(line);
                }
            } catch (final IOException closedUnderUs) {
                // The child was killed in the middle of a line: nothing more comes, as after the end.
                sink.accept("(" + what + " broke off: " + closedUnderUs.getMessage() + ")");
            } finally {
                atEnd.run();
            }
        });
    }

    /**
     * Starts a class's main method in a new JVM.
     *
     * @param mainClass whose
     * @param arguments what it gets
     * @return the running child; closing it kills it
     */
    public static TestJvm start(final Class<?> mainClass, final String... arguments) {
        return start(List.of(), Map.of(), mainClass, arguments);
    }

    /**
     * Starts a class's main method in a new JVM with options.
     *
     * @param options     of the JVM, such as {@code -Dname=value}
     * @param environment variables beside those of this process
     * @param mainClass   whose main method
     * @param arguments   what it gets
     * @return the running child; closing it kills it
     */
    public static TestJvm start(final List<String> options, final Map<String, String> environment,
            final Class<?> mainClass, final String... arguments) {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Children of tests are many and short-lived: little memory, and no second compiler that never pays.
        command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED", "--illegal-native-access=deny",
                "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(CACHE);
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass.getName()));
        command.addAll(List.of(arguments));
        final ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        try {
            return new TestJvm(builder.start());
        } catch (final IOException failed) {
            throw new UncheckedIOException("cannot start " + String.join(" ", command), failed);
        }
    }

    /** {@return the child's process id} */
    public long pid() {
        return process.pid();
    }

    /** {@return whether it runs} */
    public boolean isAlive() {
        return process.isAlive();
    }

    /**
     * {@return the next line the child prints, waiting for it at most {@link Delays#LONG}}
     *
     * @throws AssertionError when none comes in time, or the child ends without one
     */
    public String nextLine() {
        final String line;
        try {
            line = lines.poll(Delays.LONG.toNanos(), TimeUnit.NANOSECONDS);
        } catch (final InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for a line of child " + pid(), interrupted);
        }
        if (line == null) {
            throw new AssertionError("child " + pid() + " printed no line within " + Delays.LONG);
        }
        if (line.equals(END)) {
            lines.add(END);
            throw new AssertionError("child " + pid() + " closed its output"
                    + (isAlive() ? "" : ", exit status " + process.exitValue()));
        }
        return line;
    }

    /**
     * Takes lines until one begins with a word.
     *
     * @param start what the line begins with
     * @return that line; those before it are dropped
     * @throws AssertionError when none comes in time, or the child ends without one
     */
    public String awaitLine(final String start) {
        while (true) {
            final String line = nextLine();
            if (line.startsWith(start)) {
                return line;
            }
        }
    }

    /**
     * Sends the child a line.
     *
     * @param line without its end
     */
    public void send(final String line) {
        try {
            toChild.write(line);
            toChild.newLine();
            toChild.flush();
        } catch (final IOException failed) {
            throw new UncheckedIOException("child " + pid() + " takes no line"
                    + (isAlive() ? "" : ", it has ended"), failed);
        }
    }

    /** Kills the child at whatever instruction it is, and waits until it is gone. */
    public void kill() {
        if (process.isAlive()) {
            Posix.kill(pid(), Signal.SIGKILL);
        }
        exitStatus();
    }

    /** Stops the child, and waits until all of it stands still. */
    public void stop() {
        Posix.kill(pid(), Signal.SIGSTOP);
        Eventually.holds("child " + pid() + " is stopped", () -> {
            final Processes.Entry entry = Processes.entry(pid());
            return entry != null && entry.isStopped();
        });
    }

    /** Lets the child go on. */
    public void resume() {
        Posix.kill(pid(), Signal.SIGCONT);
    }

    /**
     * {@return the child's exit code, or the negated number of the signal that ended it, waiting for it at most {@link
     * Delays#LONG}}
     *
     * <p>The JDK reports a signal as 128 and its number, as a shell does: codes above 128 are taken for that.
     */
    public int exitStatus() {
        return exitStatus(Delays.LONG);
    }

    /**
     * {@return the child's exit code, or the negated number of the signal that ended it}
     *
     * @param limit how long to wait for its end
     */
    public int exitStatus(final Duration limit) {
        try {
            if (!process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new AssertionError("child " + pid() + " still runs after " + limit);
            }
        } catch (final InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for the end of child " + pid(), interrupted);
        }
        final int status = process.exitValue();
        return status > 128 ? 128 - status : status;
    }

    /** Kills the child if it still runs, and waits until nothing of it is left. */
    @Override
    public void close() {
        if (process.isAlive()) {
            process.destroyForcibly();
        }
        exitStatus();
        try {
            toChild.close();
        } catch (final IOException unread) {
            // What the child never read is of no use to anybody any more; the descriptor is closed all the same.
            System.err.println("[" + pid() + "] ended with input unread");
        }
        try {
            outputReader.join(Delays.LONG.toMillis());
            errorReader.join(Delays.LONG.toMillis());
        } catch (final InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * In the child: sends the test a line.
     *
     * @param line without its end
     */
    public static void say(final String line) {
        System.out.println(line);
        System.out.flush();
    }

    /**
     * {@return in the child: the next line of the test}
     *
     * @throws IllegalStateException when the test has closed the line: it is over
     */
    public static String hear() {
        final StringBuilder line = new StringBuilder();
        try {
            // Byte by byte: what comes after the line stays where it is, for whoever reads next.
            for (int next = System.in.read(); next != '\n'; next = System.in.read()) {
                if (next < 0) {
                    throw new IllegalStateException("the test has ended");
                }
                line.append((char) next);
            }
        } catch (final IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return line.toString();
    }
}
