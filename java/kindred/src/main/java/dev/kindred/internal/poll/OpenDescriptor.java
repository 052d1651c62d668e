// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.poll;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import dev.kindred.SystemCallException;
import dev.kindred.internal.os.Affinity;
import dev.kindred.internal.os.Descriptors;
import dev.kindred.internal.os.Errno;
import dev.kindred.internal.os.Events;
import dev.kindred.internal.words.ThreadParker;
import dev.kindred.internal.words.Words;

/**
 * A descriptor that threads use and wait for while another may close it. Closing wakes those who wait and holds up nobody: the number goes back to the
 * system with the end of the last use, and no use begins any more.
 */
public final class OpenDescriptor implements AutoCloseable {

    /** In the state: it is closed. The rest counts the uses. */
    private static final int CLOSED = Integer.MIN_VALUE;

    /** About what a sleep and a wake-up cost together. */
    private static final int MOST_SPINNING = Integer.getInteger("kindred.spin.nanoseconds", 20_000);
    private static final int LEAST_SPINNING = MOST_SPINNING / 16;

    /** Two sleeps and wake-ups, with something to spare: see the queue of those who wait for a word. */
    private static final long SHORT_WAIT_NANOSECONDS = 4L * MOST_SPINNING;

    private static final int PAUSES = 16;

    private static final long PAUSE_NANOSECONDS = 1_000_000;

    /** Apart, so that a process that never waits need not ask. */
    private static final class Processors {
        static final boolean SEVERAL = Affinity.processors() > 1;
    }

    private final int number;
    private final AtomicInteger state = new AtomicInteger();
    private final List<Runnable> sleepers = new ArrayList<>();

    /** How long the next wait spins: a hint, which threads may overwrite for each other. */
    private volatile int spinning = MOST_SPINNING;

    /** Takes the number over. */
    public OpenDescriptor(int number) {
        this.number = number;
    }

    /** Begins a use, during which the number stays this descriptor's. {@return whether it is open; if not, no use has begun} */
    public boolean begin() {
        int uses;
        do {
            uses = state.get();
            if (uses < 0) {
                return false;
            }
        } while (!state.compareAndSet(uses, uses + 1));
        return true;
    }

    /** Ends a use. */
    public void end() {
        if (state.decrementAndGet() == CLOSED) {
            Descriptors.close(number);
        }
    }

    /** {@return its number} Of use to who has begun one. */
    public int number() {
        return number;
    }

    /** {@return whether it is closed, as far as new uses are concerned} */
    public boolean isClosed() {
        return state.get() < 0;
    }

    /** Closes it, unless it is closed, and wakes all who wait for it. */
    @Override
    public void close() {
        int uses = state.getAndUpdate(before -> before | CLOSED);
        if (uses == 0) {
            Descriptors.close(number);
        } else if (uses > 0) {
            synchronized (sleepers) {
                sleepers.forEach(Runnable::run);
            }
        }
    }

    /** {@return whether it is ready now, for one who has begun a use} */
    public boolean isReady(int events) {
        return Descriptors.poll(number, events, System.nanoTime()) != 0;
    }

    /**
     * Waits until it is ready or closed, for one who has begun a use. {@link Thread#interrupt()} ends the wait. Who is told that it is ready may find
     * that it is not.
     *
     * @param events   {@code POLL} constants
     * @param deadline when to give up, in terms of {@link System#nanoTime()}
     * @return {@link Words#WOKEN}, {@link Words#TIMED_OUT} or {@link Words#INTERRUPTED}
     */
    public int await(int events, long deadline) {
        if (deadline == Words.AT_ONCE) {
            return Words.TIMED_OUT;
        }
        long began = System.nanoTime();
        if (spin(events, began, deadline)) {
            spinning = Math.min(MOST_SPINNING, spinning * 2);
            return Words.WOKEN;
        }
        int result = sleep(events, deadline);
        if (MOST_SPINNING > 0) {
            boolean isShort = System.nanoTime() - began <= SHORT_WAIT_NANOSECONDS;
            spinning = isShort ? MOST_SPINNING : Math.max(LEAST_SPINNING, spinning / 2);
        }
        return result;
    }

    private boolean spin(int events, long began, long deadline) {
        if (!Processors.SEVERAL) {
            return false;
        }
        long limit = Math.min(began + spinning, deadline);
        while (System.nanoTime() - limit < 0) {
            if (isReady(events) || isClosed()) {
                return true;
            }
            for (int i = 0; i < PAUSES; i++) {
                Thread.onSpinWait();
            }
        }
        return false;
    }

    private int sleep(int events, long deadline) {
        try {
            return Thread.currentThread().isVirtual() ? park(events, deadline) : poll(events, deadline);
        } catch (SystemCallException e) {
            if (e.errno() == Errno.EMFILE || e.errno() == Errno.ENFILE) {
                return lookAgainAndAgain(events, deadline);
            }
            throw e;
        }
    }

    /** For want of a descriptor by which it could be woken: a process that has no more must still be able to receive what tells it to close some. */
    private int lookAgainAndAgain(int events, long deadline) {
        while (!isReady(events) && !isClosed()) {
            if (Thread.interrupted()) {
                return Words.INTERRUPTED;
            }
            if (deadline != Words.NO_DEADLINE && System.nanoTime() - deadline >= 0) {
                return Words.TIMED_OUT;
            }
            LockSupport.parkNanos(PAUSE_NANOSECONDS);
        }
        return Words.WOKEN;
    }

    private int poll(int events, long deadline) {
        int bell = Bells.borrow();
        Runnable sleeper = () -> Events.signal(bell);
        try {
            addSleeper(sleeper);
            if (isClosed()) {
                return Words.WOKEN;
            }
            PollSleeper poller = PollSleeper.current();
            poller.newSet().add(number, events);
            return poller.sleep(bell, deadline);
        } finally {
            removeSleeper(sleeper);
            Bells.giveBack(bell);
        }
    }

    private int park(int events, long deadline) {
        ThreadParker parker = new ThreadParker();
        PollWaiter waiter = new PollWaiter(number, events, parker::wake);
        addSleeper(waiter.waking());
        try {
            if (isClosed()) {
                return Words.WOKEN;
            }
            PollPump.shared().add(waiter);
            try {
                return parker.await(deadline, true);
            } finally {
                PollPump.shared().remove(waiter);
            }
        } finally {
            removeSleeper(waiter.waking());
        }
    }

    /** Has something run when the descriptor is closed. Pairs with {@link #close()}: the caller looks afterwards whether it is. */
    void addSleeper(Runnable sleeper) {
        synchronized (sleepers) {
            sleepers.add(sleeper);
        }
    }

    /** Takes it back; it does not run any more when this returns. */
    void removeSleeper(Runnable sleeper) {
        synchronized (sleepers) {
            sleepers.remove(sleeper);
        }
    }
}
