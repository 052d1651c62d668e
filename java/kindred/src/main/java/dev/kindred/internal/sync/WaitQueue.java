// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.sync;

import dev.kindred.internal.crash.CrashPoint;
import dev.kindred.internal.words.Gate;
import dev.kindred.internal.words.Words;

/**
 * How the threads of one process wait for a shared object: the one way of all primitives.
 *
 * <p>Those who must wait queue up at a gate, and only the first of them watches the object's word. It spins for about what a sleep and a wake-up
 * would cost, if waits were short lately; then it announces in shared memory that it sleeps; then it sleeps in the kernel, until the word is woken,
 * the death epoch is raised, it is interrupted, its deadline comes, or its {@link Patience} ends. Whatever ended the sleep, it decides by the word.
 *
 * <p>What the word means is up to the subclass: {@link #attempt} and {@link #announce}. These are called, and the fields that belong to one wait are
 * touched, only by the thread inside the gate.
 */
abstract class WaitQueue {

    /** An attempt found that there is nothing to be had now. */
    static final int WAIT = -1;

    /** An attempt found that the word has changed and must be looked at again. */
    static final int RETRY = -2;

    /** Watching ended because this process has left the space. */
    private static final int LEFT = -3;

    /** About what a sleep and a wake-up cost together. */
    private static final int MOST_SPINNING = Integer.getInteger("kindred.spin.nanoseconds", 20_000);
    private static final int LEAST_SPINNING = MOST_SPINNING / 16;

    /**
     * Two sleeps and wake-ups, with something to spare: who has slept and waited no longer may have waited for another's wake-up, and that one for
     * this one's. If both do not spin the next time, they go on so for ever.
     */
    private static final long SHORT_WAIT_NANOSECONDS = 4L * MOST_SPINNING;

    /** Who has waited so long has precedence over those who come new, where the primitive has a mark for it. */
    private static final long LONG_WAIT_NANOSECONDS = 1_000_000;

    private final Words words;
    private final long offset;
    private final Gate gate;
    private final Patience patience = new Patience();
    private int spinning = MOST_SPINNING;
    private long began;
    private boolean slept;

    /** Waits for the word at an offset. */
    WaitQueue(Words words, long offset) {
        this.words = words;
        this.offset = offset;
        this.gate = words.newGate();
    }

    /**
     * Takes what is waited for, if it is to be had.
     *
     * @param word what the word holds; a change since must be noticed by compare-and-set
     * @return an outcome, which is zero or more and ends the wait; {@link #WAIT} or {@link #RETRY}
     */
    abstract int attempt(int word);

    /**
     * Says how the word tells whoever changes it to wake a sleeper. What must be told elsewhere in shared memory is told there by this method.
     *
     * @param word what the word holds
     * @return what it is to hold while a thread sleeps
     */
    abstract int announce(int word);

    /** Begins the wait of the thread that has just entered the gate, which called {@link #await} with that argument. */
    void begin(int argument) {}

    /**
     * Watches for at most so many nanoseconds, without giving up the processor, what tells that another attempt may succeed.
     *
     * @param word what the word holds
     * @return whether something has changed
     */
    boolean spin(int word, long nanoseconds) {
        return words.spin(offset, word, nanoseconds) != word;
    }

    /**
     * {@return whether another attempt may succeed, though the word is still as announced} Asked after the announcement, by a subclass whose word is
     * not itself what is waited for.
     */
    boolean hasCome() {
        return false;
    }

    /** Takes back what an announcement has left where that must be; called when the wait ends, however it does. */
    void withdraw() {}

    /** Looks for itself for what somebody should have noticed and told; called when the patience of a sleeper ends. */
    void examine(int word) {}

    /** {@return when a sleep is to end that begins now, if not before, in terms of {@link Words#now()}} */
    long wakeBy(int word) {
        return Words.NO_DEADLINE;
    }

    /** {@return whether the waiting thread has slept since it began to wait} If so, it may have consumed a wake-up that others sleep behind. */
    final boolean hasSlept() {
        return slept;
    }

    /** {@return whether the waiting thread has watched so long that it goes before those who come new} */
    final boolean hasWaitedLong() {
        return words.now() - began >= LONG_WAIT_NANOSECONDS;
    }

    /** {@return when the waiting thread will have watched so long} */
    final long longWaitBegins() {
        return began + LONG_WAIT_NANOSECONDS;
    }

    /**
     * Waits.
     *
     * @param deadline      when to give up, in terms of {@link Words#now()}; {@link Words#NO_DEADLINE} for never
     * @param interruptible whether an interrupt ends the wait; if not, the interrupt status is left as it is
     * @param argument      what {@link #begin} is told
     * @return the outcome of the attempt that ended the wait, {@link Outcome#TIMED_OUT} or {@link Outcome#INTERRUPTED}
     * @throws dev.kindred.SpaceClosedException if this process has left the space that the object is of
     */
    final int await(long deadline, boolean interruptible, int argument) {
        int entered = gate.enter(deadline, interruptible);
        if (entered != Words.WOKEN) {
            return entered == Words.INTERRUPTED ? Outcome.INTERRUPTED : Outcome.TIMED_OUT;
        }
        try {
            began = words.now();
            slept = false;
            begin(argument);
            int outcome;
            try {
                outcome = watch(deadline, interruptible);
            } finally {
                withdraw();
            }
            learn();
            if (outcome == Outcome.TIMED_OUT || outcome == Outcome.INTERRUPTED || outcome == LEFT) {
                // This thread may have consumed the one wake-up of a release. Whoever gets it instead looks at the word for itself.
                words.wake(offset, 1);
            }
            if (outcome == LEFT) {
                words.requireMembership();
            }
            return outcome;
        } finally {
            gate.leave();
        }
    }

    /** The loop of the one thread of this process that watches the word. */
    private int watch(long deadline, boolean interruptible) {
        patience.begin();
        boolean late = false;
        while (true) {
            // Read before the word and before anybody's liveness: a death seen by neither ends the sleep below.
            int epoch = words.epoch();
            // Between the two: the epoch changes after a leaving that is not seen here.
            if (words.left() != null) {
                return LEFT;
            }
            int word = words.getVolatile(offset);
            int outcome = attempt(word);
            if (outcome >= 0) {
                return outcome;
            }
            if (outcome == RETRY) {
                continue;
            }
            if (late) {
                return Outcome.TIMED_OUT;
            }
            if (spin(word, spinning)) {
                continue;
            }
            int asleepOn = announce(word);
            // Pairs with the change of the word by whoever ends the wait: either that sees the announcement, or this sees the change.
            if (asleepOn != word && !words.compareAndSet(offset, word, asleepOn)) {
                continue;
            }
            CrashPoint.WAIT_ANNOUNCED.pass();
            if (hasCome()) {
                continue;
            }
            long patienceEnds = Math.min(patience.next(words.now()), wakeBy(word));
            int ended = words.await(offset, asleepOn, epoch, Math.min(deadline, patienceEnds), interruptible);
            CrashPoint.WAIT_WOKEN.pass();
            slept = true;
            if (ended == Words.INTERRUPTED) {
                return Outcome.INTERRUPTED;
            }
            if (ended == Words.TIMED_OUT) {
                late = deadline <= patienceEnds;
                examine(word);
            }
        }
    }

    /** Adapts how long the next wait spins to how long this one was, as KVM does with the polling of a halted processor. */
    private void learn() {
        if (!slept) {
            spinning = Math.min(MOST_SPINNING, spinning * 2);
        } else if (MOST_SPINNING > 0) {
            spinning = words.now() - began <= SHORT_WAIT_NANOSECONDS ? MOST_SPINNING : Math.max(LEAST_SPINNING, spinning / 2);
        }
    }
}
