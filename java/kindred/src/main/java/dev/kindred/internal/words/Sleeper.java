// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.words;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

import dev.kindred.internal.os.Errno;
import dev.kindred.internal.os.Futex;
import dev.kindred.internal.os.SegmentHandles;
import org.jspecify.annotations.Nullable;

/**
 * How a platform thread sleeps on words and still obeys {@link Thread#interrupt()} at once: that changes a word of the thread's own, on which its futex_waitv
 * waits, too.
 */
final class Sleeper extends InterruptSelector {

    private static final VarHandle INT = SegmentHandles.of(int.class);

    private static final ThreadLocal<@Nullable Sleeper> CURRENT = new ThreadLocal<>();

    private final MemorySegment interruptWord = Arena.ofAuto().allocate(Integer.BYTES, Integer.BYTES);

    /** For waits on more than three words, which few threads need. */
    private @Nullable MemorySegment vector;

    private Sleeper() {}

    /** {@return the calling platform thread's own} */
    static Sleeper current() {
        Sleeper sleeper = CURRENT.get();
        if (sleeper == null) {
            sleeper = new Sleeper();
            CURRENT.set(sleeper);
        }
        return sleeper;
    }

    /** Sleeps as {@link Words#await} describes. */
    int sleep(long object, int expected, long epochAddress, int epoch, long deadline, boolean interruptible) {
        if (!interruptible) {
            return outcome(Futex.wait(object, expected, epochAddress, epoch, 0, 0, deadline));
        }
        // Read before begin(): an interruption that begin() does not see changes the word after this reading.
        int before = (int) INT.getVolatile(interruptWord, 0L);
        int result;
        begin();
        try {
            result = Thread.currentThread().isInterrupted()
                    ? 0
                    : Futex.wait(object, expected, epochAddress, epoch, interruptWord.address(), before, deadline);
        } finally {
            end();
        }
        return Thread.interrupted() ? Words.INTERRUPTED : outcome(result);
    }

    /** Sleeps as {@link Words#awaitAny} describes. */
    int sleepAny(MappedWords words, WordSet set, int epoch, long deadline) {
        MemorySegment entries = vector();
        // Read before begin(), as above.
        Futex.setEntry(entries, 0, interruptWord.address(), (int) INT.getVolatile(interruptWord, 0L), false);
        Futex.setEntry(entries, 1, words.epochAddress(), epoch, true);
        for (int i = 0; i < set.size(); i++) {
            Futex.setEntry(entries, i + 2, words.address(set.offset(i)), set.expected(i), true);
        }
        int result;
        begin();
        try {
            result = Thread.currentThread().isInterrupted() ? 0 : Futex.waitMany(entries.address(), set.size() + 2, deadline);
        } finally {
            end();
        }
        return Thread.interrupted() ? Words.INTERRUPTED : outcome(result);
    }

    /** {@return what changes when this thread is interrupted or its {@link #wakeup()} is called} To be read before what is then waited for. */
    int bell() {
        return (int) INT.getVolatile(interruptWord, 0L);
    }

    /**
     * Sleeps while the bell is as it was and the words of a set hold what they held.
     *
     * @param bell what {@link #bell()} was
     */
    int sleepAny(WordWaits waits, int bell, long deadline) {
        MemorySegment entries = vector();
        Futex.setEntry(entries, 0, interruptWord.address(), bell, false);
        int count = waits.write(entries, 1);
        int result;
        begin();
        try {
            result = Thread.currentThread().isInterrupted() ? 0 : Futex.waitMany(entries.address(), count, deadline);
        } finally {
            end();
        }
        return Thread.interrupted() ? Words.INTERRUPTED : outcome(result);
    }

    private MemorySegment vector() {
        MemorySegment current = vector;
        if (current == null) {
            current = Arena.ofAuto().allocate((long) Futex.WAIT_MAX * Futex.ENTRY_SIZE, Futex.ENTRY_SIZE);
            vector = current;
        }
        return current;
    }

    private static int outcome(int result) {
        return result == -Errno.ETIMEDOUT ? Words.TIMED_OUT : Words.WOKEN;
    }

    @Override
    protected void endSleep() {
        int _ = (int) INT.getAndAdd(interruptWord, 0L, 1);
        Futex.wake(interruptWord.address(), 1, false);
    }
}
