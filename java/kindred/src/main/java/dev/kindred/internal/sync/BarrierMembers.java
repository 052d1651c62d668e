// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.sync;

import dev.kindred.internal.crash.CrashPoint;
import dev.kindred.internal.words.Words;

/** The processes that are of a barrier, as its cells name them ({@link BarrierLayout}). Each cell is changed by one compare-and-set. */
final class BarrierMembers {

    private static final int NONE = 0;

    private final Words words;
    private final long offset;
    private final int self;
    private final Liveness liveness;
    private final int cells;

    /** The cell that named this process when it last looked. */
    private int own;

    /** The death epoch at which all were found alive; negative before they were looked at, which no epoch is here. */
    private long lookedAt = -1;

    BarrierMembers(Words words, long offset, int self, Liveness liveness) {
        this.words = words;
        this.offset = offset;
        this.self = self;
        this.liveness = liveness;
        this.cells = words.getPlain(offset + BarrierLayout.CELLS);
    }

    private long cell(int index) {
        return offset + BarrierLayout.cell(index);
    }

    /** Makes this process one of them. {@return whether there was room} */
    boolean register() {
        if (words.getVolatile(cell(own)) == self) {
            return true;
        }
        for (int i = 0; i < cells; i++) {
            long cell = cell(i);
            if (words.getVolatile(cell) == self || words.compareAndSet(cell, NONE, self)) {
                own = i;
                CrashPoint.BARRIER_REGISTERED.pass();
                return true;
            }
        }
        return false;
    }

    /** Makes this process none of them. */
    void deregister() {
        for (int i = 0; i < cells; i++) {
            if (words.getVolatile(cell(i)) == self) {
                boolean _ = words.compareAndSet(cell(i), self, NONE);
            }
        }
    }

    /** {@return one that is known to be dead, or 0} */
    int findDead() {
        // Read before anybody's liveness: the epoch is raised after each death that this misses.
        long epoch = Integer.toUnsignedLong(words.epoch());
        if (epoch == lookedAt) {
            return NONE;
        }
        for (int i = 0; i < cells; i++) {
            int process = words.getVolatile(cell(i));
            // Read again: it may have left the barrier between the first reading and its end, which then breaks nothing.
            if (process != NONE && process != self && liveness.isDead(process) && words.getVolatile(cell(i)) == process) {
                return process;
            }
        }
        lookedAt = epoch;
        return NONE;
    }

    /** Strikes out all who are known to be dead. */
    void forgetDead() {
        for (int i = 0; i < cells; i++) {
            int process = words.getVolatile(cell(i));
            if (process != NONE && process != self && liveness.isDead(process)) {
                boolean _ = words.compareAndSet(cell(i), process, NONE);
            }
        }
    }

    /** Looks for itself whether the others live. */
    void examine() {
        for (int i = 0; i < cells; i++) {
            int process = words.getVolatile(cell(i));
            if (process != NONE && process != self) {
                liveness.examine(process);
            }
        }
    }
}
