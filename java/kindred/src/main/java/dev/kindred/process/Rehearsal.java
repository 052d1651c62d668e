// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import dev.kindred.internal.inheritance.Inheritance;
import dev.kindred.internal.os.Sockets;
import dev.kindred.internal.space.Space;
import dev.kindred.memory.Array;
import dev.kindred.memory.CType;
import dev.kindred.memory.RawArray;
import dev.kindred.memory.RawValue;
import dev.kindred.memory.Value;
import dev.kindred.sync.Barrier;
import dev.kindred.sync.BoundedSemaphore;
import dev.kindred.sync.Condition;
import dev.kindred.sync.Event;
import dev.kindred.sync.Lock;
import dev.kindred.sync.RLock;
import dev.kindred.sync.RobustSemaphore;
import dev.kindred.sync.Semaphore;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.Serializable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeUnit;

/**
 * What a spare does ahead of its task: it sends itself tasks and does all that a child does with one. What any task
 * needs is loaded, linked and initialised afterwards.
 *
 * <p>The JDK makes code for each type that it deserializes and for each shape of a lambda's captures. So there is one
 * task for each way to pass a task what it needs, and together they bring what is most often shared.
 */
final class Rehearsal {

    private Rehearsal() {}

    /** What tasks most often share. While it is reachable, all of it stays allocated. */
    private record Props(Lock lock, RawValue rawValue, Value value, RawArray rawArray, Array array, Signals signals)
            implements Serializable {

        static Props make() {
            return new Props(new Lock(), RawValue.ofLong(0), Value.ofDouble(0), RawArray.of(CType.INT, 1),
                    Array.of(CType.SHORT, 1), Signals.make());
        }
    }

    /** By what processes wait for each other. */
    private record Signals(RLock lock, Condition condition, Event event, Barrier barrier, Semaphore semaphore,
            BoundedSemaphore bounded, RobustSemaphore robust) implements Serializable {

        static Signals make() {
            RLock lock = new RLock();
            return new Signals(lock, lock.newCondition(), new Event(), new Barrier(1), new Semaphore(1),
                    new BoundedSemaphore(1), new RobustSemaphore(1));
        }
    }

    static void run() throws Exception {
        int[] ends = Sockets.pair(Sockets.SOCK_STREAM);
        FrameSocket parent = new FrameSocket(ends[0]);
        FrameSocket child = new FrameSocket(ends[1]);
        Identity before = Identity.current();
        // The name that the family knows it by, so that it is not taken for somebody else if it dies meanwhile.
        String name = Space.current().domain().name();
        Props props = Props.make();
        try {
            for (byte[] task : tasks(props)) {
                StartMessage start = new StartMessage(name, "", false, before.name(), 0, 0, 0, List.of());
                boolean _ = parent.send(Frame.of(Frame.Kind.START, start.encode()));
                boolean _ = parent.send(Frame.of(Frame.Kind.TASK, task));
                Objects.requireNonNull(new Adoption(child).awaitTask()).run();
            }
        } finally {
            // Until they are adopted, nothing but this holds the blocks.
            Reference.reachabilityFence(props);
            Identity.become(before);
            parent.close();
            child.close();
        }
    }

    private static List<byte[]> tasks(Props props) throws IOException {
        Lock lock = props.lock;
        RawValue number = props.rawValue;
        String name = Thread.currentThread().getName();
        int length = name.length();
        ChildTask one = new TaskWithArgument<>(Rehearsal::use, props);
        ChildTask two = new TaskWithArguments<>(Rehearsal::add, lock, number);
        try (Inheritance.Outgoing _ = Inheritance.outgoing()) {
            return List.of(
                    TaskWriter.writeTask(() -> perform(lock, name, length)),
                    TaskWriter.writeTask(() -> add(number)),
                    TaskWriter.writeTask(() -> add(lock, number)),
                    TaskWriter.writeTask(one),
                    TaskWriter.writeTask(two),
                    // As they come with what the compact format has no words for.
                    TaskWriter.serialize(one),
                    TaskWriter.serialize(two));
        }
    }

    /** Locks, joins texts and prints, as most tasks do. */
    private static void perform(Lock lock, String name, int number) {
        lock.lock();
        try (PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            nowhere.println(name + " " + number + " " + lock);
        } finally {
            lock.unlock();
        }
    }

    private static void add(RawValue number) {
        long _ = number.getAndAdd(1);
    }

    private static void add(Lock lock, RawValue number) {
        lock.lock();
        try {
            number.setLong(number.getLong() + 1);
        } finally {
            lock.unlock();
        }
    }

    private static void use(Props props) throws InterruptedException, BrokenBarrierException {
        use(props.signals);
        props.value.withLock(() -> props.value.setDouble(props.value.getDouble() + 1));
        props.rawArray.setInt(0, props.rawArray.getInt(0) + 1);
        props.array.withLock(() -> props.array.setLong(0, props.array.getLong(0) + 1));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment own = arena.allocate(ValueLayout.JAVA_DOUBLE);
            own.set(ValueLayout.JAVA_DOUBLE, 0, props.value.segment().get(ValueLayout.JAVA_DOUBLE, 0));
        }
    }

    /** Waits for each once, too, for as long as it takes to find out how. */
    private static void use(Signals signals) throws InterruptedException, BrokenBarrierException {
        boolean _ = signals.event.await(1, TimeUnit.NANOSECONDS);
        signals.event.set();
        signals.event.await();
        signals.lock.lock();
        try {
            boolean _ = signals.condition.waitFor(() -> false, 1, TimeUnit.NANOSECONDS);
            signals.condition.signalAll();
        } finally {
            signals.lock.unlock();
        }
        int _ = signals.barrier.await();
        for (Semaphore semaphore : List.of(signals.semaphore, signals.bounded)) {
            semaphore.acquire();
            boolean _ = semaphore.tryAcquire(1, TimeUnit.NANOSECONDS);
            semaphore.release();
        }
        signals.robust.acquire();
        boolean _ = signals.robust.tryAcquire(1, TimeUnit.NANOSECONDS);
        signals.robust.release();
    }
}
