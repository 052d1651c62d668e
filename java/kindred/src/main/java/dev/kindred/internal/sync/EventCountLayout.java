// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.sync;

/**
 * The word of an event count.
 *
 * <pre>
 *   31                                        1      0
 *  +--------------------------------------------+---------+
 *  | how often sleepers were told of a change   | WAITERS |
 *  +--------------------------------------------+---------+
 * </pre>
 *
 * <p>The counter wraps around after two billion changes that sleepers were told of. That one was away for just that many would cost it its {@link
 * Patience}.
 */
public final class EventCountLayout {

    /** How many bytes an event count takes. */
    public static final int SIZE = 4;

    /** Somebody may be asleep on the word. */
    static final int WAITERS = 1;

    /** One change. */
    static final int CHANGE = 1 << 1;

    private EventCountLayout() {}
}
