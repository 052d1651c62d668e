// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.peers;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

import dev.kindred.bench.Course;

/** A folder in memory, whose files two processes map. */
record SharedFolder(Path path) {

    private static final int LINE = 128;

    /** Stage, ready and ended of the course, and a number that means what the row wants. */
    private static final int COUNTERS = 4;
    private static final int PARAMETER = 3;

    private record Counter(MemorySegment memory, long offset) implements Course.Counter {

        private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

        @Override
        public long get() {
            return (long) LONG.getVolatile(memory, offset);
        }

        @Override
        public void set(long number) {
            LONG.setVolatile(memory, offset, number);
        }

        @Override
        public void increment() {
            long _ = (long) LONG.getAndAdd(memory, offset, 1L);
        }
    }

    /** {@return a new one} */
    static SharedFolder make() throws IOException {
        return new SharedFolder(Files.createTempDirectory(Path.of("/dev/shm"), "kindred-bench-"));
    }

    /** {@return the course of the rounds of those who share the folder} */
    Course course() throws IOException {
        MemorySegment memory = segment("course", COUNTERS * LINE);
        return new Course(new Counter(memory, 0), new Counter(memory, LINE), new Counter(memory, 2 * LINE));
    }

    /** {@return a number that they share besides} */
    Course.Counter parameter() throws IOException {
        return new Counter(segment("course", COUNTERS * LINE), PARAMETER * LINE);
    }

    private MemorySegment segment(String name, long bytes) throws IOException {
        try (FileChannel file = open(name)) {
            return file.map(FileChannel.MapMode.READ_WRITE, 0, bytes, Arena.global());
        }
    }

    /** {@return the memory of a file, which is made if there is none, of so many bytes} */
    MappedByteBuffer map(String name, long bytes) throws IOException {
        try (FileChannel file = open(name)) {
            return file.map(FileChannel.MapMode.READ_WRITE, 0, bytes);
        }
    }

    private FileChannel open(String name) throws IOException {
        return FileChannel.open(path.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /** {@return a file or folder in it, which need not be there} */
    File file(String name) {
        return path.resolve(name).toFile();
    }

    /** Deletes the folder and all that is in it. What is mapped stays where it is. */
    void delete() throws IOException {
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.deleteIfExists(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
