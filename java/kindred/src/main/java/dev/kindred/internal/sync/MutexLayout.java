// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.sync;

/**
 * The word of a mutex: who holds it and what became of it, in one word, so that there is no moment in which a held mutex looks abandoned.
 *
 * <pre>
 *   31        30         29         28                    12 11            0
 *  +---------+----------+----------+------------------------+---------------+
 *  | WAITERS | POISONED | RESERVED | generation of owner    | slot of owner |
 *  +---------+----------+----------+------------------------+---------------+
 *
 *  no owner                 free; with RESERVED, for those who have waited long
 *  owner, without POISONED  held; as good as poisoned once the owner is dead
 *  owner, with POISONED     the owner died holding it, and a waiter has noticed
 * </pre>
 */
public final class MutexLayout {

    /** How many bytes a mutex takes. */
    public static final int SIZE = 4;

    /** The word of a free mutex for which nobody waits. */
    static final int FREE = 0;

    /** Somebody may be asleep on the word. */
    static final int WAITERS = 1 << 31;

    /** The owner died. */
    static final int POISONED = 1 << 30;

    /** Somebody has waited long: when it is free, who comes new does not take it at once. */
    static final int RESERVED = 1 << 29;

    /** The bits of the owner's id. */
    static final int OWNER = RESERVED - 1;

    /** The owner of a mutex that has none: taken by one process, it may be released by another, and no death releases it. */
    public static final int NOBODY = OWNER;

    private MutexLayout() {}
}
