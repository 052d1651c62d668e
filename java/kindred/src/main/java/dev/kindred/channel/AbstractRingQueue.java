// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serial;
import java.io.Serializable;

import dev.kindred.Waitable;
import dev.kindred.internal.poll.WaitCollector;
import dev.kindred.internal.ring.Ring;
import dev.kindred.internal.space.Block;

/** What all queues have in common. */
abstract sealed class AbstractRingQueue implements Waitable, AutoCloseable, Serializable permits AbstractNumberQueue, AbstractObjectQueue,
        ByteQueue, RecordQueue {

    @Serial
    private static final long serialVersionUID = 1;

    final transient QueueCore core;

    AbstractRingQueue(String type, Block block, Ring ring) {
        core = new QueueCore(type, block, ring);
    }

    /**
     * Says how many elements are in it.
     *
     * @return how many there were at some moment during the call
     * @throws QueueClosedException             if this process has closed it
     * @throws dev.kindred.SpaceClosedException if this process has left the space that the queue is of
     */
    public final int size() {
        return core.size();
    }

    /**
     * Says whether it is empty.
     *
     * @return whether it was at some moment during the call
     * @throws QueueClosedException             if this process has closed it
     * @throws dev.kindred.SpaceClosedException if this process has left the space that the queue is of
     */
    public final boolean isEmpty() {
        return core.size() == 0;
    }

    /**
     * Says whether something can be taken without waiting, or nothing ever again.
     *
     * @return whether that was so at some moment during the call
     * @throws QueueClosedException             if this process has closed it
     * @throws dev.kindred.SpaceClosedException if this process has left the space that the queue is of
     */
    @Override
    public final boolean isReady() {
        return core.isReady();
    }

    @Override
    @SuppressWarnings("exports")
    public final void collect(WaitCollector collector) {
        core.collect(collector);
    }

    /**
     * Shuts it down, for all processes and for good: nothing can be put any more. Who waits for room, or for an element where none is left, gets a {@link
     * QueueShutDownException}.
     *
     * @param immediate whether what is in it is dropped; else it can still be taken
     * @throws QueueClosedException             if this process has closed it
     * @throws dev.kindred.SpaceClosedException if this process has left the space that the queue is of
     */
    public final void shutdown(boolean immediate) {
        core.shutDown(immediate);
    }

    /**
     * Says whether it is shut down.
     *
     * @return whether it is
     * @throws QueueClosedException             if this process has closed it
     * @throws dev.kindred.SpaceClosedException if this process has left the space that the queue is of
     */
    public final boolean isShutdown() {
        return core.isShutDown();
    }

    /** Ends the use of it by this process. For others, nothing changes. Calls that have begun go on. */
    @Override
    public final void close() {
        core.close();
    }

    /** {@return the type and how many elements are in it} */
    @Override
    public final String toString() {
        return core.toString();
    }

    @Serial
    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a queue arrives as a ticket");
    }
}
