// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

import java.lang.ref.Reference;

import dev.kindred.SpaceClosedException;
import dev.kindred.internal.poll.WaitCollector;
import dev.kindred.internal.ring.Ring;
import dev.kindred.internal.space.Block;
import dev.kindred.internal.sync.Deadlines;

/** What all queues have in common: a ring in a block, whether this process has closed it, and what outcomes mean to a caller. */
final class QueueCore implements AutoCloseable {

    private final String type;
    private final Block block;
    private final Ring ring;
    private volatile boolean closed;

    /**
     * A queue that this process has not closed.
     *
     * @param type what messages call it
     */
    QueueCore(String type, Block block, Ring ring) {
        this.type = type;
        this.block = block;
        this.ring = ring;
    }

    Block block() {
        return block;
    }

    /** Begins a call that may wait. */
    void beginInterruptibly() throws InterruptedException {
        requireOpen();
        Deadlines.throwIfInterrupted();
    }

    /** Begins a call. */
    void requireOpen() {
        if (closed) {
            throw new QueueClosedException(toString());
        }
    }

    /**
     * Ends a call that may have waited, if its outcome is no success.
     *
     * @return whether it was done; false if the deadline came
     */
    boolean isDone(int outcome) throws InterruptedException {
        if (outcome == Ring.INTERRUPTED) {
            requireMembership();
            throw new InterruptedException();
        }
        return isDoneAtOnce(outcome);
    }

    /** The same for a call that cannot be interrupted. */
    boolean isDoneAtOnce(int outcome) {
        requireMembership();
        if (outcome == Ring.SHUT_DOWN) {
            throw new QueueShutDownException(toString());
        }
        return outcome == Ring.DONE;
    }

    private void requireMembership() {
        try {
            block.requireMembership();
        } finally {
            Reference.reachabilityFence(block);
        }
    }

    QueueEmptyException empty() {
        return new QueueEmptyException(toString());
    }

    QueueFullException full() {
        return new QueueFullException(toString());
    }

    int size() {
        requireOpen();
        int size = ring.size();
        requireMembership();
        return size;
    }

    /** {@return whether one who takes does not have to wait} */
    boolean isReady() {
        requireOpen();
        boolean ready = ring.isReady();
        requireMembership();
        return ready;
    }

    void collect(WaitCollector collector) {
        requireOpen();
        collector.addWord(block.words(), ring.notEmpty().offset(), ring.notEmpty().announce());
    }

    int room() {
        requireOpen();
        int room = ring.room();
        requireMembership();
        return room;
    }

    void shutDown(boolean immediate) {
        requireOpen();
        ring.shutDown(immediate);
        requireMembership();
    }

    boolean isShutDown() {
        requireOpen();
        boolean shutDown = ring.isShutDown();
        requireMembership();
        return shutDown;
    }

    @Override
    public void close() {
        closed = true;
    }

    /** {@return the type and what can be said of it in its state, without an exception} */
    @Override
    public String toString() {
        if (closed) {
            return type + "[closed]";
        }
        try {
            int size = ring.size();
            block.requireMembership();
            return type + "[" + size + (size == 1 ? " element" : " elements") + (ring.isShutDown() ? ", shut down]" : "]");
        } catch (SpaceClosedException left) {
            return type + "[of the space '" + block.space().name() + "', which this process has left]";
        } finally {
            Reference.reachabilityFence(block);
        }
    }
}
