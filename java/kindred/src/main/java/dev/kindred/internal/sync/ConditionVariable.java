// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.sync;

import static dev.kindred.internal.sync.ConditionLayout.ONE;
import static dev.kindred.internal.sync.ConditionLayout.OVERFLOW;
import static dev.kindred.internal.sync.ConditionLayout.WAITERS;

import dev.kindred.SpaceClosedException;
import dev.kindred.internal.crash.CrashPoint;
import dev.kindred.internal.words.Words;
import org.jspecify.annotations.Nullable;

/**
 * Waiting, under a mutex, for what others change under it.
 *
 * <p>In shared memory ({@link ConditionTable}) a signal is a grant to a process. The process's own threads stand in line, and what it is
 * granted belongs to those who have stood there longest. The line and all that counts it is changed only by the holder of the mutex, who
 * first shares out what has been granted meanwhile. So a grant goes to none who came after it was given, and who gives up learns, once it
 * holds the mutex again, whether a grant was its own: then it was signalled, else the count of those who wait is lowered by it.
 *
 * <p>Only the first in line watches for grants. When it holds the mutex again, it wakes the next, which may find that it was granted long
 * since. So of a thousand who are released at once, one at a time comes for the mutex.
 *
 * <p>No signal waits for a waiter. A grant that its process took to the grave, and a signal that its sender did not live to give, are
 * made up for in one way: the death of any process releases all who were waiting when it was noticed.
 */
public final class ConditionVariable {

    /** A signal released the caller. */
    public static final int SIGNALLED = 0;

    /** A process died, and with it perhaps a signal. */
    public static final int DEATH = 1;

    /** The deadline came, and no signal before it. */
    public static final int TIMED_OUT = Outcome.TIMED_OUT;

    /** The thread was interrupted, and no signal came before it; its interrupt status was cleared. */
    public static final int INTERRUPTED = Outcome.INTERRUPTED;

    /** A thread in line. Changed by the holder of the mutex. */
    private static final class Waiter extends Line.Place<Waiter> {

        /** Where it watches when it is first in line. */
        private final Queue queue;

        /** The death epoch when it began to wait. */
        private final int epoch;

        /** What had been granted to the process when the thread became first in line, and not to it. */
        private int seen;

        /** Whether a grant is its own. */
        private boolean granted;

        Waiter(Queue queue, int epoch, int seen) {
            this.queue = queue;
            this.epoch = epoch;
            this.seen = seen;
        }
    }

    private final Words words;
    private final int self;
    private final Mutex mutex;
    private final Liveness liveness;
    private final ConditionTable table;
    private final Line<Waiter> line;

    /** The node of this process, of meaning while its line is not empty. */
    private int node;

    /** The grants that have been shared out. */
    private int seen;

    /** How many in line have no grant. */
    private int waiting;

    /** The first in line that has no grant. */
    private @Nullable Waiter nextToGrant;

    private @Nullable Queue queue;

    /**
     * Looks at the condition at an offset.
     *
     * @param self  the id of this process
     * @param mutex under which all is done; of the same words
     */
    public ConditionVariable(Words words, long offset, int self, Mutex mutex, Liveness liveness) {
        this.words = words;
        this.self = self;
        this.mutex = mutex;
        this.liveness = liveness;
        this.table = new ConditionTable(words, offset, self, liveness);
        this.line = new Line<>(words);
    }

    /**
     * Releases the mutex, which the caller holds, waits, and acquires it again, however long that takes. Afterwards {@link
     * Mutex#unrecovered()} says whether its owner had died meanwhile.
     *
     * @param deadline      when to give up, in terms of {@link Words#now()}; {@link Words#NO_DEADLINE} for never, {@link Mutex#AT_ONCE}
     *                      to not wait at all
     * @param interruptible whether an interrupt ends the wait; if not, the interrupt status is left as it is
     * @return {@link #SIGNALLED}, {@link #DEATH}, {@link #TIMED_OUT} or {@link #INTERRUPTED}
     * @throws IllegalMonitorStateException     if another thread of this process released the mutex meanwhile
     * @throws dev.kindred.SpaceClosedException if this process has left the space; the mutex is not held
     */
    public int await(long deadline, boolean interruptible) {
        Waiter waiter = enter();
        CrashPoint.CONDITION_ENTERED.pass();
        int ended;
        boolean signalled;
        try {
            if (!mutex.release()) {
                throw new IllegalMonitorStateException(
                        "another thread released the lock of a thread that was about to wait for its condition");
            }
            ended = deadline == Mutex.AT_ONCE ? TIMED_OUT : watch(waiter, deadline, interruptible);
        } finally {
            signalled = comeBack(waiter);
        }
        if (signalled && ended == INTERRUPTED) {
            Thread.currentThread().interrupt();
        }
        return signalled ? SIGNALLED : ended;
    }

    private Waiter enter() {
        if (line.isEmpty()) {
            node = table.take();
            seen = table.grants(node);
        } else {
            share();
        }
        if (queue == null || queue.node != node) {
            queue = new Queue(node);
        }
        // The epoch is read while the mutex is held: whoever dies later may take a signal along that is meant for this thread.
        Waiter waiter = new Waiter(queue, words.epoch(), seen);
        line.enter(waiter);
        if (nextToGrant == null) {
            nextToGrant = waiter;
        }
        table.setWaiting(node, ++waiting);
        return waiter;
    }

    private int watch(Waiter waiter, long deadline, boolean interruptible) {
        int turn = waiter.awaitTurn(deadline, interruptible);
        if (turn != Words.WOKEN) {
            return turn == Words.INTERRUPTED ? INTERRUPTED : TIMED_OUT;
        }
        return waiter.granted ? SIGNALLED : waiter.queue.watch(waiter.seen, waiter.epoch, deadline, interruptible);
    }

    /** Acquires the mutex again and ends the wait. {@return whether it was signalled} */
    private boolean comeBack(Waiter waiter) {
        try {
            // Who has left must not get the mutex any more: for the others it would be one that died with it.
            words.requireMembership();
            int _ = mutex.reacquire();
        } catch (SpaceClosedException left) {
            Waiter first = line.leave(waiter);
            if (first != null) {
                first.wake();
            }
            throw left;
        }
        CrashPoint.CONDITION_REACQUIRED.pass();
        return leave(waiter);
    }

    /** {@return whether it was signalled} */
    private boolean leave(Waiter waiter) {
        share();
        if (waiter == nextToGrant) {
            nextToGrant = line.after(waiter);
        }
        Waiter first = line.leave(waiter);
        if (!waiter.granted) {
            table.setWaiting(node, --waiting);
        }
        CrashPoint.CONDITION_LEFT.pass();
        if (line.isEmpty()) {
            table.free(node);
        } else if (first != null) {
            first.seen = seen;
            first.wake();
        }
        return waiter.granted;
    }

    /** Gives what was granted since the last time to those who have waited longest. All of them were waiting when it was granted. */
    private void share() {
        int grants = table.grants(node);
        int fresh = node == OVERFLOW && grants != seen ? waiting : (grants - seen) / ONE;
        seen = grants;
        for (; fresh > 0 && nextToGrant != null; fresh--) {
            nextToGrant.granted = true;
            nextToGrant = line.after(nextToGrant);
            waiting--;
        }
    }

    /** Releases a number of those who wait; the caller holds the mutex. */
    public void signal(int count) {
        table.signal(count);
    }

    /** Releases all who wait; the caller holds the mutex. */
    public void signalAll() {
        table.signalAll();
    }

    /** {@return how many threads of all processes wait that have not been released} Without the mutex, an estimate. */
    public int waiting() {
        return table.waiting();
    }

    /** How the first in line watches the grants of a node. */
    private final class Queue extends WaitQueue {

        private final int node;

        /** What had been granted, and not to the thread that watches. */
        private int seen;

        /** The death epoch when it began to wait. */
        private int epoch;

        Queue(int node) {
            super(words, table.grantsOffset(node));
            this.node = node;
        }

        int watch(int seenBefore, int epochBefore, long deadline, boolean interruptible) {
            seen = seenBefore;
            epoch = epochBefore;
            return await(deadline, interruptible, 0);
        }

        @Override
        int attempt(int word) {
            if ((word & ~WAITERS) != seen) {
                return SIGNALLED;
            }
            return words.epoch() == epoch ? WAIT : DEATH;
        }

        @Override
        int announce(int word) {
            return word | WAITERS;
        }

        /** Whoever held the mutex, or was signalled, may have died unnoticed. */
        @Override
        void examine(int word) {
            int owner = mutex.owner();
            if (owner != 0 && owner != self) {
                liveness.examine(owner);
            }
            table.examine();
        }
    }
}
