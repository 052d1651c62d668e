// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import dev.kindred.internal.inheritance.Inheritance;
import dev.kindred.internal.os.Sockets;
import dev.kindred.sync.Lock;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * What a spare does ahead of its task: it sends itself a task and does all that a child does with one. What any task
 * needs is loaded, linked and initialised afterwards.
 */
final class Rehearsal {

    private Rehearsal() {}

    static void run() throws Exception {
        int[] ends = Sockets.pair(Sockets.SOCK_STREAM);
        FrameSocket parent = new FrameSocket(ends[0]);
        FrameSocket child = new FrameSocket(ends[1]);
        Identity before = Identity.current();
        Lock lock = new Lock();
        try {
            StartMessage start = new StartMessage(before.name(), "", false, before.name(), 0, 0, 0);
            boolean _ = parent.send(Frame.of(Frame.Kind.START, start.encode()));
            boolean _ = parent.send(Frame.of(Frame.Kind.TASK, task(lock)));
            Objects.requireNonNull(new Adoption(child).awaitTask()).run();
        } finally {
            // Until it is adopted, nothing but this holds the lock's block.
            Reference.reachabilityFence(lock);
            Identity.become(before);
            parent.close();
            child.close();
        }
    }

    private static byte[] task(Lock lock) {
        String name = Thread.currentThread().getName();
        int number = name.length();
        try (Inheritance.Outgoing _ = Inheritance.outgoing()) {
            return TaskWriter.writeTask(() -> perform(lock, name, number));
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
}
