// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

import dev.kindred.memory.CType;
import dev.kindred.memory.Guarded;
import dev.kindred.memory.RawValue;
import dev.kindred.memory.Value;
import dev.kindred.process.ChildProcess;
import dev.kindred.sync.Lock;
import dev.kindred.sync.RLock;
import dev.kindred.tests.support.Soak;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** CPython's group Value, and what its values cannot do: atomic steps, and a lock that survives its holder. */
final class ValueConformanceTest {

    /** Numbers of all types before, and what a child makes of them. */
    @Test
    void childrenChangeValuesOfAllTypes() throws InterruptedException {
        List<Value> values = Stream.of(CType.values()).map(Value::of).toList();
        checkThatAChildChanges(values);
    }

    @Test
    void childrenChangeRawValuesOfAllTypes() throws InterruptedException {
        checkThatAChildChanges(Stream.of(CType.values()).map(RawValue::of).toList());
    }

    private static void checkThatAChildChanges(List<? extends RawValue> values) throws InterruptedException {
        RawValue[] shared = values.toArray(new RawValue[0]);
        for (RawValue value : shared) {
            store(value, 7);
        }
        Children.run(() -> {
            for (RawValue value : shared) {
                assertEquals(7, load(value));
                store(value, load(value) * 5 + 1);
            }
        });
        for (RawValue value : shared) {
            assertEquals(36, load(value), value::toString);
        }
    }

    @Test
    void aChildGetsTheLockWithTheValue() throws InterruptedException {
        Value own = Value.ofInt(5);
        Lock given = new Lock();
        Value first = RawValue.ofInt(1).guardedBy(given);
        Value second = RawValue.ofInt(2).guardedBy(given);
        RawValue raw = own.raw();
        assertInstanceOf(RLock.class, own.getLock());
        assertFalse(raw instanceof Guarded);
        assertThrows(IllegalArgumentException.class, () -> raw.guardedBy(new ReentrantLock()));
        given.lock();
        own.lock();
        try {
            Children.run(() -> {
                assertFalse(own.getLock().tryLock());
                assertFalse(first.getLock().tryLock());
                assertTrue(first.getLock() == second.getLock(), "one lock for both, here too");
                assertEquals(5, raw.getInt());
                assertFalse(raw instanceof Guarded);
            });
        } finally {
            own.unlock();
            given.unlock();
        }
        Children.run(() -> assertEquals(6, own.updateInt(number -> number + 1)));
        assertEquals(6, raw.getInt());
    }

    @Test
    void additionsAndUpdatesOfSeveralProcessesAllCount() throws InterruptedException {
        RawValue added = RawValue.ofLong(0);
        RawValue small = RawValue.of(CType.UNSIGNED_SHORT);
        Value updated = Value.ofDouble(0);
        Children.run(3, () -> {
            for (int turn = 0; turn < 5_000; turn++) {
                added.getAndAdd(2);
                small.getAndAdd(1);
                updated.updateDouble(number -> number + 0.5);
            }
        });
        assertEquals(30_000, added.getLong());
        assertEquals(15_000, small.getInt());
        assertEquals(7_500, updated.getDouble());
    }

    /**
     * An addition that leaves the range is refused before anybody sees it, not taken back afterwards: whoever adds may
     * be killed in between.
     */
    @ParameterizedTest
    @EnumSource(names = {"INT", "LONG"})
    void nobodySeesASumThatIsOutOfRange(CType type) throws InterruptedException {
        RawValue value = RawValue.of(type);
        long largest = type == CType.INT ? Integer.MAX_VALUE : Long.MAX_VALUE;
        value.setLong(largest);
        RawValue refused = RawValue.ofLong(0);
        // Fast, and without traces of exceptions, so that much of the adder's time is spent adding.
        String[] options = {"-XX:TieredStopAtLevel=4", "-XX:-StackTraceInThrowable"};
        try (ChildProcess adder = Children.small().jvmOptions(options).start(() -> {
            while (true) {
                try {
                    value.getAndAdd(1);
                } catch (ArithmeticException full) {
                    refused.setLong(refused.getLong() + 1);
                }
            }
        })) {
            while (refused.getLong() < Soak.Rounds.of(1_000_000, 20_000_000)) {
                for (int look = 0; look < 1_000; look++) {
                    assertEquals(largest, value.getLong());
                }
                assertTrue(adder.isAlive(), "the adder has ended");
            }
            adder.kill();
            adder.join();
        }
        assertEquals(largest, value.getLong());
    }

    /**
     * A message through one value: who sees the number sees what was written before it, and no look is optimised away.
     */
    @Test
    void numbersAreSeenWhileOthersWait() throws InterruptedException {
        Value asked = Value.ofInt(0);
        Value answered = Value.ofInt(0);
        RawValue payload = RawValue.ofDouble(0);
        Thread answerer = Thread.ofPlatform().start(() -> {
            for (int turn = 1; turn <= 2_000; turn++) {
                while (asked.getInt() != turn) {
                    Thread.onSpinWait();
                }
                payload.setDouble(payload.getDouble() * -2);
                answered.setInt(turn);
            }
        });
        Children.run(() -> {
            for (int turn = 1; turn <= 2_000; turn++) {
                payload.setDouble(turn);
                asked.setInt(turn);
                while (answered.getInt() != turn) {
                    Thread.onSpinWait();
                }
                assertEquals(-2.0 * turn, payload.getDouble());
            }
        });
        answerer.join();
    }

    /** The lock of a value goes from a dead holder to the next who asks. */
    @Test
    void aHolderThatIsKilledLeavesTheValueUsable() throws InterruptedException {
        Value value = Value.ofInt(0);
        Value held = Value.ofInt(0);
        try (ChildProcess child = Children.small().start(() -> {
            value.lock();
            value.setInt(1);
            held.setInt(1);
            Thread.sleep(Long.MAX_VALUE);
        })) {
            while (held.getInt() == 0) {
                Thread.onSpinWait();
            }
            assertFalse(value.getLock().tryLock());
            child.kill();
            assertEquals(2, value.updateInt(number -> number + 1));
            child.join();
        }
    }

    private static double load(RawValue value) {
        return value.type().isInteger() ? value.getLong() : value.getDouble();
    }

    private static void store(RawValue value, double number) {
        if (value.type().isInteger()) {
            value.setLong((long) number);
        } else {
            value.setDouble(number);
        }
    }
}
