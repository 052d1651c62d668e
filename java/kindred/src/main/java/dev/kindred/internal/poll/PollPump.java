// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.poll;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.kindred.internal.os.Descriptors;
import dev.kindred.internal.os.Epoll;
import dev.kindred.internal.os.Events;
import dev.kindred.internal.os.KernelThread;
import org.jspecify.annotations.Nullable;

/**
 * One thread that polls for all virtual threads, and for platform threads that wait for words and descriptors at once. It ends when it has had nothing to
 * do for a while; the two descriptors that it works with stay.
 */
final class PollPump {

    private static final int BATCH = 64;
    private static final int IDLE_MILLISECONDS = 10_000;

    /** Comes with the event that ends the pump with the JVM; descriptors are zero and more. */
    private static final long END = -1;

    private static volatile @Nullable PollPump shared;

    private final int epoll;
    private final int end;
    private final Map<Integer, List<PollWaiter>> waiters = new HashMap<>();
    private boolean running;

    private final class Pumping extends KernelThread {

        Pumping() {
            super("kindred-poll-pump");
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

    private PollPump() {
        epoll = Epoll.create();
        try {
            end = createEnd(epoll);
        } catch (RuntimeException e) {
            Descriptors.close(epoll);
            throw e;
        }
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
     * {@return this process's}
     *
     * @throws dev.kindred.SystemCallException if this process has no descriptors left for it; the next call tries again
     */
    static PollPump shared() {
        PollPump pump = shared;
        return pump != null ? pump : create();
    }

    private static synchronized PollPump create() {
        PollPump pump = shared;
        if (pump == null) {
            pump = new PollPump();
            shared = pump;
        }
        return pump;
    }

    /** Has a waiter woken once when its descriptor is ready, at once if it is. */
    synchronized void add(PollWaiter waiter) {
        List<PollWaiter> others = waiters.get(waiter.descriptor());
        if (others == null) {
            Epoll.add(epoll, waiter.descriptor(), waiter.events(), waiter.descriptor());
            others = new ArrayList<>();
            waiters.put(waiter.descriptor(), others);
            others.add(waiter);
        } else {
            others.add(waiter);
            Epoll.change(epoll, waiter.descriptor(), events(others), waiter.descriptor());
        }
        if (!running) {
            new Pumping().start();
            running = true;
        }
    }

    /** Forgets a waiter, woken or not. It may be woken until this returns, and its descriptor is not touched afterwards. */
    synchronized void remove(PollWaiter waiter) {
        List<PollWaiter> others = waiters.get(waiter.descriptor());
        if (others != null && others.remove(waiter)) {
            update(waiter.descriptor(), others);
        }
    }

    private void update(int descriptor, List<PollWaiter> left) {
        if (left.isEmpty()) {
            waiters.remove(descriptor);
            Epoll.remove(epoll, descriptor);
        } else {
            Epoll.change(epoll, descriptor, events(left), descriptor);
        }
    }

    private static int events(List<PollWaiter> waiters) {
        int events = 0;
        for (PollWaiter waiter : waiters) {
            events |= waiter.events();
        }
        return events;
    }

    private void pump() {
        long[] events = Epoll.room(BATCH);
        while (true) {
            int count = Epoll.wait(epoll, events, IDLE_MILLISECONDS);
            for (int i = 0; i < count; i++) {
                if (Epoll.data(events, i) == END) {
                    return;
                }
                wake((int) Epoll.data(events, i), Epoll.events(events, i));
            }
            if (count == 0 && retire()) {
                return;
            }
        }
    }

    private synchronized boolean retire() {
        running = !waiters.isEmpty();
        return !running;
    }

    /** An event may be older than the waiters that are there now: they are woken for nothing then and wait again. */
    private synchronized void wake(int descriptor, int events) {
        List<PollWaiter> there = waiters.get(descriptor);
        if (there == null) {
            return;
        }
        List<PollWaiter> woken = new ArrayList<>();
        for (PollWaiter waiter : there) {
            if ((events & (waiter.events() | Epoll.EPOLLERR | Epoll.EPOLLHUP)) != 0) {
                woken.add(waiter);
            }
        }
        if (!woken.isEmpty()) {
            there.removeAll(woken);
            update(descriptor, there);
            woken.forEach(waiter -> waiter.waking().run());
        }
    }
}
