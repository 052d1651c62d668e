// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.sync;

import dev.kindred.internal.crash.CrashPoint;
import dev.kindred.internal.words.Words;
import org.jspecify.annotations.Nullable;

/**
 * The rounds of a barrier: each ends when as many parties have come as there are, and releases them together, or it is broken.
 *
 * <p>All that matters is in one word ({@link BarrierLayout}), changed by one compare-and-set: to come, to complete a round, to break it,
 * to begin another. A death at any step leaves a sound round of which a party may be missing; whoever waits finds that one of the
 * barrier's processes is dead, and breaks it.
 */
public final class BarrierRounds extends Queued<BarrierRounds.Queue> {

    /** The round was broken, by a time-out, an interrupt, a failed action, or on purpose. */
    public static final int BROKEN = -1;

    /** The deadline came, and the round is broken for that. */
    public static final int TIMED_OUT = -2;

    /** The thread was interrupted, and the round is broken for that; its interrupt status was cleared. */
    public static final int INTERRUPTED = -3;

    /** More processes than there is room for. */
    public static final int CROWDED = -4;

    /** What {@link Queue} finds: the round is over, or broken. */
    private static final int OVER = 0;

    private final Words words;
    private final long offset;
    private final int parties;
    private final BarrierMembers members;

    /**
     * Looks at the barrier at an offset, which has been {@linkplain #initialize initialized}.
     *
     * @param self the id of this process
     */
    public BarrierRounds(Words words, long offset, int self, Liveness liveness) {
        this.words = words;
        this.offset = offset;
        this.parties = words.getPlain(offset + BarrierLayout.PARTIES);
        this.members = new BarrierMembers(words, offset, self, liveness);
    }

    /**
     * Makes a barrier of zeros, which nobody uses yet.
     *
     * @param parties how many, from 1 to {@link BarrierLayout#MOST_PARTIES}
     */
    public static void initialize(Words words, long offset, int parties) {
        words.setPlain(offset + BarrierLayout.PARTIES, parties);
        words.setPlain(offset + BarrierLayout.CELLS, BarrierLayout.cells(parties));
    }

    /** {@return how many parties complete a round} */
    public int parties() {
        return parties;
    }

    /**
     * Comes, and waits until all have come or the round is broken.
     *
     * @param deadline when to break the round, in terms of {@link Words#now()}; {@link Words#NO_DEADLINE} for never, {@link
     *                 Mutex#AT_ONCE} if it is not complete with the caller
     * @param action   what to do when the caller is the last, before the others are released; what it throws breaks the round
     * @return how many had come before the caller, if all came; else {@link #BROKEN}, {@link #TIMED_OUT}, {@link #INTERRUPTED}, {@link
     *         #CROWDED}, or the negated id of a process whose death broke the round
     */
    public int await(long deadline, @Nullable Runnable action) {
        if (!members.register()) {
            return CROWDED;
        }
        while (true) {
            breakIfPartyDied();
            long state = state();
            int round = BarrierLayout.round(BarrierLayout.word(state));
            int index = BarrierLayout.arrived(state);
            if (BarrierLayout.isBroken(BarrierLayout.word(state))) {
                return broken(state);
            }
            if (index == parties) {
                // The action is being run; the caller is of the next round.
                int ended = awaitEnd(round, deadline);
                if (ended != OVER) {
                    return ended;
                }
            } else if (index < parties - 1) {
                if (change(state, BarrierLayout.withOneMore(state))) {
                    CrashPoint.BARRIER_ARRIVED.pass();
                    int ended = awaitEnd(round, deadline);
                    return ended == OVER ? result(state) : ended;
                }
            } else if (action == null) {
                if (complete(state)) {
                    return index;
                }
            } else if (change(state, BarrierLayout.withOneMore(state))) {
                return perform(action, round) ? index : result(state);
            }
        }
    }

    /** {@return whether the action was run and the round is complete} */
    private boolean perform(Runnable action, int round) {
        CrashPoint.BARRIER_ACTION_BEGUN.pass();
        boolean performed = false;
        try {
            action.run();
            performed = true;
        } finally {
            if (!performed) {
                boolean _ = breakRound(round, 0);
            }
        }
        CrashPoint.BARRIER_ACTION_PERFORMED.pass();
        while (true) {
            long state = state();
            if (BarrierLayout.round(BarrierLayout.word(state)) != round || BarrierLayout.isBroken(BarrierLayout.word(state))) {
                return false;
            }
            if (complete(state)) {
                return true;
            }
        }
    }

    private boolean complete(long state) {
        if (!change(state, BarrierLayout.next(state, false))) {
            return false;
        }
        CrashPoint.BARRIER_COMPLETED.pass();
        wakeSleepers(state);
        return true;
    }

    /**
     * Pairs with the announcement of a waiter, which is a change of half the state: either this sees its mark, or the marking fails and
     * it looks again.
     */
    private boolean change(long from, long to) {
        return words.compareAndSetLong(offset + BarrierLayout.STATE, from, to);
    }

    private void wakeSleepers(long before) {
        if (BarrierLayout.hasWaiters(before)) {
            words.wake(offset + BarrierLayout.WORD, Integer.MAX_VALUE);
        }
    }

    private long state() {
        return words.getLongVolatile(offset + BarrierLayout.STATE);
    }

    /** {@return {@link #OVER} when the round has been completed or reset, else why the caller has nothing to wait for} */
    private int awaitEnd(int round, long deadline) {
        int outcome = deadline == Mutex.AT_ONCE ? Outcome.TIMED_OUT : queue().awaitChange(round, deadline, true);
        if (outcome == Outcome.TIMED_OUT && breakRound(round, 0)) {
            return TIMED_OUT;
        }
        if (outcome == Outcome.INTERRUPTED) {
            if (breakRound(round, 0)) {
                return INTERRUPTED;
            }
            Thread.currentThread().interrupt();
        }
        long state = state();
        return BarrierLayout.round(BarrierLayout.word(state)) == round ? broken(state) : OVER;
    }

    /** {@return what came of a round that is over or broken, for the one who came when the state was {@code arrival}} */
    private int result(long arrival) {
        int round = BarrierLayout.round(BarrierLayout.word(arrival));
        int breaks = BarrierLayout.breaks(arrival);
        long state = state();
        if (BarrierLayout.round(BarrierLayout.word(state)) == round) {
            return broken(state);
        }
        if (BarrierLayout.breaks(state) == breaks) {
            return BarrierLayout.arrived(arrival);
        }
        // The entry tells of the first round that was broken since. It is overwritten at the earliest when so many were broken that it
        // stands for another.
        long entry = words.getLongVolatile(offset + BarrierLayout.log(breaks));
        if (BarrierLayout.breaksBetween(breaks, BarrierLayout.breaks(state())) >= BarrierLayout.LOG_LENGTH) {
            return BROKEN;
        }
        return BarrierLayout.roundOf(entry) == round ? brokenFor(entry) : BarrierLayout.arrived(arrival);
    }

    /** {@return how the round of a state was broken that says it is broken} */
    private int broken(long state) {
        long entry = words.getLongVolatile(offset + BarrierLayout.log(BarrierLayout.breaks(state)));
        return BarrierLayout.roundOf(entry) == BarrierLayout.round(BarrierLayout.word(state)) ? brokenFor(entry) : BROKEN;
    }

    private static int brokenFor(long entry) {
        int dead = BarrierLayout.processOf(entry);
        return dead == 0 ? BROKEN : -dead;
    }

    /**
     * Writes into the log that the round of a state is broken, which must be done before it is.
     *
     * @return false if nothing was written, because the state has changed
     */
    private boolean log(long state, int dead) {
        int round = BarrierLayout.round(BarrierLayout.word(state));
        long at = offset + BarrierLayout.log(BarrierLayout.breaks(state));
        // Read before the state is read again: if the entry has come to tell of another round after that, the writing fails.
        long entry = words.getLongVolatile(at);
        if (state() != state) {
            return false;
        }
        boolean told = BarrierLayout.roundOf(entry) == round && (dead == 0 || BarrierLayout.processOf(entry) != 0);
        return told || words.compareAndSetLong(at, entry, BarrierLayout.entry(round, dead));
    }

    /** {@return whether the round was under way and is broken now by the caller} */
    private boolean breakRound(int round, int dead) {
        while (true) {
            long state = state();
            if (BarrierLayout.round(BarrierLayout.word(state)) != round || BarrierLayout.isBroken(BarrierLayout.word(state))) {
                return false;
            }
            if (log(state, dead) && change(state, BarrierLayout.broken(state))) {
                CrashPoint.BARRIER_BROKEN.pass();
                wakeSleepers(state);
                return true;
            }
        }
    }

    /** {@return whether one of the barrier's processes is dead} The round is broken then. */
    private boolean breakIfPartyDied() {
        int dead = members.findDead();
        if (dead == 0) {
            return false;
        }
        while (true) {
            int word = BarrierLayout.word(state());
            if (BarrierLayout.isBroken(word) || breakRound(BarrierLayout.round(word), dead)) {
                return true;
            }
        }
    }

    /** Breaks the round, if it is not broken. */
    public void abort() {
        while (true) {
            int word = BarrierLayout.word(state());
            if (BarrierLayout.isBroken(word) || breakRound(BarrierLayout.round(word), 0)) {
                return;
            }
        }
    }

    /** Begins a round in which nobody has come, forgetting the dead. If somebody has come in this one, it is broken for them. */
    public void reset() {
        // The dead are struck out while the round is broken: who dies here leaves it so, and not one that waits for a party that is
        // forgotten.
        if (breakIfPartyDied()) {
            members.forgetDead();
            CrashPoint.BARRIER_DEAD_FORGOTTEN.pass();
        }
        int round = BarrierLayout.round(BarrierLayout.word(state()));
        while (true) {
            long state = state();
            boolean fresh = BarrierLayout.arrived(state) == 0 && !BarrierLayout.isBroken(BarrierLayout.word(state));
            if (fresh || BarrierLayout.round(BarrierLayout.word(state)) != round) {
                return;
            }
            if (log(state, 0) && change(state, BarrierLayout.next(state, true))) {
                CrashPoint.BARRIER_RESET.pass();
                wakeSleepers(state);
                return;
            }
        }
    }

    /** {@return whether the round is broken} */
    public boolean isBroken() {
        return breakIfPartyDied() || BarrierLayout.isBroken(BarrierLayout.word(state()));
    }

    /** {@return how many wait for others to come} */
    public int waiting() {
        long state = state();
        return BarrierLayout.isBroken(BarrierLayout.word(state)) ? 0 : Math.min(BarrierLayout.arrived(state), parties - 1);
    }

    /** Makes this process one of those whose death breaks the barrier. {@return whether there was room} */
    public boolean register() {
        return members.register();
    }

    /** Makes this process none of those, until it comes again. */
    public void deregister() {
        members.deregister();
    }

    @Override
    Queue newQueue() {
        return new Queue();
    }

    /** The threads of this process that wait for the end of a round. */
    final class Queue extends ChangeQueue {

        Queue() {
            super(words, offset + BarrierLayout.WORD);
        }

        @Override
        int outcome(int word, int start) {
            if (BarrierLayout.round(word) != start || BarrierLayout.isBroken(word)) {
                return OVER;
            }
            return breakIfPartyDied() ? RETRY : WAIT;
        }

        @Override
        int announce(int word) {
            return word | BarrierLayout.WAITERS;
        }

        /** A party may have died unnoticed. */
        @Override
        void examine(int word) {
            members.examine();
        }
    }
}
