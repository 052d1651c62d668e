// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.sync;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import org.jspecify.annotations.Nullable;

/**
 * What the threads of this process may have to wait for. Where they never do, as with most objects, there is no queue.
 *
 * @param <Q> how they wait
 */
abstract class Queued<Q extends WaitQueue> {

    private static final VarHandle QUEUE;

    static {
        try {
            QUEUE = MethodHandles.lookup().findVarHandle(Queued.class, "queue", WaitQueue.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private volatile @Nullable Q queue;

    /** {@return a queue of which nobody knows} */
    abstract Q newQueue();

    /** {@return the queue, which is made if there is none yet} */
    @SuppressWarnings("unchecked")
    final Q queue() {
        Q current = queue;
        if (current == null) {
            Q fresh = newQueue();
            current = (Q) QUEUE.compareAndExchange(this, (WaitQueue) null, (WaitQueue) fresh);
            if (current == null) {
                current = fresh;
            }
        }
        return current;
    }

    /** {@return whether a thread of this process has waited, or is about to look at what it waits for} */
    final boolean hasQueue() {
        return queue != null;
    }
}
