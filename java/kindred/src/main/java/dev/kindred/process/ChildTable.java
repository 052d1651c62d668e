// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The running children of this process, and what their parent's end means to them.
 */
final class ChildTable {

    static final ChildTable INSTANCE = new ChildTable();

    /** How long daemons have between being asked to end and being killed. */
    private static final Duration DAEMON_GRACE = Duration.ofSeconds(3);

    private record Entry(ChildProcess child, ChildJvm jvm, boolean daemon, boolean keepsParent) {}

    private final List<Entry> running = new ArrayList<>();
    private boolean keeperRuns;
    private boolean hookSet;

    private ChildTable() {}

    /** Arranges for daemons to be ended with this process. To be called before one is started. */
    synchronized void expectDaemons() {
        if (!hookSet) {
            Runtime.getRuntime().addShutdownHook(new Thread(this::endDaemons, "kindred-daemon-end"));
            hookSet = true;
        }
    }

    /** Adds a child until it ends. */
    void add(ChildProcess child, ChildJvm jvm, boolean daemon, boolean outlivesParent) {
        Entry entry = new Entry(child, jvm, daemon, !daemon && !outlivesParent);
        synchronized (this) {
            running.add(entry);
            keepThisProcess();
        }
        CompletableFuture<Void> _ = jvm.end().thenRun(() -> remove(entry));
    }

    private synchronized void remove(Entry entry) {
        running.remove(entry);
        notifyAll();
    }

    List<ChildProcess> running() {
        List<Entry> entries;
        synchronized (this) {
            entries = List.copyOf(running);
        }
        return entries.stream().filter(entry -> !entry.jvm.hasEnded()).map(Entry::child).toList();
    }

    /** A thread that is no daemon keeps the JVM as long as a child does that is none. */
    private void keepThisProcess() {
        if (!keeperRuns && hasKeepers()) {
            keeperRuns = true;
            Thread.ofPlatform().daemon(false).name("kindred-children").start(this::awaitKeepers);
        }
    }

    private boolean hasKeepers() {
        return running.stream().anyMatch(Entry::keepsParent);
    }

    private synchronized void awaitKeepers() {
        while (hasKeepers()) {
            try {
                wait();
            } catch (InterruptedException ignored) {
                // Nothing but the children's ends can end this thread.
            }
        }
        keeperRuns = false;
    }

    private void endDaemons() {
        List<Entry> daemons;
        synchronized (this) {
            daemons = running.stream().filter(Entry::daemon).toList();
        }
        daemons.forEach(entry -> entry.jvm.signal(Signal.TERMINATE));
        long deadline = System.nanoTime() + DAEMON_GRACE.toNanos();
        for (Entry entry : daemons) {
            awaitUntil(entry.jvm, deadline);
        }
        // Those that are left die with this process.
    }

    private static void awaitUntil(ChildJvm jvm, long deadline) {
        try {
            jvm.awaitEnd(deadline - System.nanoTime());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
