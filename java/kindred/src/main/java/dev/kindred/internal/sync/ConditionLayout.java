// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.sync;

/**
 * The table of a condition: for each process that waits, how many of its threads do and how many have been released.
 *
 * <pre>
 *    0  nodes (long)    bit n, from 1: node n is in use; bit 0: somebody waits at the word beside it
 *    8  grants (int)    of all processes that found no node: each signal changes it, and wakes them all
 *   12  cursor (int)    the node at which the next signal begins to look
 *   16  node 1 | node 2 | ... | node 63         16 bytes each
 *
 *  node:
 *    0  owner (int)     the process whose waiters it counts; void once that is dead
 *    4  limit (int)     what the count of grants will be when nobody waits any more
 *    8  grants (int)    how many were released since the condition exists, whoever had the node; its owner watches it
 *   12  unused
 *
 *  grants:
 *   31                                      1 0
 *  +-----------------------------------------+---------+
 *  | count                                   | WAITERS |        limit is a count in the same place
 *  +-----------------------------------------+---------+
 * </pre>
 *
 * <p>All of it is written under the condition's lock, but for the WAITERS bits. A signal is one change of one count of grants, and a
 * thread that comes or gives up is one change of one limit, so whoever takes the lock from a dead owner finds nothing half done.
 */
public final class ConditionLayout {

    /** How many bytes a condition takes. */
    public static final int SIZE = 1024;

    static final long NODES = 0;
    static final long CURSOR = 12;

    static final int NODE_SIZE = 16;

    /** How many processes can wait and still be signalled one by one. */
    static final int NODE_COUNT = 63;

    /** In place of a node: the word that all share who found none. */
    static final int OVERFLOW = 0;

    /** The bits of the nodes. */
    static final long ALL_NODES = ~1L;

    private static final long OWNER = 0;
    private static final long LIMIT = 4;
    private static final long GRANTS = 8;

    /** A thread may be asleep on the grants. */
    static final int WAITERS = 1;

    /** One grant. */
    static final int ONE = 2;

    /** So many nodes share a cache line. Processes try to take nodes of different lines. */
    static final int NODES_PER_LINE = 4;

    private ConditionLayout() {}

    static long owner(int node) {
        return (long) node * NODE_SIZE + OWNER;
    }

    static long limit(int node) {
        return (long) node * NODE_SIZE + LIMIT;
    }

    static long grants(int node) {
        return (long) node * NODE_SIZE + GRANTS;
    }
}
