// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.examples;

import dev.kindred.memory.Array;
import dev.kindred.memory.RawArray;
import dev.kindred.memory.RawValue;
import dev.kindred.memory.ShareableList;
import dev.kindred.memory.SharedMemory;
import dev.kindred.memory.Struct;
import dev.kindred.memory.Value;
import dev.kindred.process.ChildProcess;
import dev.kindred.process.Descriptor;
import dev.kindred.sync.Lock;
import dev.kindred.sync.RLock;
import java.io.RandomAccessFile;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a child gets of its parent's: the same thing, or a copy. A child changes everything, and the parent looks. */
public final class WhatIsShared {

    private static int staticField = 1;

    /** A struct of C: two ints. */
    record Point(int x, int y) {}

    private static final String FORMAT = "  %-15s %-24s %-7s %-11s %s%n";

    private WhatIsShared() {}

    /**
     * Runs this part.
     *
     * @throws Exception if the child or the file fails
     */
    public static void main() throws Exception {
        Demo.title("3. What is shared with a child, and what is copied");
        Path path = Files.writeString(Files.createTempFile("kindred-demo", ".txt"), "1234567890");
        try (SharedMemory anonymous = SharedMemory.anonymous(Long.BYTES);
                SharedMemory named = SharedMemory.create(Long.BYTES);
                ShareableList list = ShareableList.create(List.of(1));
                RandomAccessFile file = new RandomAccessFile(path.toFile(), "r");
                Descriptor descriptor = Descriptor.of(file)) {
            try {
                compare(anonymous, named, list, file, descriptor);
            } finally {
                named.unlink();
                list.unlink();
            }
        } finally {
            Files.delete(path);
        }
    }

    private static void compare(SharedMemory anonymous, SharedMemory named, ShareableList list, RandomAccessFile file,
            Descriptor descriptor) throws Exception {
        Value value = Value.ofInt(1);
        RawValue rawValue = RawValue.ofInt(1);
        Struct<Point> struct = Struct.of(new Point(1, 1));
        Array array = Array.ofInts(1);
        RawArray rawArray = RawArray.ofInts(1);
        anonymous.segment().set(ValueLayout.JAVA_INT, 0, 1);
        named.segment().set(ValueLayout.JAVA_INT, 0, 1);
        Lock lock = new Lock();
        RLock reentrant = new RLock();
        List<Integer> copied = new ArrayList<>(List.of(1));
        staticField = 3;
        Value step = Value.ofInt(0);

        ChildProcess child = ChildProcess.start(() -> {
            System.out.println("The child finds the static field at " + staticField + ", and sets or locks everything");
            value.setInt(2);
            rawValue.setInt(2);
            array.setInt(0, 2);
            rawArray.setInt(0, 2);
            struct.set(new Point(2, 2));
            anonymous.segment().set(ValueLayout.JAVA_INT, 0, 2);
            named.segment().set(ValueLayout.JAVA_INT, 0, 2);
            list.set(0, 2);
            lock.lock();
            reentrant.lock();
            copied.set(0, 2);
            staticField = 2;
            try (var in = descriptor.toInputStream()) {
                in.readNBytes(2);
            }
            step.setInt(1);
            while (step.getInt() == 1) {
                Thread.sleep(1);
            }
            reentrant.unlock();
            lock.unlock();
        });
        while (step.getInt() == 0 && child.isAlive()) {
            Thread.sleep(1);
        }
        System.out.println();
        System.out.printf(FORMAT, "how it travels", "what", "before", "afterwards", "");
        row("shared memory", "Value", 1, value.getInt());
        row("shared memory", "RawValue", 1, rawValue.getInt());
        row("shared memory", "Array", 1, array.getInt(0));
        row("shared memory", "RawArray", 1, rawArray.getInt(0));
        row("shared memory", "Struct", 1, struct.get().x());
        row("shared memory", "SharedMemory, anonymous", 1, anonymous.segment().get(ValueLayout.JAVA_INT, 0));
        row("shared memory", "SharedMemory, named", 1, named.segment().get(ValueLayout.JAVA_INT, 0));
        row("shared memory", "ShareableList", 1, list.get(0));
        row("inheritance", "Lock", "free", lock.locked() ? "locked" : "free");
        row("inheritance", "RLock", "free", reentrant.locked() ? "locked" : "free");
        row("descriptor", "an open file's position", 0L, file.getFilePointer());
        row("serialization", "an ArrayList", 1, copied.get(0));
        row("not at all", "a static field", 3, staticField);
        step.setInt(2);
        child.join();
        child.close();
    }

    private static void row(String way, String what, Object before, Object after) {
        System.out.printf(FORMAT, way, what, before, after, before.equals(after) ? "the child has its own" : "shared");
    }
}
