// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.examples;

import dev.kindred.memory.Array;
import dev.kindred.memory.RawArray;
import dev.kindred.memory.RawValue;
import dev.kindred.memory.ShareableList;
import dev.kindred.memory.SharedMemory;
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

    private WhatIsShared() {}

    /**
     * Runs this part.
     *
     * @throws Exception if the child or the file fails
     */
    public static void main() throws Exception {
        Demo.title("3. What is shared with a child, and what is copied");
        Path path = Files.writeString(Files.createTempFile("kindred-demo", ".txt"), "1234567890");
        try (SharedMemory named = SharedMemory.create(Long.BYTES); ShareableList list = ShareableList.create(List.of(1));
                RandomAccessFile file = new RandomAccessFile(path.toFile(), "r"); Descriptor descriptor = Descriptor.of(file)) {
            try {
                compare(named, list, file, descriptor);
            } finally {
                named.unlink();
                list.unlink();
            }
        } finally {
            Files.delete(path);
        }
    }

    private static void compare(SharedMemory named, ShareableList list, RandomAccessFile file, Descriptor descriptor) throws Exception {
        Value value = Value.ofInt(1);
        RawValue rawValue = RawValue.ofInt(1);
        Array array = Array.ofInts(1);
        RawArray rawArray = RawArray.ofInts(1);
        named.segment().set(ValueLayout.JAVA_INT, 0, 1);
        Lock lock = new Lock();
        RLock reentrant = new RLock();
        List<Integer> copied = new ArrayList<>(List.of(1));
        staticField = 3;
        Value step = Value.ofInt(0);

        ChildProcess child = ChildProcess.start(() -> {
            System.out.println("The child finds a static field at " + staticField + ", not at the parent's 3, and sets everything to 2");
            value.setInt(2);
            rawValue.setInt(2);
            array.setInt(0, 2);
            rawArray.setInt(0, 2);
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
        row("", "the parent's", "the parent sees", "");
        row("Value", "1", value.getInt(), value.getInt() == 2);
        row("RawValue", "1", rawValue.getInt(), rawValue.getInt() == 2);
        row("Array", "1", array.getInt(0), array.getInt(0) == 2);
        row("RawArray", "1", rawArray.getInt(0), rawArray.getInt(0) == 2);
        int inMemory = named.segment().get(ValueLayout.JAVA_INT, 0);
        row("SharedMemory", "1", inMemory, inMemory == 2);
        row("ShareableList", "1", list.get(0), Integer.valueOf(2).equals(list.get(0)) || Long.valueOf(2).equals(list.get(0)));
        row("Lock", "free", lock.locked() ? "locked" : "free", lock.locked());
        row("RLock", "free", reentrant.locked() ? "locked" : "free", reentrant.locked());
        row("an open file, its position", "0", file.getFilePointer(), file.getFilePointer() == 2);
        row("an ArrayList", "1", copied.get(0), copied.get(0) == 2);
        row("a static field", "3", staticField, staticField == 2);
        step.setInt(2);
        child.join();
        child.close();
    }

    private static void row(String what, String before, Object after, boolean shared) {
        row(what, before, after.toString(), shared ? "shared" : "the child had its own");
    }

    private static void row(String what, String before, String after, String shared) {
        System.out.printf("  %-28s %-14s %-17s %s%n", what, before, after, shared);
    }
}
