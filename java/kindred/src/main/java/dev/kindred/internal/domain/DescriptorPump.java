// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.domain;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import dev.kindred.internal.os.Descriptors;
import dev.kindred.internal.os.Epoll;
import dev.kindred.internal.os.Events;
import dev.kindred.internal.os.KernelThread;
import org.jspecify.annotations.Nullable;

/**
 * The one thread of this process that waits for descriptors, so that nothing else need: ends of children, of the parent and of the
 * successor in the family's table among them.
 */
public final class DescriptorPump {

    private record Pending(int descriptor, Runnable action) {}

    /** A descriptor that is waited for. */
    public final class Registration {
        private final long key;

        private Registration(long key) {
            this.key = key;
        }

        /**
         * Stops waiting. The action may be running already, but does not begin after this returns. To be called before the descriptor is
         * closed; calling it after the action has run does no harm.
         */
        public void cancel() {
            take(key);
        }
    }

    private static volatile @Nullable DescriptorPump shared;

    private final class Pumping extends KernelThread {

        Pumping() {
            super("kindred-descriptor-pump");
        }

        @Override
        protected void work() {
            pump();
        }

        @Override
        protected void endWait() {
            Events.signal(end);
        }
    }

    private static final int BATCH = 64;

    /** The key of the event that ends the pump with the JVM; registrations count from 1. */
    private static final long END = 0;

    private final int epoll;
    private final int end;
    private final AtomicLong keys = new AtomicLong();
    private final ConcurrentHashMap<Long, Pending> pending = new ConcurrentHashMap<>();

    private DescriptorPump() {
        epoll = Epoll.create();
        try {
            end = createEnd(epoll);
        } catch (RuntimeException e) {
            Descriptors.close(epoll);
            throw e;
        }
        new Pumping().start();
    }

    private static int createEnd(int epoll) {
        int end = Events.create();
        try {
            Epoll.add(epoll, end, Epoll.EPOLLIN, END);
            return end;
        } catch (RuntimeException e) {
            Descriptors.close(end);
            throw e;
        }
    }

    /**
     * {@return this process's} Its thread starts with the first call.
     *
     * @throws dev.kindred.SystemCallException if this process has no descriptors left for it; the next call tries again
     */
    public static DescriptorPump shared() {
        DescriptorPump pump = shared;
        return pump != null ? pump : begin();
    }

    private static synchronized DescriptorPump begin() {
        DescriptorPump pump = shared;
        if (pump == null) {
            pump = new DescriptorPump();
            shared = pump;
        }
        return pump;
    }

    /**
     * Runs an action once when a descriptor becomes readable, or at once if it is. The action runs on the pump's thread: it must not wait for
     * long. The descriptor stays open; until the action runs or the registration is cancelled it must not be closed or registered again.
     */
    public Registration register(int descriptor, Runnable action) {
        long key = keys.incrementAndGet();
        pending.put(key, new Pending(descriptor, action));
        try {
            Epoll.add(epoll, descriptor, Epoll.EPOLLIN, key);
        } catch (RuntimeException e) {
            pending.remove(key);
            throw e;
        }
        return new Registration(key);
    }

    private void pump() {
        long[] events = Epoll.room(BATCH);
        while (true) {
            int count = Epoll.wait(epoll, events, -1);
            for (int i = 0; i < count; i++) {
                long key = Epoll.data(events, i);
                if (key == END) {
                    return;
                }
                act(key);
            }
        }
    }

    /** Whoever comes second waits until the descriptor is out of the epoll set: it may be closed as soon as this returns. */
    private @Nullable Pending take(long key) {
        Pending[] taken = new Pending[1];
        pending.computeIfPresent(key, (_, found) -> {
            Epoll.remove(epoll, found.descriptor);
            taken[0] = found;
            return null;
        });
        return taken[0];
    }

    private void act(long key) {
        Pending taken = take(key);
        if (taken == null) {
            return;
        }
        try {
            taken.action.run();
        } catch (RuntimeException | Error e) {
            // One action's failure must not end the waiting of all others.
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        }
    }
}
