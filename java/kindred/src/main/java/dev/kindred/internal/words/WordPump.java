// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.words;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

import dev.kindred.internal.os.Futex;

/** One platform thread that sleeps in the kernel for up to {@value #CAPACITY} virtual threads. */
final class WordPump implements Runnable {

    /** What futex_waitv takes, less the pump's own word and the death epoch. */
    static final int CAPACITY = 125;

    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle().withInvokeExactBehavior();
    private static final long IDLE_NANOSECONDS = 10_000_000_000L;

    private final MappedWords domain;
    private final WordPumps owner;
    private final List<WordWaiter> waiters = new ArrayList<>();
    private final MemorySegment changes = Arena.ofAuto().allocate(ValueLayout.JAVA_INT);
    private final MemorySegment vector = Arena.ofAuto().allocate((CAPACITY + 2L) * Futex.ENTRY_SIZE, Futex.ENTRY_SIZE);

    WordPump(MappedWords domain, WordPumps owner) {
        this.domain = domain;
        this.owner = owner;
    }

    /** {@return whether there was room for one more} */
    synchronized boolean add(WordWaiter waiter) {
        if (waiters.size() == CAPACITY) {
            return false;
        }
        waiters.add(waiter);
        bump();
        return true;
    }

    synchronized boolean isEmpty() {
        return waiters.isEmpty();
    }

    /** Makes the pump look at its waiters again. */
    void bump() {
        int _ = (int) INT.getAndAdd(changes, 0L, 1);
        Futex.wake(changes.address(), 1, false);
    }

    @Override
    public void run() {
        while (true) {
            // Read before the waiters: one that is added after this reading has changed the word.
            int seen = (int) INT.getVolatile(changes, 0L);
            int epoch = domain.epoch();
            int count = collect(seen, epoch);
            long deadline = count == 0 ? System.nanoTime() + IDLE_NANOSECONDS : Words.NO_DEADLINE;
            Futex.waitMany(vector.address(), count + 2, deadline);
            if (count == 0 && (int) INT.getVolatile(changes, 0L) == seen && owner.retire(this)) {
                return;
            }
        }
    }

    /** Wakes and forgets those who need not wait any more; writes the others into the vector. */
    private synchronized int collect(int seen, int epoch) {
        Futex.setEntry(vector, 0, changes.address(), seen, false);
        Futex.setEntry(vector, 1, domain.epochAddress(), epoch, true);
        int count = 0;
        for (Iterator<WordWaiter> each = waiters.iterator(); each.hasNext();) {
            WordWaiter waiter = each.next();
            if (isOver(waiter, epoch)) {
                each.remove();
            } else {
                Futex.setEntry(vector, count++ + 2, waiter.words.address(waiter.offset), waiter.expected, true);
            }
        }
        return count;
    }

    private boolean isOver(WordWaiter waiter, int epoch) {
        boolean changed = waiter.words.getVolatile(waiter.offset) != waiter.expected;
        if (!waiter.isCancelled() && !changed && waiter.epoch == epoch) {
            return false;
        }
        if (!waiter.wake()) {
            // A wake-up that the kernel gave this thread for one who has left belongs to another sleeper, perhaps in another process.
            waiter.words.wake(waiter.offset, 1);
        }
        return true;
    }
}
