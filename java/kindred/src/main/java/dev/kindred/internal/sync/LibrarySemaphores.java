// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.sync;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import dev.kindred.UnsupportedPlatformException;
import dev.kindred.internal.os.NamedSemaphores;

/** Whether the C library of this process lays out a semaphore as {@link SemaphoreLayout} says. glibc does, musl does not. */
public final class LibrarySemaphores {

    private static final int PERMITS = 0x01020304;

    private static final boolean SAME_LAYOUT = isSameLayout();

    private LibrarySemaphores() {}

    /**
     * Requires that it does.
     *
     * @param what what needs it, for the message
     * @throws UnsupportedPlatformException if it does not
     */
    public static void requireSameLayout(String what) {
        if (!SAME_LAYOUT) {
            throw new UnsupportedPlatformException(what + " needs semaphores laid out as glibc's, and those of this C library are not: "
                    + "use Semaphore among the processes of a family");
        }
    }

    private static boolean isSameLayout() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment semaphore = arena.allocate(SemaphoreLayout.LIBRARY_SIZE, Long.BYTES);
            NamedSemaphores.initialize(semaphore.address(), PERMITS);
            MemorySegment expected = arena.allocate(SemaphoreLayout.LIBRARY_SIZE, Long.BYTES);
            expected.set(ValueLayout.JAVA_LONG, SemaphoreLayout.STATE, PERMITS);
            expected.set(ValueLayout.JAVA_INT, SemaphoreLayout.SHARING, SemaphoreLayout.SHARED);
            return semaphore.mismatch(expected) == -1;
        }
    }
}
