// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.ring;

import java.util.List;

/**
 * Elements that are bytes, of any number of processes. One who takes finds elements first, which others cannot take then, and keeps the lock of those who
 * take until it says what becomes of them.
 */
public interface ElementStore {

    /**
     * Puts an element.
     *
     * @param bytes    hold it
     * @param from     where in them it begins
     * @param length   how many bytes it has
     * @param deadline as for {@link Ring#beginPut}
     * @return {@link Ring#DONE} or why not: {@link Ring#TIMED_OUT}, {@link Ring#INTERRUPTED}, {@link Ring#SHUT_DOWN}
     * @throws dev.kindred.OutOfSharedMemoryException if it is a large one for which there is no shared memory; nothing was put
     */
    int put(byte[] bytes, int from, int length, long deadline, boolean interruptible);

    /**
     * Waits for an element and keeps it.
     *
     * @param deadline as for {@link Ring#beginTake}
     * @return as {@link Ring#beginTake}
     */
    int find(long deadline, boolean interruptible);

    /**
     * Takes the element that was found.
     *
     * @return a copy
     * @throws OutOfMemoryError if there is no room for it; it is left then
     */
    byte[] takeFound();

    /**
     * Takes the element that was found and those behind it which can be taken with it.
     *
     * @param most   how many at most
     * @param copies gets a copy of each
     * @throws OutOfMemoryError if there is no room for the first; it is left then
     */
    void takeFound(int most, List<byte[]> copies);

    /**
     * Leaves the element that was found.
     *
     * @return a copy
     * @throws OutOfMemoryError if there is no room for it
     */
    byte[] peekAtFound();

    /**
     * Leaves the element that was found and all behind it.
     *
     * @param copies gets a copy of each
     * @throws OutOfMemoryError if there is no room for them
     */
    void peekAtAll(List<byte[]> copies);

    /** {@return the ring} */
    Ring ring();
}
