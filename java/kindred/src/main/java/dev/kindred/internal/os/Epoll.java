// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.os;

/** Waits for many descriptors at once. */
public final class Epoll {

    /** Ready to read, or at the end. */
    public static final int EPOLLIN = 1;

    /** Ready to write. */
    public static final int EPOLLOUT = 4;

    /** An error; always reported. */
    public static final int EPOLLERR = 8;

    /** The other end is closed; always reported. */
    public static final int EPOLLHUP = 16;

    /** Reports once, until it is changed. */
    public static final int EPOLLONESHOT = 1 << 30;

    private static final int LONGS_AN_EVENT = 2;
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLL_CTL_DEL = 2;
    private static final int EPOLL_CTL_MOD = 3;

    private Epoll() {}

    /**
     * {@return a descriptor of a new set}
     *
     * @throws dev.kindred.SystemCallException if this process may have no more descriptors
     */
    public static int create() {
        int result = Native.epollCreate();
        if (result < 0) {
            throw Errno.failure(result, "epoll_create1");
        }
        return result;
    }

    /**
     * Adds a descriptor to a set.
     *
     * @param epoll      the set
     * @param descriptor the descriptor
     * @param events     {@code EPOLL} constants
     * @param data       what comes back with its events
     * @throws dev.kindred.SystemCallException if it is in the set, or of a kind that cannot be waited for
     */
    public static void add(int epoll, int descriptor, int events, long data) {
        control(epoll, EPOLL_CTL_ADD, descriptor, events, data);
    }

    /**
     * Changes what a descriptor of a set is waited for.
     *
     * @param epoll      the set
     * @param descriptor the descriptor
     * @param events     {@code EPOLL} constants
     * @param data       what comes back with its events
     * @throws dev.kindred.SystemCallException if it is not in the set
     */
    public static void change(int epoll, int descriptor, int events, long data) {
        control(epoll, EPOLL_CTL_MOD, descriptor, events, data);
    }

    /**
     * Removes a descriptor from a set.
     *
     * @param epoll      the set
     * @param descriptor the descriptor
     * @throws dev.kindred.SystemCallException if it is not in the set
     */
    public static void remove(int epoll, int descriptor) {
        control(epoll, EPOLL_CTL_DEL, descriptor, 0, 0);
    }

    private static void control(int epoll, int operation, int descriptor, int events, long data) {
        int result = Native.epollControl(epoll, operation, descriptor, events, data);
        if (result < 0) {
            String name =
                    switch (operation) {
                        case EPOLL_CTL_ADD -> "EPOLL_CTL_ADD";
                        case EPOLL_CTL_DEL -> "EPOLL_CTL_DEL";
                        default -> "EPOLL_CTL_MOD";
                    };
            throw Errno.failure(
                    result,
                    "epoll_ctl",
                    "epoll",
                    epoll,
                    "operation",
                    name,
                    "descriptor",
                    descriptor,
                    "events",
                    "0x" + Integer.toHexString(events));
        }
    }

    /**
     * {@return room for events}
     *
     * @param count for how many, at most 64
     */
    public static long[] room(int count) {
        return new long[count * LONGS_AN_EVENT];
    }

    /**
     * Waits until a descriptor of a set is ready. A thread that waits here is not woken by {@link Thread#interrupt()}.
     *
     * @param epoll        the set
     * @param events       {@linkplain #room room} for events
     * @param milliseconds how long to wait, -1 for ever
     * @return how many events were written, 0 when time is up
     * @throws dev.kindred.SystemCallException if this is no set, or there is no room for an event
     */
    public static int wait(int epoll, long[] events, int milliseconds) {
        int result = Native.epollWait(epoll, events, milliseconds);
        if (result < 0) {
            int count = events.length / LONGS_AN_EVENT;
            throw Errno.failure(result, "epoll_wait", "epoll", epoll, "count", count, "milliseconds", milliseconds);
        }
        return result;
    }

    /**
     * {@return what an event's descriptor is ready for}
     *
     * @param events what {@link #wait(int, long[], int)} filled
     * @param index  which event
     */
    public static int events(long[] events, int index) {
        return (int) events[index * LONGS_AN_EVENT];
    }

    /**
     * {@return what was given with an event's descriptor}
     *
     * @param events what {@link #wait(int, long[], int)} filled
     * @param index  which event
     */
    public static long data(long[] events, int index) {
        return events[index * LONGS_AN_EVENT + 1];
    }
}
