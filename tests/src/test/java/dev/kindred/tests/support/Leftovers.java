// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.support;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import dev.kindred.internal.domain.DescriptorPump;
import dev.kindred.internal.poll.Polls;
import dev.kindred.internal.space.Space;
import dev.kindred.process.Spares;
import jnr.constants.platform.Signal;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Sees to it that every test leaves the machine as it found it: no process, no descriptor, no entry in /dev/shm. Registered for all tests
 * by {@code META-INF/services}.
 *
 * <p>Much ends a moment after the call that ended it, so what is left has {@link Delays#LONG} to go. What then remains fails the test; processes
 * are killed, so that the next test does not pay for it.
 */
public final class Leftovers implements BeforeEachCallback, AfterEachCallback {

    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(Leftovers.class);

    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    /** The configuration parameter that shortens the wait, in milliseconds: for tests of this class. */
    static final String PATIENCE = "kindred.test.patience";

    /** Processes that are meant to outlive a test; see {@link #expect}. */
    private static final List<Predicate<Processes.Entry>> EXPECTED = new CopyOnWriteArrayList<>();

    /**
     * Exempts processes that are meant to outlive a test, for example those held ready for later ones.
     *
     * @param expected tells whether a process is one of them
     */
    public static void expect(final Predicate<Processes.Entry> expected) {
        EXPECTED.add(expected);
    }

    /** What was there before a test. */
    private record Before(Set<Long> processes, Map<Integer, String> descriptors, Set<String> sharedMemory) {}

    @Override
    public void beforeEach(final ExtensionContext context) {
        // What the library opens once, for the life of this JVM, is no leak of the test that happens to be the first to need it.
        Space.current();
        DescriptorPump.shared();
        Polls.settle();
        final Set<Long> processes = new HashSet<>();
        Processes.ofThisRun().forEach(entry -> processes.add(entry.pid()));
        context.getStore(NAMESPACE).put(Before.class,
                new Before(processes, Processes.descriptors(ProcessHandle.current().pid()), sharedMemoryNames()));
    }

    @Override
    public void afterEach(final ExtensionContext context) {
        Spares.dismiss();
        Polls.settle();
        final Before before = context.getStore(NAMESPACE).get(Before.class, Before.class);
        final List<String> left = new ArrayList<>();
        final Duration patience = context.getConfigurationParameter(PATIENCE).map(Long::valueOf).map(Delays::scaled).orElse(Delays.LONG);
        Eventually.holdsWithin(patience, () -> {
            left.clear();
            for (final Processes.Entry process : newProcesses(before)) {
                left.add("process " + process);
            }
            newDescriptors(before).forEach((descriptor, target) -> left.add("descriptor " + descriptor + " -> " + target));
            for (final String name : newSharedMemory(before)) {
                left.add("/dev/shm/" + name);
            }
            return left.isEmpty();
        });
        if (left.isEmpty()) {
            return;
        }
        for (final Processes.Entry process : newProcesses(before)) {
            if (!process.isZombie()) {
                Posix.kill(process.pid(), Signal.SIGKILL);
            }
        }
        // One that failed has reported already; what it did not come to clean up says nothing new.
        if (context.getExecutionException().isEmpty()) {
            throw new AssertionError("the test left behind:\n  " + String.join("\n  ", left));
        }
    }

    private static List<Processes.Entry> newProcesses(final Before before) {
        return Processes.ofThisRun().stream()
                .filter(entry -> !before.processes().contains(entry.pid()))
                .filter(entry -> EXPECTED.stream().noneMatch(expected -> expected.test(entry)))
                .toList();
    }

    private static Map<Integer, String> newDescriptors(final Before before) {
        final Map<Integer, String> result = new TreeMap<>(Processes.descriptors(ProcessHandle.current().pid()));
        result.entrySet().removeAll(before.descriptors().entrySet());
        result.values().removeIf(Leftovers::opensOnce);
        return result;
    }

    /**
     * {@return whether the JVM itself opened a file, once and for good, because the test happened to be the first to need it}
     * <ul>
     * <li>jars, and the JDK's own module file: a class loader keeps open what it has loaded a class from;
     * <li>the sources of random numbers: the first {@code SecureRandom} opens them and keeps them.
     * </ul>
     * None of them can be a leak of ours: we open neither.
     *
     * @param target what a descriptor leads to
     */
    public static boolean opensOnce(final String target) {
        return target.endsWith(".jar") || target.endsWith("/lib/modules") || target.equals("/dev/random") || target.equals("/dev/urandom");
    }

    private static Set<String> newSharedMemory(final Before before) {
        final Set<String> result = sharedMemoryNames();
        result.removeAll(before.sharedMemory());
        return result;
    }

    /** Names a named space, CPython ("psm_") and sem_open ("sem.") give; other programs' are none of our business. */
    private static Set<String> sharedMemoryNames() {
        final Set<String> names = new TreeSet<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(SHARED_MEMORY)) {
            for (final Path entry : entries) {
                final String name = entry.getFileName().toString();
                if (name.startsWith("kindred") || name.startsWith("psm_") || name.startsWith("sem.")) {
                    names.add(name);
                }
            }
        } catch (final IOException unreadable) {
            throw new AssertionError("cannot list " + SHARED_MEMORY, unreadable);
        }
        return names;
    }
}
