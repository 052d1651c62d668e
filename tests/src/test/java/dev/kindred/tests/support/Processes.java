// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.support;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The processes of this machine as /proc shows them. */
public final class Processes {

    /**
     * The environment variable that marks every process of this test run. A process whose parents have died is no
     * descendant of ours any more; by this it is found all the same.
     */
    private static final String RUN_VARIABLE = "KINDRED_TEST_RUN";

    private static final Path PROC = Path.of("/proc");

    private Processes() {}

    /**
     * One process.
     *
     * @param pid       its id
     * @param parentPid its parent's
     * @param state     the letter in /proc/PID/stat: R, S, D, T (stopped), Z (ended, not yet awaited), X
     * @param threads   how many threads it has
     * @param command   its command line, or its name where it has none
     */
    public record Entry(long pid, long parentPid, char state, int threads, String command) {

        /** {@return whether it has ended and only its status is left} */
        public boolean isZombie() {
            return state == 'Z' || state == 'X';
        }

        /** {@return whether it is stopped, by SIGSTOP for instance} */
        public boolean isStopped() {
            return state == 'T' || state == 't';
        }
    }

    /**
     * {@return what /proc says of a process, or null where there is none}
     *
     * @param pid which one
     */
    public static @Nullable Entry entry(final long pid) {
        final Path folder = PROC.resolve(Long.toString(pid));
        try {
            final String stat = Files.readString(folder.resolve("stat"), StandardCharsets.ISO_8859_1);
            // The name may hold spaces and parentheses; what follows the last of them does not.
            final int nameEnd = stat.lastIndexOf(')');
            final String[] fields = stat.substring(nameEnd + 2).split(" ");
            final String line = Files.readString(folder.resolve("cmdline"), StandardCharsets.ISO_8859_1)
                    .replace('\0', ' ').trim();
            return new Entry(pid, Long.parseLong(fields[1]), fields[0].charAt(0), Integer.parseInt(fields[17]),
                    line.isEmpty() ? stat.substring(stat.indexOf('('), nameEnd + 1) : line);
        } catch (final IOException gone) {
            return null;
        }
    }

    /**
     * {@return whether a process ignores a signal, as those do with SIGINT that a shell has started in the background}
     *
     * @param pid    which one
     * @param signal the signal's number
     */
    public static boolean ignores(final long pid, final int signal) {
        try {
            final String mask = Files.readAllLines(PROC.resolve(pid + "/status")).stream()
                    .filter(line -> line.startsWith("SigIgn:")).findFirst().orElseThrow().replaceFirst("SigIgn:\\s*", "");
            return (Long.parseUnsignedLong(mask, 16) >>> (signal - 1) & 1) != 0;
        } catch (final IOException gone) {
            throw new AssertionError("cannot read of process " + pid, gone);
        }
    }

    /**
     * {@return all processes below this one, and those of this test run that have lost their parents}
     *
     * Children that have ended and that nobody has awaited are among them; other processes' are not, their parents
     * answer for them.
     */
    public static List<Entry> ofThisRun() {
        final long self = ProcessHandle.current().pid();
        final Map<Long, Entry> all = new HashMap<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (final Path folder : folders) {
                final Entry entry = entry(Long.parseLong(folder.getFileName().toString()));
                if (entry != null) {
                    all.put(entry.pid(), entry);
                }
            }
        } catch (final IOException unreadable) {
            throw new AssertionError("cannot list /proc", unreadable);
        }
        final Set<Long> ancestors = new HashSet<>();
        for (Entry entry = all.get(self); entry != null; entry = all.get(entry.parentPid())) {
            ancestors.add(entry.pid());
        }
        final List<Entry> result = new ArrayList<>();
        for (final Entry entry : all.values()) {
            if (ancestors.contains(entry.pid()) || entry.isZombie() && entry.parentPid() != self) {
                continue;
            }
            if (isBelow(entry, self, all) || bearsMarkOfThisRun(entry.pid())) {
                result.add(entry);
            }
        }
        return result;
    }

    private static boolean isBelow(final Entry entry, final long ancestor, final Map<Long, Entry> all) {
        // Parents may change while we look, so the way up is bounded.
        Entry current = entry;
        for (int steps = 0; current != null && steps < all.size(); steps++) {
            if (current.parentPid() == ancestor) {
                return true;
            }
            current = all.get(current.parentPid());
        }
        return false;
    }

    private static boolean bearsMarkOfThisRun(final long pid) {
        final String run = System.getenv(RUN_VARIABLE);
        if (run == null) {
            return false;
        }
        try {
            final String environment = Files.readString(PROC.resolve(pid + "/environ"), StandardCharsets.ISO_8859_1);
            return environment.contains(RUN_VARIABLE + "=" + run + "\0");
        } catch (final IOException goneOrForeign) {
            return false;
        }
    }

    /**
     * {@return the descriptors a process has open, and what they lead to}
     *
     * @param pid which one; of this user
     */
    public static Map<Integer, String> descriptors(final long pid) {
        final Path folder = PROC.resolve(pid + "/fd");
        final Map<Integer, String> result = new HashMap<>();
        try (DirectoryStream<Path> links = Files.newDirectoryStream(folder)) {
            for (final Path link : links) {
                try {
                    result.put(Integer.parseInt(link.getFileName().toString()),
                            Files.readSymbolicLink(link).toString());
                } catch (final NoSuchFileException closedMeanwhile) {
                    continue;
                }
            }
        } catch (final IOException unreadable) {
            throw new AssertionError("cannot list " + folder, unreadable);
        }
        // The descriptor by which the folder itself was read.
        result.values().removeIf(target -> target.equals(folder.toString()));
        return result;
    }
}
