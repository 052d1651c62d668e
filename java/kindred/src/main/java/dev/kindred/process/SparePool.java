// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import dev.kindred.SystemCallException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The spares of this process: JVMs that were started ahead and wait for their tasks.
 *
 * <p>A spare that is handed out is replaced by another of its kind a little later, in the background. While starts
 * follow each other closely nothing is replaced, because in a burst a new spare would take from the children the
 * processors they need to come up.
 */
final class SparePool {

    static final SparePool INSTANCE = new SparePool();

    /** How long there must have been no start before spares are replaced. */
    private static final Duration QUIET = Duration.ofMillis(10);

    private record Spare(JvmLaunch launch, ChildJvm jvm) {}

    private final Deque<Spare> waiting = new ArrayDeque<>();
    private long lastTake;

    /** Raised by a dismissal, after which nothing that was asked for before is started. */
    private int dismissals;

    private SparePool() {}

    /** {@return the JVM that has waited longest for a child with this launch, or null if there is none} */
    synchronized @Nullable ChildJvm take(JvmLaunch launch) {
        lastTake = System.nanoTime();
        dropEnded();
        for (Iterator<Spare> spares = waiting.iterator(); spares.hasNext(); ) {
            Spare spare = spares.next();
            if (spare.launch.equals(launch)) {
                spares.remove();
                return spare.jvm;
            }
        }
        return null;
    }

    /** Sees to it that there will be as many spares of a kind as are kept. */
    void replaceLater(JvmLaunch launch) {
        int asked;
        synchronized (this) {
            asked = dismissals;
        }
        if (Spares.KEPT > 0) {
            Spawner.INSTANCE.later(QUIET, () -> replaceWhenQuiet(launch, asked));
        }
    }

    private void replaceWhenQuiet(JvmLaunch launch, int asked) {
        boolean quiet;
        synchronized (this) {
            quiet = asked == dismissals && System.nanoTime() - lastTake >= QUIET.toNanos();
        }
        // If it is not, the start that broke the quiet has asked for a replacement of its own.
        if (quiet) {
            try {
                fill(launch, Spares.KEPT);
            } catch (SystemCallException e) {
                // Nobody waits for this spare. The next start finds none, tries by itself, and says what is wrong if it
                // still is.
            }
        }
    }

    /** Sees to it that there are so many of a kind at least, and waits until they are started. */
    void prepare(JvmLaunch launch, int count) {
        Spawner.INSTANCE.run(() -> fill(launch, count));
    }

    /** Starts spares until there are so many of a kind. To be called on the spawner's thread. */
    void fill(JvmLaunch launch, int count) {
        while (count(launch) < count && makeRoom(launch)) {
            Spare spare = new Spare(launch, Spawner.INSTANCE.spawnHere(launch));
            synchronized (this) {
                waiting.addLast(spare);
            }
            Spawner.INSTANCE.later(Spares.IDLE_LIMIT, () -> retire(spare));
        }
    }

    /** {@return how many spares wait} */
    synchronized int count() {
        dropEnded();
        return waiting.size();
    }

    private void dropEnded() {
        for (Iterator<Spare> spares = waiting.iterator(); spares.hasNext(); ) {
            ChildJvm jvm = spares.next().jvm;
            if (jvm.hasEnded()) {
                spares.remove();
                jvm.close();
            }
        }
    }

    private synchronized int count(JvmLaunch launch) {
        dropEnded();
        return (int) waiting.stream().filter(spare -> spare.launch.equals(launch)).count();
    }

    /**
     * Retires the oldest spare of another kind if there are as many as there may be. {@return whether there is room for
     * one now}
     */
    private boolean makeRoom(JvmLaunch launch) {
        Spare oldest;
        synchronized (this) {
            if (waiting.size() < Spares.LIMIT) {
                return true;
            }
            oldest = waiting.stream().filter(spare -> !spare.launch.equals(launch)).findFirst().orElse(null);
        }
        if (oldest != null) {
            retire(oldest);
        }
        return oldest != null;
    }

    /** Lets all spares end, also those that are about to be started. */
    void dismiss() {
        synchronized (this) {
            dismissals++;
        }
        // Behind a replacement that is being started just now.
        Spawner.INSTANCE.run(() -> {
            List<Spare> all;
            synchronized (this) {
                all = List.copyOf(waiting);
            }
            all.forEach(this::retire);
        });
    }

    private void retire(Spare spare) {
        boolean mine;
        synchronized (this) {
            mine = waiting.remove(spare);
        }
        if (mine) {
            spare.jvm.retire();
        }
    }
}
