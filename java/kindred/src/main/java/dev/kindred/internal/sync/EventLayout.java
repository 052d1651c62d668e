// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.sync;

/**
 * The word of an event.
 *
 * <pre>
 *   31                                 2 1         0
 *  +------------------------------------+---------+-----+
 *  | epoch: how often it was set        | WAITERS | SET |
 *  +------------------------------------+---------+-----+
 * </pre>
 *
 * <p>The epoch is what tells a waiter that the event was set since it came, even if it was cleared again before the waiter could look. It
 * takes a waiter that does not look for 2^30 settings to be deceived.
 */
public final class EventLayout {

    /** How many bytes an event takes. */
    public static final int SIZE = 4;

    /** It is set. */
    static final int SET = 1;

    /** Somebody may be asleep on the word. Never together with {@link #SET}: whoever sets it wakes them. */
    static final int WAITERS = 2;

    /** The bits of the epoch. */
    static final int EPOCH = ~(SET | WAITERS);

    /** One epoch. */
    static final int ONE_EPOCH = 4;

    private EventLayout() {}
}
