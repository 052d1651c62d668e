// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.domain;

import dev.kindred.OutOfSharedMemoryException;
import dev.kindred.SpaceClosedException;
import dev.kindred.SystemCallException;
import dev.kindred.internal.os.KernelThread;
import dev.kindred.internal.os.Processes;
import dev.kindred.internal.words.MappedWords;
import dev.kindred.internal.words.WordSet;
import dev.kindred.internal.words.Words;
import org.jspecify.annotations.Nullable;

/**
 * The thread of this process that learns of the ends of others and recovers them. It is also the one that this process's life word names: when this
 * process ends, it is among the threads that end first, and so the others learn of it.
 */
final class Watcher extends KernelThread {

    /** How long until what could not be done is tried again. */
    private static final long RETRY_NANOSECONDS = 100_000_000;

    /** How soon one looks again for the end of a process that has begun to end. */
    private static final long FIRST_PAUSE_NANOSECONDS = 100_000;

    /**
     * The pauses grow by half each up to this, so that an end is noticed after at most one and a half times as long as it took. A process that goes on
     * after so many, a third of a second in all, is left to the other ways of noticing its end.
     */
    private static final long LAST_PAUSE_NANOSECONDS = 100_000_000;

    private final Domain domain;
    private final Recoverable ofTheDead;
    private final MappedWords words;
    private final SlotTable table;
    private final int parent;
    private @Nullable Watch successorWatch;

    Watcher(Domain domain, Recoverable ofTheDead, MappedWords words, SlotTable table, int parent) {
        super("kindred-watch");
        this.domain = domain;
        this.ofTheDead = ofTheDead;
        this.words = words;
        this.table = table;
        this.parent = parent;
    }

    @Override
    protected void endWait() {
        interrupt();
    }

    /** Until the JVM ends or this process leaves the domain. */
    @Override
    protected void work() {
        try {
            watch();
        } catch (SpaceClosedException left) {
            // What is to be done for the dead is up to the others now.
            endSuccessorWatch();
        }
    }

    private void watch() {
        if (words.markAtThreadEnd(DomainLayout.slotOffset(DomainLayout.slotOf(domain.id())) + DomainLayout.LIFE)) {
            table.lives().announce(domain.id(), parent, Processes.threadId());
        }
        WordSet watched = new WordSet();
        long pause = FIRST_PAUSE_NANOSECONDS;
        int outcome = Words.WOKEN;
        while (outcome != Words.INTERRUPTED) {
            // Read first: what changes after this reading, also by this process's leaving, ends the wait below.
            int epoch = words.epoch();
            words.requireMembership();
            table.lives().begin(watched, domain.id());
            table.lives().collect(watched, domain.id(), parent, table.successor(DomainLayout.slotOf(domain.id())));
            boolean done = isAllDone();
            pause = outcome == Words.WOKEN ? FIRST_PAUSE_NANOSECONDS : Math.min(pause + pause / 2, LAST_PAUSE_NANOSECONDS + 1);
            outcome = words.awaitAny(watched, epoch, deadline(done, pause));
        }
    }

    private long deadline(boolean done, long pause) {
        if (pause <= LAST_PAUSE_NANOSECONDS && table.lives().isAnyEnding()) {
            return System.nanoTime() + pause;
        }
        return done ? domain.nextLook() : System.nanoTime() + RETRY_NANOSECONDS;
    }

    /** Does what there is to do for the dead, and watches those who are to be watched. {@return whether it is done until a word changes} */
    private boolean isAllDone() {
        try {
            boolean recovered = domain.recover(ofTheDead);
            boolean watched = watchSuccessor();
            return recovered && watched;
        } catch (SystemCallException | OutOfSharedMemoryException e) {
            // This process has no descriptor or no memory left just now. Others may have; and this one tries again.
            return false;
        }
    }

    /** {@return whether the successor's end will be noticed by itself} */
    private boolean watchSuccessor() {
        int successor = table.successor(DomainLayout.slotOf(domain.id()));
        if (successorWatch != null && successorWatch.id() != successor) {
            endSuccessorWatch();
        }
        if (successor == 0) {
            return true;
        }
        if (successorWatch == null) {
            successorWatch = Watch.begin(domain, successor);
        }
        return successorWatch != null;
    }

    private void endSuccessorWatch() {
        if (successorWatch != null) {
            successorWatch.end();
            successorWatch = null;
        }
    }
}
