// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.soak;

import java.io.Serializable;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.stream.IntStream;

import dev.kindred.memory.SharedMemory;

/**
 * What each thread has begun and what it has done, in shared memory: a killed one leaves behind what it had begun, by which its parent can tell
 * what the dead can have changed and what it must have. There is a row for each thread of each worker, which is that of its successors, too, and
 * in it an account for each exercise. Only one thread at a time writes to a row.
 *
 * @param memory    where the accounts are
 * @param rows      how many rows
 * @param exercises how many accounts in each
 */
record Ledger(SharedMemory memory, int rows, int exercises) implements Serializable, AutoCloseable {

    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    /** The entries of an account. What they count is for the exercise to say, but for the last two. */
    enum Entry {
        PUT_BEGUN,
        PUT_DONE,
        TAKE_BEGUN,
        TAKE_DONE,
        RECOVERED,
        BROKEN,
        ROUNDS,
        LONGEST_NANOSECONDS
    }

    private static final int ACCOUNT = Entry.values().length * Long.BYTES;

    static Ledger create(int rows, int exercises) {
        return new Ledger(SharedMemory.anonymous((long) rows * exercises * ACCOUNT), rows, exercises);
    }

    Account account(int row, int exercise) {
        return new Account(this, ((long) row * exercises + exercise) * ACCOUNT);
    }

    /** {@return the sum over all rows} */
    long sum(int exercise, Entry entry) {
        return IntStream.range(0, rows).mapToLong(row -> account(row, exercise).get(entry)).sum();
    }

    /** {@return the largest of all rows} */
    long max(int exercise, Entry entry) {
        return IntStream.range(0, rows).mapToLong(row -> account(row, exercise).get(entry)).max().orElse(0);
    }

    @Override
    public void close() {
        memory.close();
    }

    /** What one thread, and after its death its successor, does in one exercise. */
    record Account(Ledger ledger, long offset) {

        private long at(Entry entry) {
            return offset + (long) entry.ordinal() * Long.BYTES;
        }

        long get(Entry entry) {
            return (long) LONG.getVolatile(ledger.memory.segment(), at(entry));
        }

        void add(Entry entry, long delta) {
            LONG.setVolatile(ledger.memory.segment(), at(entry), get(entry) + delta);
        }

        /** Keeps the longest time that a call took. */
        void took(long nanoseconds) {
            if (nanoseconds > get(Entry.LONGEST_NANOSECONDS)) {
                LONG.setVolatile(ledger.memory.segment(), at(Entry.LONGEST_NANOSECONDS), nanoseconds);
            }
        }
    }
}
