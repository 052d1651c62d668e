// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.explorer;

import java.util.List;
import java.util.function.Predicate;

import dev.kindred.internal.words.Words;

/** What an actor asks of the world and cannot answer for itself. Its answer is a long. */
sealed interface Operation {

    /** One that is done at once and in one way, whatever the other actors are doing. */
    sealed interface Access extends Operation {

        /** Does it. {@return its answer} */
        long perform(Memory memory);

        /** Where it touches the shared memory, or where else what it changes is kept. */
        long offset();

        /** How many bytes it touches there. */
        default long length() {
            return Long.BYTES;
        }

        /** Whether it leaves everything as it was. */
        default boolean isRead() {
            return false;
        }

        /** Whether it touches what can be a hole. */
        default boolean needsPages() {
            return false;
        }
    }

    /** Reads an int or a long. */
    record Load(long offset, long length) implements Access {
        @Override
        public long perform(Memory memory) {
            return load(memory, offset, length);
        }

        @Override
        public boolean isRead() {
            return true;
        }

        @Override
        public boolean needsPages() {
            return true;
        }
    }

    /** Writes an int or a long. */
    record Store(long offset, long length, long value) implements Access {
        @Override
        public long perform(Memory memory) {
            store(memory, offset, length, value);
            return 0;
        }

        @Override
        public boolean needsPages() {
            return true;
        }
    }

    /** Answers 1 if it has stored. */
    record CompareAndSet(long offset, long length, long expected, long value) implements Access {
        @Override
        public long perform(Memory memory) {
            if (load(memory, offset, length) != expected) {
                return 0;
            }
            store(memory, offset, length, value);
            return 1;
        }

        @Override
        public boolean needsPages() {
            return true;
        }
    }

    /** Answers with what was there before. */
    record Add(long offset, long length, long delta) implements Access {
        @Override
        public long perform(Memory memory) {
            long before = load(memory, offset, length);
            store(memory, offset, length, before + delta);
            return before;
        }

        @Override
        public boolean needsPages() {
            return true;
        }
    }

    /** Sets bytes to zero. */
    record Zero(long offset, long length) implements Access {
        @Override
        public long perform(Memory memory) {
            memory.zero(offset, length);
            return 0;
        }

        @Override
        public boolean needsPages() {
            return true;
        }
    }

    /** Makes bytes touchable. */
    record Reserve(long offset, long length) implements Access {
        @Override
        public long perform(Memory memory) {
            memory.reserve(offset, length);
            return 0;
        }
    }

    /** Makes pages a hole. */
    record Punch(long offset, long length) implements Access {
        @Override
        public long perform(Memory memory) {
            memory.punch(offset, length);
            return 0;
        }
    }

    /** Takes a lock of the kernel's, which ends with its process. Answers 1 if it was free. */
    record TryLock(long key, long process) implements Access {
        @Override
        public long perform(Memory memory) {
            if (memory.getLong(offset()) != 0) {
                return 0;
            }
            memory.setLong(offset(), process + 1);
            return 1;
        }

        @Override
        public long offset() {
            return Places.lock(key);
        }
    }

    /** Lets go of a lock of the kernel's. */
    record Unlock(long key) implements Access {
        @Override
        public long perform(Memory memory) {
            memory.setLong(offset(), 0);
            return 0;
        }

        @Override
        public long offset() {
            return Places.lock(key);
        }
    }

    /** Answers 1 if some process holds a lock of the kernel's. */
    record IsLocked(long key) implements Access {
        @Override
        public long perform(Memory memory) {
            return memory.getLong(offset()) == 0 ? 0 : 1;
        }

        @Override
        public long offset() {
            return Places.lock(key);
        }

        @Override
        public boolean isRead() {
            return true;
        }
    }

    /** Reads or changes what a scenario records. It happens together with the operation before it, of which it is to tell. */
    record Record(String name, long offset, boolean adds, long value) implements Access {
        @Override
        public long perform(Memory memory) {
            memory.setLong(offset, adds ? memory.getLong(offset) + value : value);
            return memory.getLong(offset);
        }

        @Override
        public boolean isRead() {
            return adds && value == 0;
        }
    }

    /** Sleeps as {@link Words#await} and {@link Words#awaitAny} say. */
    record Await(List<Long> offsets, List<Integer> expected, int epoch, long deadline, boolean interruptible) implements Operation {

        /** {@return whether all words hold what is expected} */
        boolean isAsExpected(Memory memory) {
            for (int i = 0; i < offsets.size(); i++) {
                if (memory.getInt(offsets.get(i)) != expected.get(i)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Wakes sleepers as {@link Words#wake} says. */
    record Wake(long offset, int count) implements Operation {}

    /** Wakes sleepers as {@link Words#wakeEpoch} says. */
    record WakeAll() implements Operation {}

    /** Asks for the time. */
    record Now() implements Operation {}

    /** Enters a gate, answers as {@link dev.kindred.internal.words.Gate#enter} does. */
    record EnterGate(long gate, long deadline, boolean interruptible) implements Operation {}

    /** Leaves a gate. */
    record LeaveGate(long gate) implements Operation {}

    /** Waits until a condition holds. */
    record Until(String what, Predicate<World> condition) implements Operation {
        @Override
        public boolean equals(Object other) {
            // The condition is a function of where the actor stands, which is compared beside its operation.
            return other instanceof Until until && until.what.equals(what);
        }

        @Override
        public int hashCode() {
            return what.hashCode();
        }
    }

    /**
     * Waits until there is more news of deaths than that: that a process was killed, that the kernel has ended its locks. Answers how much
     * there is.
     */
    record AwaitDeath(int seen) implements Operation {}

    /** Answers 1 if a process was killed. */
    record HasEnded(int process) implements Operation {}

    /** Does nothing, where others may come in between. */
    record Pause(String what) implements Operation {}

    /** Has nothing left to do. */
    record Finish() implements Operation {}

    /** Has found that something is wrong. */
    record Fail(Throwable cause) implements Operation {}

    private static long load(Memory memory, long offset, long length) {
        return length == Integer.BYTES ? memory.getInt(offset) : memory.getLong(offset);
    }

    private static void store(Memory memory, long offset, long length, long value) {
        if (length == Integer.BYTES) {
            memory.setInt(offset, (int) value);
        } else {
            memory.setLong(offset, value);
        }
    }
}
