// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.os;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * Sleeps on words of memory and wakes who sleeps there.
 *
 * <p>A result is a hint: whoever wakes looks at the words again, whatever it was told. Nothing here allocates. A thread that sleeps is not
 * woken by {@link Thread#interrupt()}; its interrupt word is for that.
 */
public final class Futex {

    /** The most words that one wait takes. */
    public static final int WAIT_MAX = 128;

    /** The length in bytes of an entry of {@link #waitMany}. */
    public static final int ENTRY_SIZE = 16;

    /** The kernel's mark in a word of {@link #markAtThreadEnd}: somebody is to be woken. */
    public static final int FUTEX_WAITERS = 1 << 31;

    /** The kernel's mark in a word of {@link #markAtThreadEnd}: the thread has ended. */
    public static final int FUTEX_OWNER_DIED = 1 << 30;

    /** How many bytes {@link #markAtThreadEnd} needs. */
    public static final int MARK_SIZE = 32;

    private static final VarHandle INT = SegmentHandles.of(int.class);
    private static final VarHandle LONG = SegmentHandles.of(long.class);

    private Futex() {}

    /**
     * Wakes who waits on a word.
     *
     * @param address the word
     * @param count   how many at most
     * @param shared  whether they waited on it as on a word that processes share
     * @return how many were woken
     * @throws dev.kindred.SystemCallException if there is no such memory
     */
    public static int wake(long address, int count, boolean shared) {
        int result = Native.futexWake(address, count, shared);
        if (result < 0) {
            throw Errno.failure(
                    result, "futex", "operation", "FUTEX_WAKE", "address", "0x" + Long.toHexString(address), "count", count);
        }
        return result;
    }

    /**
     * Sleeps while three words hold what is expected of them.
     *
     * @param object         address of a word that processes share
     * @param objectValue    what it is to hold
     * @param epoch          address of another one
     * @param epochValue     what that is to hold
     * @param interrupt      address of a word of this process alone, 0 for none
     * @param interruptValue what it is to hold
     * @param deadline       when to give up: {@link System#nanoTime()}, or {@link Long#MAX_VALUE} for never
     * @return the index of a word that was woken (0 the object, 1 the epoch, 2 the interrupt word), {@code -Errno.EAGAIN} if a word held
     *         something else, {@code -Errno.ETIMEDOUT} at the deadline, {@code -Errno.EINTR} after a signal
     * @throws dev.kindred.SystemCallException if there is no such memory
     */
    public static int wait(
            long object, int objectValue, long epoch, int epochValue, long interrupt, int interruptValue, long deadline) {
        int result = Native.futexWait(object, objectValue, epoch, epochValue, interrupt, interruptValue, deadline);
        return isExpected(result) ? result : fail(result, 3);
    }

    /**
     * Sleeps while many words hold what is expected of them.
     *
     * @param vector   address of entries of {@value #ENTRY_SIZE} bytes: the word's address (long), what it is to hold (int), 1 for a word
     *                 that processes share and 0 for one of this process alone (int)
     * @param count    how many there are, 1 to {@value #WAIT_MAX}
     * @param deadline when to give up: {@link System#nanoTime()}, or {@link Long#MAX_VALUE} for never
     * @return the index of a word that was woken, or as {@link #wait(long, int, long, int, long, int, long)} does
     * @throws dev.kindred.SystemCallException if there is no such memory, or the count is out of range
     */
    public static int waitMany(long vector, int count, long deadline) {
        int result = Native.futexWaitMany(vector, count, deadline);
        return isExpected(result) ? result : fail(result, count);
    }

    /**
     * Writes an entry of {@link #waitMany}.
     *
     * @param vector   the entries
     * @param index    which one
     * @param address  of the word
     * @param expected what it is to hold
     * @param shared   whether processes share it
     */
    public static void setEntry(MemorySegment vector, int index, long address, int expected, boolean shared) {
        long entry = (long) index * ENTRY_SIZE;
        LONG.set(vector, entry, address);
        INT.set(vector, entry + 8, expected);
        INT.set(vector, entry + 12, shared ? 1 : 0);
    }

    /**
     * Makes the kernel mark a word when the calling platform thread ends, however it ends, and before its process's memory is freed: if the word
     * holds the thread's number and {@link #FUTEX_WAITERS} then, {@link #FUTEX_OWNER_DIED} takes the number's place, and one who waits is woken.
     * A thread has one such word.
     *
     * @param address the word, which processes share
     * @param memory  {@value #MARK_SIZE} bytes, aligned to 8, that stay in place as long as the thread lives
     * @return whether the kernel will do so; a container's profile may not let it
     */
    public static boolean markAtThreadEnd(long address, long memory) {
        return Native.markAtThreadEnd(address, memory) >= 0;
    }

    private static boolean isExpected(int result) {
        return result >= 0 || result == -Errno.EAGAIN || result == -Errno.ETIMEDOUT || result == -Errno.EINTR;
    }

    private static int fail(int result, int count) {
        throw Errno.failure(result, "futex_waitv", "count", count);
    }
}
