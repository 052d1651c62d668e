// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.explorer;

import java.util.HashMap;
import java.util.Map;

/**
 * Where a {@link Memory} holds what is no word of the shared memory, far beyond all that is.
 *
 * <pre>
 *   PAGES   which pages are not holes, a bit each
 *   LOCKS   the kernel's locks: the number of the process that holds it, 0 for none
 *   GATES   the gates inside processes: the number of the actor inside, 0 for nobody
 *   OWN     what is recorded of an actor and forgotten when it dies, its clock first
 *   COMMON  what is recorded of all, the number of interrupts first
 * </pre>
 */
final class Places {

    static final long PAGES = 1L << 58;
    static final long LOCKS = 1L << 59;
    static final long GATES = 1L << 60;
    static final long OWN = 1L << 61;
    static final long COMMON = 1L << 62;

    /** How many interrupts there were. */
    static final long INTERRUPTS = COMMON;

    private static final long GATES_A_PROCESS = 1 << 16;
    private static final long RECORDS_AN_ACTOR = 1 << 16;

    private final Map<String, Integer> names = new HashMap<>();

    static long lock(long key) {
        return LOCKS + key * Long.BYTES;
    }

    long gate(int process, String object) {
        return GATES + (process * GATES_A_PROCESS + index(object)) * Long.BYTES;
    }

    /** The time by an actor's clock. */
    static long clock(int actor) {
        return own(actor, 0);
    }

    long own(int actor, String name) {
        return own(actor, index(name));
    }

    private static long own(long actor, int index) {
        return OWN + (actor * RECORDS_AN_ACTOR + index) * Long.BYTES;
    }

    static long ownLength() {
        return RECORDS_AN_ACTOR * Long.BYTES;
    }

    long common(String name) {
        return COMMON + (long) index(name) * Long.BYTES;
    }

    /** A number for a name, the same as long as this object lives, above those that have a meaning of their own. */
    private int index(String name) {
        return names.computeIfAbsent(name, _ -> names.size() + 1);
    }
}
