// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.space;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** The files of named spaces, and names that no other test run uses. */
final class SpaceFiles {

    private static final AtomicInteger COUNT = new AtomicInteger();

    private SpaceFiles() {}

    static String newName() {
        return "test-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
    }

    static Path of(String space) {
        return Path.of("/dev/shm/kindred." + space);
    }

    static boolean exists(String space) {
        return Files.exists(of(space), LinkOption.NOFOLLOW_LINKS);
    }
}
