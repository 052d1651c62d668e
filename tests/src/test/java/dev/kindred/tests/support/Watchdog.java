// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.support;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import jnr.constants.platform.Signal;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Ends a test that hangs, and keeps the evidence. Registered for all tests by {@code META-INF/services}.
 *
 * <p>When a test has run for longer than a minute (or what {@link Limit} says), the stacks of all threads of this JVM
 * and of the JVMs below it, what the kernel says of every other process below it, the {@linkplain SharedState shared
 * words} of all their families, and what was {@linkplain #describe registered} go to standard error. Then the processes
 * below are killed and the test's thread is interrupted, upon which the test fails. One that goes on all the same takes
 * the JVM with it.
 */
public final class Watchdog
        implements BeforeTestExecutionCallback, AfterTestExecutionCallback, TestExecutionExceptionHandler {

    /** The exit code of a test JVM whose test could not be ended, as {@code timeout} has it. */
    private static final int GIVEN_UP = 124;

    private static final Duration USUAL_LIMIT = Delays.scaled(60_000);

    private static final Duration GRACE = Delays.scaled(20_000);

    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(Watchdog.class);

    private static final Map<String, Supplier<String>> DESCRIPTIONS = new ConcurrentHashMap<>();

    private static final ScheduledExecutorService TIMER = Executors.newSingleThreadScheduledExecutor(task -> {
        final Thread thread = new Thread(task, "watchdog");
        thread.setDaemon(true);
        return thread;
    });

    /** A test under watch. */
    private record Watch(Duration limit, AtomicBoolean over, ScheduledFuture<?> bark, ScheduledFuture<?> bite) {}

    /**
     * Adds something to what is printed of a test that hangs: what an object says of itself, say.
     *
     * @param title what it is
     * @param state makes the text when it is needed, on the watchdog's thread; must not wait for anything
     * @return takes it away again
     */
    public static AutoCloseable describe(final String title, final Supplier<String> state) {
        DESCRIPTIONS.put(title, state);
        return () -> DESCRIPTIONS.remove(title, state);
    }

    @Override
    public void beforeTestExecution(final ExtensionContext context) {
        final Duration limit = limit(context);
        final Thread tester = Thread.currentThread();
        final AtomicBoolean over = new AtomicBoolean();
        final String name = context.getRequiredTestClass().getSimpleName() + "." + context.getDisplayName();
        final ScheduledFuture<?> bark = TIMER.schedule(() -> {
            over.set(true);
            dumpAll(name + " has run for longer than " + limit, System.err);
            killAllBelow();
            tester.interrupt();
        }, limit.toNanos(), TimeUnit.NANOSECONDS);
        final ScheduledFuture<?> bite = TIMER.schedule(() -> {
            System.err.println(name + " goes on after " + limit.plus(GRACE)
                    + ", though interrupted: giving up this JVM");
            dumpAll("what still runs", System.err);
            killAllBelow();
            Runtime.getRuntime().halt(GIVEN_UP);
        }, limit.plus(GRACE).toNanos(), TimeUnit.NANOSECONDS);
        context.getStore(NAMESPACE).put(Watch.class, new Watch(limit, over, bark, bite));
    }

    @Override
    public void afterTestExecution(final ExtensionContext context) {
        final Watch watch = context.getStore(NAMESPACE).get(Watch.class, Watch.class);
        watch.bark().cancel(false);
        watch.bite().cancel(false);
        if (watch.over().get()) {
            // The interruption was ours; a later test must not meet it.
            Thread.interrupted();
            if (context.getExecutionException().isEmpty()) {
                throw tooLong(watch);
            }
        }
    }

    /** What the test threw when it was interrupted says nothing of why it was. */
    @Override
    public void handleTestExecutionException(final ExtensionContext context, final Throwable thrown) throws Throwable {
        final Watch watch = context.getStore(NAMESPACE).get(Watch.class, Watch.class);
        if (watch.over().get()) {
            final AssertionError failure = tooLong(watch);
            failure.initCause(thrown);
            throw failure;
        }
        throw thrown;
    }

    private static AssertionError tooLong(final Watch watch) {
        return new AssertionError("the test ran for longer than " + watch.limit() + "; stacks are on standard error");
    }

    private static Duration limit(final ExtensionContext context) {
        return context.getElement().flatMap(element -> AnnotationSupport.findAnnotation(element, Limit.class))
                .or(() -> AnnotationSupport.findAnnotation(context.getRequiredTestClass(), Limit.class))
                .map(limit -> Delays.scaled(limit.seconds() * 1_000L))
                .orElse(USUAL_LIMIT);
    }

    private static void killAllBelow() {
        for (final Processes.Entry process : Processes.ofThisRun()) {
            if (!process.isZombie()) {
                System.err.println("killing " + process);
                Posix.kill(process.pid(), Signal.SIGKILL);
            }
        }
    }

    /**
     * Prints the stacks of this JVM and of all processes below it, the words they share, and whatever was registered.
     *
     * @param why the first line
     * @param out where to
     */
    public static void dumpAll(final String why, final PrintStream out) {
        out.println("==== " + why + " ====");
        DESCRIPTIONS.forEach((title, state) -> out.println("---- " + title + "\n" + stateOf(state)));
        out.println(SharedState.ofThisRun());
        out.println("---- this JVM, pid " + ProcessHandle.current().pid());
        out.println(ownThreads());
        for (final Processes.Entry process : Processes.ofThisRun()) {
            out.println("---- " + process);
            // A stopped JVM would never answer.
            final String stacks = process.command().contains("java") && !process.isStopped() && !process.isZombie()
                    ? javaThreads(process.pid()) : null;
            out.println(stacks != null ? stacks : kernelThreads(process.pid()));
        }
        out.flush();
    }

    private static String stateOf(final Supplier<String> state) {
        try {
            return state.get();
        } catch (final RuntimeException failed) {
            return "(could not be read: " + failed + ")";
        }
    }

    /** Virtual threads, too, which {@link Thread#getAllStackTraces} leaves out. */
    private static String ownThreads() {
        try {
            final Path folder = Files.createTempDirectory("kindred-watchdog");
            final Path file = folder.resolve("threads.txt");
            try {
                ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                        .dumpThreads(file.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
                return Files.readString(file);
            } finally {
                Files.deleteIfExists(file);
                Files.delete(folder);
            }
        } catch (final IOException failed) {
            return "(no thread dump: " + failed + ")";
        }
    }

    private static @Nullable String javaThreads(final long pid) {
        try {
            final Path folder = Files.createTempDirectory("kindred-watchdog");
            final Path output = folder.resolve("output.txt");
            final Path virtual = folder.resolve("threads.txt");
            try {
                if (!jcmd(pid, output, "Thread.print", "-l")) {
                    return null;
                }
                final String platform = Files.readString(output);
                // The first leaves out virtual threads, the second what each holds and waits for.
                return jcmd(pid, output, "Thread.dump_to_file", virtual.toString()) ? platform + Files.readString(virtual) : platform;
            } finally {
                Files.deleteIfExists(output);
                Files.deleteIfExists(virtual);
                Files.delete(folder);
            }
        } catch (final IOException failed) {
            return null;
        } catch (final InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /** {@return whether the JVM did what it was told} */
    private static boolean jcmd(final long pid, final Path output, final String... command) throws IOException, InterruptedException {
        final List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
        line.add(Long.toString(pid));
        line.addAll(List.of(command));
        final Process jcmd = new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(output.toFile()).start();
        if (!jcmd.waitFor(10, TimeUnit.SECONDS)) {
            jcmd.destroyForcibly();
            return false;
        }
        return jcmd.exitValue() == 0;
    }

    /** What the kernel says of each thread: its state, the call it is in and, for root, its stack in the kernel. */
    private static String kernelThreads(final long pid) {
        final StringBuilder text = new StringBuilder();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
            for (final Path task : tasks) {
                text.append("thread ").append(task.getFileName());
                for (final String file : List.of("comm", "wchan", "syscall", "stack")) {
                    text.append(' ').append(file).append('=').append(contentOf(task.resolve(file)));
                }
                text.append('\n');
            }
        } catch (final IOException gone) {
            text.append("(gone)");
        }
        return text.toString();
    }

    private static String contentOf(final Path file) {
        try {
            return Files.readString(file).trim();
        } catch (final IOException unreadable) {
            return "?";
        }
    }
}
