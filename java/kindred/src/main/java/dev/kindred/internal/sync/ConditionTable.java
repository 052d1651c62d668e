// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.sync;

import static dev.kindred.internal.sync.ConditionLayout.ALL_NODES;
import static dev.kindred.internal.sync.ConditionLayout.CURSOR;
import static dev.kindred.internal.sync.ConditionLayout.NODES;
import static dev.kindred.internal.sync.ConditionLayout.NODES_PER_LINE;
import static dev.kindred.internal.sync.ConditionLayout.NODE_COUNT;
import static dev.kindred.internal.sync.ConditionLayout.ONE;
import static dev.kindred.internal.sync.ConditionLayout.OVERFLOW;
import static dev.kindred.internal.sync.ConditionLayout.WAITERS;

import dev.kindred.internal.crash.CrashPoint;
import dev.kindred.internal.words.Words;

/**
 * The table of a condition ({@link ConditionLayout}), as one process works on it. All is done by the holder of the condition's lock, but
 * for {@link #waiting} and {@link #examine}.
 */
final class ConditionTable {

    private final Words words;
    private final long offset;
    private final int self;
    private final Liveness liveness;

    ConditionTable(Words words, long offset, int self, Liveness liveness) {
        this.words = words;
        this.offset = offset;
        this.self = self;
        this.liveness = liveness;
    }

    /** {@return where the grants of a node lie} */
    long grantsOffset(int node) {
        return offset + ConditionLayout.grants(node);
    }

    /** {@return the count of grants of a node} */
    int grants(int node) {
        return words.getVolatile(grantsOffset(node)) & ~WAITERS;
    }

    /** {@return a node for the waiters of this process, none of whom wait yet; {@link ConditionLayout#OVERFLOW} if all are in use} */
    int take() {
        long used = words.getLongPlain(offset + NODES);
        if ((~used & ALL_NODES) == 0) {
            used = freeNodesOfTheDead(used);
        }
        long free = ~used & ALL_NODES;
        if (free == 0) {
            return OVERFLOW;
        }
        int preferred = (1 + self % (NODE_COUNT / NODES_PER_LINE)) * NODES_PER_LINE;
        int node = (preferred + Long.numberOfTrailingZeros(Long.rotateRight(free, preferred))) % Long.SIZE;
        words.setPlain(offset + ConditionLayout.limit(node), grants(node));
        words.setPlain(offset + ConditionLayout.owner(node), self);
        // Last: until then the node is nobody's, whatever it says.
        words.setLongRelease(offset + NODES, used | 1L << node);
        CrashPoint.CONDITION_NODE_TAKEN.pass();
        return node;
    }

    /** Gives a node back for which nobody waits any more. */
    void free(int node) {
        if (node != OVERFLOW) {
            words.setLongRelease(offset + NODES, words.getLongPlain(offset + NODES) & ~(1L << node));
            CrashPoint.CONDITION_NODE_FREED.pass();
        }
    }

    private long freeNodesOfTheDead(long used) {
        long stillUsed = used;
        for (int node = 1; node <= NODE_COUNT; node++) {
            if (isOfTheDead(node)) {
                stillUsed &= ~(1L << node);
            }
        }
        words.setLongRelease(offset + NODES, stillUsed);
        return stillUsed;
    }

    private boolean isOfTheDead(int node) {
        int owner = words.getPlain(offset + ConditionLayout.owner(node));
        return owner != self && liveness.isDead(owner);
    }

    /** Says how many threads of this process wait that have not been released. */
    void setWaiting(int node, int count) {
        if (node != OVERFLOW) {
            words.setRelease(offset + ConditionLayout.limit(node), grants(node) + count * ONE);
        } else if (count > 0) {
            words.setLongRelease(offset + NODES, words.getLongPlain(offset + NODES) | 1L << OVERFLOW);
        }
    }

    /** Releases a number of those who wait, in turn one of each process. */
    void signal(int count) {
        long nodes = releaseOverflow();
        int next = words.getPlain(offset + CURSOR) & Long.SIZE - 1;
        int left = count;
        while (left > 0 && nodes != 0) {
            int node = (next + Long.numberOfTrailingZeros(Long.rotateRight(nodes, next))) % Long.SIZE;
            next = (node + 1) % Long.SIZE;
            if (release(node, 1)) {
                left--;
                // A hint: who finds the one of before begins at a process that has had its turn.
                words.setPlain(offset + CURSOR, next);
            } else {
                nodes &= ~(1L << node);
            }
        }
    }

    /** Releases all who wait. */
    void signalAll() {
        for (long nodes = releaseOverflow(); nodes != 0; nodes &= nodes - 1) {
            boolean _ = release(Long.numberOfTrailingZeros(nodes), Integer.MAX_VALUE);
        }
    }

    /** Releases all who found no node: nobody knows which of them is meant. {@return the nodes in use} */
    private long releaseOverflow() {
        long nodes = words.getLongPlain(offset + NODES);
        if ((nodes & 1L << OVERFLOW) != 0) {
            grant(OVERFLOW, 1);
            words.setLongRelease(offset + NODES, nodes & ALL_NODES);
        }
        return nodes & ALL_NODES;
    }

    /** {@return whether anybody of a node was waiting and has been released} */
    private boolean release(int node, int most) {
        if (isOfTheDead(node)) {
            free(node);
            return false;
        }
        int count = Math.min(most, waiting(node));
        if (count == 0) {
            return false;
        }
        grant(node, count);
        return true;
    }

    private int waiting(int node) {
        return (words.getPlain(offset + ConditionLayout.limit(node)) - grants(node)) / ONE;
    }

    private void grant(int node, int count) {
        long grants = grantsOffset(node);
        while (true) {
            int word = words.getVolatile(grants);
            // Pairs with the announcement of a waiter: either this sees its mark, or the marking fails and the waiter looks again.
            if (words.compareAndSet(grants, word, (word & ~WAITERS) + count * ONE)) {
                CrashPoint.CONDITION_GRANTED.pass();
                if ((word & WAITERS) != 0) {
                    // At a node at most one thread sleeps, the first in its process's line.
                    words.wake(grants, node == OVERFLOW ? Integer.MAX_VALUE : 1);
                }
                return;
            }
        }
    }

    /** {@return how many threads wait that have not been released, but for those who found no node} Without the lock, an estimate. */
    int waiting() {
        int sum = 0;
        for (long nodes = words.getLongVolatile(offset + NODES) & ALL_NODES; nodes != 0; nodes &= nodes - 1) {
            int node = Long.numberOfTrailingZeros(nodes);
            if (!isOfTheDead(node)) {
                sum += Math.max(waiting(node), 0);
            }
        }
        return sum;
    }

    /** Looks for itself whether the others live who wait, and with whom a signal may have died. */
    void examine() {
        for (long nodes = words.getLongVolatile(offset + NODES) & ALL_NODES; nodes != 0; nodes &= nodes - 1) {
            int owner = words.getPlain(offset + ConditionLayout.owner(Long.numberOfTrailingZeros(nodes)));
            if (owner != self) {
                liveness.examine(owner);
            }
        }
    }
}
