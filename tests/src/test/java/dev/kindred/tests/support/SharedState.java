// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.kindred.internal.domain.DomainDump;
import dev.kindred.internal.space.SpaceDump;

/**
 * The words that the processes of this test run share, of whatever families they are: who is in each, and what lies in its space. They are
 * read from outside, so that nobody who hangs, is stopped or has died is needed for it.
 */
public final class SharedState {

    private SharedState() {}

    /** {@return a text of many lines} */
    public static String ofThisRun() {
        final List<Long> pids = new ArrayList<>(List.of(ProcessHandle.current().pid()));
        Processes.ofThisRun().stream().filter(process -> !process.isZombie()).forEach(process -> pids.add(process.pid()));
        final Set<Object> seen = new HashSet<>();
        final StringBuilder text = new StringBuilder();
        for (final long pid : pids) {
            append(pid, seen, text);
        }
        return text.toString();
    }

    private static void append(final long pid, final Set<Object> seen, final StringBuilder text) {
        try {
            Processes.descriptors(pid).forEach((number, target) -> {
                if (target.startsWith("/memfd:kindred") || target.startsWith("/dev/shm/")) {
                    append(pid, Path.of("/proc", Long.toString(pid), "fd", number.toString()), seen, text);
                }
            });
        } catch (final AssertionError gone) {
            text.append("---- process ").append(pid).append(" ended meanwhile\n");
        }
    }

    private static void append(final long pid, final Path path, final Set<Object> seen, final StringBuilder text) {
        try {
            final Object inode = Files.getAttribute(path, "unix:ino");
            if (!seen.add(inode)) {
                return;
            }
            try (WordFile file = new WordFile(path)) {
                if (DomainDump.isFamily(file)) {
                    text.append("---- family with file ").append(inode).append(", found at process ").append(pid).append('\n')
                            .append(DomainDump.of(file)).append(SpaceDump.of(file));
                }
            }
        } catch (final IOException unreadable) {
            text.append("---- ").append(path).append(" cannot be read: ").append(unreadable).append('\n');
        }
    }
}
