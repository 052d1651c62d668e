// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.examples;

import dev.kindred.channel.Descriptor;
import dev.kindred.memory.Array;
import dev.kindred.memory.Value;
import dev.kindred.process.ChildProcess;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;

/** An array and an open file that several children change at once: under a lock, and without. */
public final class SharedArray {

    private static final int CHILDREN = 3;
    private static final int ROUNDS = 100_000;
    private static final int LINES = 1_000;

    private SharedArray() {}

    /**
     * Runs this part.
     *
     * @throws Exception if a child or the file fails
     */
    public static void main() throws Exception {
        Demo.title("2. An array and an open file, changed by " + CHILDREN + " children at once");
        run(true);
        run(false);
    }

    private static void run(boolean locked) throws Exception {
        Array counts = Array.ofInts(0, 0);
        Value arrived = Value.ofInt(0);
        Path file = Files.createTempFile("kindred-demo", ".log");
        try (FileOutputStream log = new FileOutputStream(file.toFile()); Descriptor descriptor = Descriptor.of(log)) {
            List<ChildProcess> children = new ArrayList<>();
            for (int i = 0; i < CHILDREN; i++) {
                children.add(ChildProcess.start("writer-" + i, () -> {
                    awaitAll(arrived, CHILDREN);
                    count(counts, locked);
                    awaitAll(arrived, 2 * CHILDREN);
                    write(descriptor, counts.getLock(), locked);
                }));
            }
            for (ChildProcess child : children) {
                child.join();
                child.close();
            }
            report(locked, counts, Files.readAllLines(file));
        } finally {
            Files.delete(file);
        }
    }

    /**
     * Lets all children begin together: who comes counts itself, and waits until as many as are to come are counted.
     */
    private static void awaitAll(Value arrived, int all) {
        arrived.getAndAdd(1);
        while (arrived.getVolatile() < all) {
            Thread.onSpinWait();
        }
    }

    /** Both elements are raised together, so that they are equal whenever nobody is in between. */
    private static void count(Array counts, boolean locked) {
        for (int i = 0; i < ROUNDS; i++) {
            inTurn(counts.getLock(), locked, () -> {
                counts.setInt(0, counts.getInt(0) + 1);
                counts.setInt(1, counts.getInt(1) + 1);
            });
        }
    }

    /** Each line is written in two pieces. The file and its position are the parent's and shared by all. */
    private static void write(Descriptor descriptor, Lock lock, boolean locked) throws IOException {
        byte[] first = ("from " + ChildProcess.current().name()).getBytes(StandardCharsets.UTF_8);
        byte[] second = ", a line\n".getBytes(StandardCharsets.UTF_8);
        try (FileOutputStream log = descriptor.toOutputStream()) {
            for (int i = 0; i < LINES; i++) {
                inTurn(lock, locked, () -> {
                    try {
                        log.write(first);
                        Thread.yield();   // as when the second piece had yet to be computed
                        log.write(second);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
            }
        }
    }

    private static void inTurn(Lock lock, boolean locked, Runnable action) {
        if (!locked) {
            action.run();
            return;
        }
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    private static void report(boolean locked, Array counts, List<String> lines) {
        long whole = lines.stream().filter(line -> line.matches("from writer-\\d, a line")).count();
        System.out.println((locked ? "Under its lock:    " : "Without the lock:  ")
                + "each element was raised " + CHILDREN * ROUNDS + " times and holds " + counts.getInt(0) + " and "
                + counts.getInt(1) + "; of "
                + CHILDREN * LINES + " lines in the file " + whole + " are whole");
    }
}
