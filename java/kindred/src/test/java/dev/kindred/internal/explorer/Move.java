// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.explorer;

/**
 * What led from one state to the next.
 *
 * @param kind   how
 * @param actor  whose step it was; of a death, an end of locks or a stop, the number of the process
 * @param from   where the actor stood
 * @param answer it got; for a wake-up, the actors that were woken, a bit each
 * @param last   the access of which nobody would have noticed and before which the actor died, or null
 */
record Move(Kind kind, int actor, Point from, long answer, Operation last) {

    /** Ways to get from one state to the next. */
    enum Kind {
        /** An actor did its operation. */
        STEP,
        /** An actor went to sleep. */
        SLEEP,
        /** An actor's wait ended because its deadline had come. */
        TIME_OUT,
        /** An actor was interrupted. */
        INTERRUPT,
        /** An actor woke up without any cause. */
        SPURIOUS,
        /** The kernel has ended the locks of a process that was killed. */
        END_OF_LOCKS,
        /** A process was stopped. */
        STOP,
        /** A process was killed. */
        DEATH
    }

    /** The same move, but in the middle of what follows the operation the actor dies. */
    Move diesBefore(Operation access) {
        return new Move(Kind.DEATH, actor, from, answer, access);
    }

    /**
     * Whether what needs such a move to go on counts as stuck. Nobody may rely on being interrupted, on waking up without cause, or on the
     * death of others.
     *
     * @param timeSaves whether a deadline may be relied on
     */
    boolean saves(boolean timeSaves) {
        return switch (kind) {
            case STEP, SLEEP, END_OF_LOCKS -> true;
            case TIME_OUT -> timeSaves;
            case INTERRUPT, SPURIOUS, STOP, DEATH -> false;
        };
    }
}
