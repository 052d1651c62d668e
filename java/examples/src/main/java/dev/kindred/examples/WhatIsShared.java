// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.examples;

import dev.kindred.channel.AbstractSocketAddress;
import dev.kindred.channel.ByteQueue;
import dev.kindred.channel.Client;
import dev.kindred.channel.Connection;
import dev.kindred.channel.Descriptor;
import dev.kindred.channel.DoubleQueue;
import dev.kindred.channel.IntQueue;
import dev.kindred.channel.JoinableQueue;
import dev.kindred.channel.Listener;
import dev.kindred.channel.LongQueue;
import dev.kindred.channel.Pipe;
import dev.kindred.channel.Queue;
import dev.kindred.channel.RecordQueue;
import dev.kindred.channel.SimpleQueue;
import dev.kindred.memory.Array;
import dev.kindred.memory.RawArray;
import dev.kindred.memory.RawValue;
import dev.kindred.memory.ShareableList;
import dev.kindred.memory.SharedMemory;
import dev.kindred.memory.Struct;
import dev.kindred.memory.Value;
import dev.kindred.process.ChildProcess;
import dev.kindred.process.ChildTask;
import dev.kindred.sync.Barrier;
import dev.kindred.sync.BoundedSemaphore;
import dev.kindred.sync.Condition;
import dev.kindred.sync.Event;
import dev.kindred.sync.Lock;
import dev.kindred.sync.NamedSemaphore;
import dev.kindred.sync.RLock;
import dev.kindred.sync.RobustSemaphore;
import dev.kindred.sync.Semaphore;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** What a child gets of its parent's: the same thing, or a copy. A child changes everything, and the parent looks. */
public final class WhatIsShared {

    private static final String FORMAT = "  %-15s %-24s %-8s %-11s %s%n";

    private static int staticField = 3;

    /** A struct of C: two ints. */
    record Point(int x, int y) {}

    /** A thing, what it is like, and what the child does to it, in which it travels. */
    record Thing(String way, String name, Callable<Object> look, ChildTask change) {}

    private WhatIsShared() {}

    /**
     * Runs this part.
     *
     * @throws Exception if the child or the file fails
     */
    public static void main() throws Exception {
        Demo.title("3. What is shared with a child, and what is copied");
        Path path = Files.writeString(Files.createTempFile("kindred-demo", ".txt"), "1234567890");
        try (SharedMemory named = SharedMemory.create(Long.BYTES);
                ShareableList list = ShareableList.create(List.of(1));
                NamedSemaphore semaphore = NamedSemaphore.create("kindred-demo-" + ProcessHandle.current().pid(), 3);
                Pipe oneWay = Pipe.oneWay();
                Pipe twoWay = Pipe.twoWay();
                Listener listener = Listener.open(new AbstractSocketAddress("kindred-demo-" + ProcessHandle.current().pid()));
                RandomAccessFile file = new RandomAccessFile(path.toFile(), "r");
                Descriptor descriptor = Descriptor.of(file)) {
            try {
                List<Thing> things = new ArrayList<>(inSharedMemory(named, list));
                things.addAll(inherited(semaphore));
                things.addAll(queues());
                things.addAll(connections(oneWay, twoWay, listener));
                things.add(new Thing("descriptor", "an open file's position", file::getFilePointer, () -> read(descriptor)));
                things.addAll(copied());
                compare(things);
            } finally {
                named.unlink();
                list.unlink();
                NamedSemaphore.unlink(semaphore.name());
            }
        } finally {
            Files.delete(path);
        }
    }

    private static List<Thing> inSharedMemory(SharedMemory named, ShareableList list) {
        Value value = Value.ofInt(1);
        RawValue rawValue = RawValue.ofInt(1);
        Array array = Array.ofInts(1);
        RawArray rawArray = RawArray.ofInts(1);
        Struct<Point> struct = Struct.of(new Point(1, 1));
        SharedMemory anonymous = SharedMemory.anonymous(Long.BYTES);
        anonymous.segment().set(ValueLayout.JAVA_INT, 0, 1);
        named.segment().set(ValueLayout.JAVA_INT, 0, 1);
        String way = "shared memory";
        return List.of(
                new Thing(way, "Value", value::getInt, () -> value.setInt(2)),
                new Thing(way, "RawValue", rawValue::getInt, () -> rawValue.setInt(2)),
                new Thing(way, "Array", () -> array.getInt(0), () -> array.setInt(0, 2)),
                new Thing(way, "RawArray", () -> rawArray.getInt(0), () -> rawArray.setInt(0, 2)),
                new Thing(way, "Struct", () -> struct.get().x(), () -> struct.set(new Point(2, 2))),
                new Thing(way, "SharedMemory, anonymous", () -> first(anonymous), () -> setFirst(anonymous)),
                new Thing(way, "SharedMemory, named", () -> first(named), () -> setFirst(named)),
                new Thing(way, "ShareableList", () -> list.get(0), () -> list.set(0, 2)));
    }

    private static List<Thing> inherited(NamedSemaphore named) {
        Lock lock = new Lock();
        RLock reentrant = new RLock();
        Semaphore semaphore = new Semaphore(3);
        BoundedSemaphore bounded = new BoundedSemaphore(3);
        RobustSemaphore robust = new RobustSemaphore(3);
        Event event = new Event();
        Lock mutex = new Lock();
        Condition condition = mutex.newCondition();
        Barrier barrier = new Barrier(2);
        waitAt(mutex, condition);
        waitAt(barrier);
        String way = "inheritance";
        return List.of(
                new Thing(way, "Lock", () -> lock.locked() ? "locked" : "free", lock::lock),
                new Thing(way, "RLock", () -> reentrant.locked() ? "locked" : "free", reentrant::lock),
                new Thing(way, "Semaphore", semaphore::getValue, semaphore::acquire),
                new Thing(way, "BoundedSemaphore", bounded::getValue, bounded::acquire),
                new Thing(way, "RobustSemaphore", robust::getValue, robust::acquire),
                new Thing("by its name", "NamedSemaphore", named::getValue, named::acquire),
                new Thing(way, "Event", () -> event.isSet() ? "set" : "clear", event::set),
                new Thing(way, "Condition", () -> waiting(mutex, condition) + " waits", () -> signal(mutex, condition)),
                new Thing(way, "Barrier", () -> barrier.getNumberWaiting() + " waits", barrier::await));
    }

    private static List<Thing> queues() {
        Queue<String> queue = new Queue<>(10);
        JoinableQueue<String> joinable = new JoinableQueue<>(10);
        SimpleQueue<String> simple = new SimpleQueue<>();
        ByteQueue bytes = new ByteQueue(1024);
        IntQueue ints = new IntQueue(10);
        LongQueue longs = new LongQueue(10);
        DoubleQueue doubles = new DoubleQueue(10);
        RecordQueue<Point> points = RecordQueue.of(Point.class, 10);
        String way = "inheritance";
        return List.of(
                new Thing(way, "Queue", queue::size, () -> queue.put("a word")),
                new Thing(way, "JoinableQueue", joinable::size, () -> joinable.put("a job")),
                new Thing(way, "SimpleQueue", () -> simple.isEmpty() ? "empty" : "filled", () -> simple.put("an answer")),
                new Thing(way, "ByteQueue", bytes::size, () -> bytes.put(new byte[2])),
                new Thing(way, "IntQueue", ints::size, () -> ints.put(2)),
                new Thing(way, "LongQueue", longs::size, () -> longs.put(2)),
                new Thing(way, "DoubleQueue", doubles::size, () -> doubles.put(2)),
                new Thing(way, "RecordQueue", points::size, () -> points.put(new Point(2, 2))));
    }

    private static List<Thing> connections(Pipe oneWay, Pipe twoWay, Listener listener) {
        String way = "inheritance";
        Connection mine = oneWay.first();
        Connection theirs = twoWay.second();
        return List.of(
                new Thing(way, "Pipe", () -> mine.isReady() ? "a message" : "nothing", () -> oneWay.second().send("a word")),
                new Thing(way, "Connection", () -> twoWay.first().isReady() ? "a message" : "nothing", () -> theirs.send("a word")),
                new Thing(way, "Listener", () -> listener.isReady() ? "a caller" : "nobody", () -> Client.connect(listener.address())));
    }

    private static List<Thing> copied() {
        List<Integer> list = new ArrayList<>(List.of(1));
        return List.of(
                new Thing("serialization", "an ArrayList", () -> list.get(0), () -> list.set(0, 2)),
                new Thing("not at all", "a static field", () -> staticField, () -> staticField = 2));
    }

    private static void compare(List<Thing> things) throws Exception {
        List<Object> before = new ArrayList<>();
        for (Thing thing : things) {
            before.add(thing.look().call());
        }
        List<ChildTask> changes = new ArrayList<>(things.stream().map(Thing::change).toList());
        Event changed = new Event();
        Event seen = new Event();
        try (ChildProcess child = ChildProcess.start(() -> {
            System.out.println("The child changes everything it has got");
            for (ChildTask change : changes) {
                change.run();
            }
            changed.set();
            // It ends holding locks and permits, which nobody wants any more.
            seen.await();
        })) {
            while (!changed.await(1, TimeUnit.SECONDS)) {
                if (!child.isAlive()) {
                    throw new IllegalStateException("the child has ended with exit code " + child.exitCode().orElseThrow());
                }
            }
            print(things, before);
            seen.set();
            child.join();
        }
    }

    private static void print(List<Thing> things, List<Object> before) throws Exception {
        System.out.println();
        System.out.printf(FORMAT, "how it travels", "what", "before", "afterwards", "");
        for (int i = 0; i < things.size(); i++) {
            Thing thing = things.get(i);
            Object after = thing.look().call();
            System.out.printf(FORMAT, thing.way(), thing.name(), before.get(i), after,
                    before.get(i).equals(after) ? "the child has its own" : "shared");
        }
    }

    private static int first(SharedMemory memory) {
        return memory.segment().get(ValueLayout.JAVA_INT, 0);
    }

    private static void setFirst(SharedMemory memory) {
        memory.segment().set(ValueLayout.JAVA_INT, 0, 2);
    }

    private static void read(Descriptor descriptor) throws IOException {
        try (var in = descriptor.toInputStream()) {
            in.readNBytes(2);
        }
    }

    private static int waiting(Lock lock, Condition condition) {
        lock.lock();
        try {
            return condition.getWaitQueueLength();
        } finally {
            lock.unlock();
        }
    }

    private static void signal(Lock lock, Condition condition) {
        lock.lock();
        condition.signal();
        lock.unlock();
    }

    /** Has a thread of the parent wait at a condition. */
    private static void waitAt(Lock lock, Condition condition) {
        Thread.ofVirtual().start(() -> {
            lock.lock();
            condition.awaitUninterruptibly();
            lock.unlock();
        });
        while (waiting(lock, condition) == 0) {
            Thread.onSpinWait();
        }
    }

    /** Has a thread of the parent wait at a barrier. */
    private static void waitAt(Barrier barrier) {
        Thread.ofVirtual().start(new FutureTask<>(barrier::await));
        while (barrier.getNumberWaiting() == 0) {
            Thread.onSpinWait();
        }
    }
}
