// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.kindred.internal.words.Words;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What stands in line in one process while others do the same: as chance will have it, in many ways. */
class ThreadsOfOneProcessTest {

    private static final int SEEDS = Boolean.getBoolean("kindred.soak") ? 15_000 : 1_000;
    private static final long MUTEX = 64;
    private static final long OBJECT = 1024;
    private static final int FIRST = 1 << 12;
    private static final Liveness ALL_LIVE = new KnownDeaths(Set.of());

    @FunctionalInterface
    private interface Play {
        void arrange(ChanceWords words, int seed);
    }

    private static void playMany(Play play) throws Exception {
        for (int seed = 0; seed < SEEDS; seed++) {
            ChanceWords words = new ChanceWords(seed);
            play.arrange(words, seed);
            try {
                words.run();
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    /** What was interrupted in a play was one of its threads; but what is left of that is of this one. */
    @AfterEach
    void clearInterrupt() {
        boolean _ = Thread.interrupted();
    }

    private static final class Process {
        private final Mutex mutex;
        private final ConditionVariable condition;

        Process(Words words, int number) {
            mutex = new Mutex(words, MUTEX, FIRST + number, false, ALL_LIVE);
            condition = new ConditionVariable(words, OBJECT, FIRST + number, mutex, ALL_LIVE);
        }

        private void lock() {
            assertEquals(Mutex.ACQUIRED, mutex.acquire(Words.NO_DEADLINE, false));
        }

        private void unlock() {
            assertTrue(mutex.release());
        }
    }

    /** What a play counts; its threads run one at a time. */
    private static final class Counts {
        private int signals;
        private int signalled;
        private int done;
        private final List<Integer> order = new ArrayList<>();
    }

    private static String waitOnce(Process process, Counts counts, long deadline, boolean interruptible) {
        process.lock();
        int outcome = process.condition.await(deadline, interruptible);
        assertTrue(process.mutex.isHeldHere());
        if (outcome == ConditionVariable.SIGNALLED) {
            counts.signalled++;
        } else {
            assertTrue(outcome == ConditionVariable.TIMED_OUT || outcome == ConditionVariable.INTERRUPTED, "outcome " + outcome);
        }
        process.unlock();
        counts.done++;
        return "";
    }

    private static String signalUntilDone(Process process, Counts counts, int waiters, int most) {
        while (counts.done < waiters) {
            process.lock();
            int give = Math.min(process.condition.waiting(), most);
            process.condition.signal(give);
            counts.signals += give;
            process.unlock();
        }
        return "";
    }

    @Test
    void asManyAreSignalledAsSignalsAreGiven() throws Exception {
        playMany((words, seed) -> {
            Counts counts = new Counts();
            Process one = new Process(words, 0);
            Process other = new Process(words, 1);
            int waiters = 5;
            for (int i = 0; i < waiters; i++) {
                Process process = i < 3 ? one : other;
                long deadline = i % 2 == 0 ? 1 : Words.NO_DEADLINE;
                boolean interruptible = i % 3 == 0;
                words.thread("waiter " + i, () -> waitOnce(process, counts, deadline, interruptible));
            }
            words.thread("signaller", () -> {
                signalUntilDone(seed % 2 == 0 ? one : other, counts, waiters, 1 + seed % 3);
                assertEquals(counts.signals, counts.signalled);
                assertEquals(0, one.condition.waiting());
                return "";
            });
        });
    }

    @Test
    void whoWaitedLongestIsSignalledFirst() throws Exception {
        playMany((words, seed) -> {
            Counts counts = new Counts();
            Process process = new Process(words, 0);
            List<Integer> came = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                int number = i;
                words.thread("waiter " + i, () -> {
                    process.lock();
                    came.add(number);
                    assertEquals(ConditionVariable.SIGNALLED, process.condition.await(Words.NO_DEADLINE, false));
                    counts.order.add(number);
                    process.unlock();
                    counts.done++;
                    return "";
                });
            }
            words.thread("signaller", () -> {
                signalUntilDone(process, counts, 4, 1 + seed % 3);
                assertEquals(came, counts.order);
                return "";
            });
        });
    }

    @Test
    void whoeverFindsTheTableFullIsReleasedByAnySignal() throws Exception {
        for (int seed = 0; seed < 30; seed++) {
            ChanceWords words = new ChanceWords(seed);
            Counts counts = new Counts();
            int waiters = ConditionLayout.NODE_COUNT + 5;
            for (int i = 0; i < waiters; i++) {
                Process process = new Process(words, i);
                words.thread("waiter " + i, () -> waitOnce(process, counts, Words.NO_DEADLINE, false));
            }
            Process signaller = new Process(words, waiters);
            boolean all = seed % 2 == 0;
            words.thread("signaller", () -> {
                while (counts.done < waiters) {
                    signaller.lock();
                    signaller.condition.signal(all ? Integer.MAX_VALUE : 1);
                    signaller.unlock();
                }
                return "";
            });
            words.run();
            assertEquals(waiters, counts.signalled);
        }
    }

    @Test
    void theDeathOfAnotherReleasesAll() throws Exception {
        playMany((words, seed) -> {
            Process process = new Process(words, 0);
            for (int i = 0; i < 3; i++) {
                words.thread("waiter " + i, () -> {
                    process.lock();
                    // In a play everybody comes before the death is noticed: who comes later has nothing to wait for.
                    int outcome = words.epoch() == 0 ? process.condition.await(Words.NO_DEADLINE, false) : ConditionVariable.DEATH;
                    assertEquals(ConditionVariable.DEATH, outcome);
                    process.unlock();
                    return "";
                });
            }
            words.thread("recoverer", () -> {
                process.lock();
                words.advanceEpoch();
                words.wakeEpoch();
                process.unlock();
                return "";
            });
        });
    }

    @Test
    void everySettingOfAnEventReleasesAllWhoWaited() throws Exception {
        playMany((words, seed) -> {
            EventFlag event = new EventFlag(words, OBJECT);
            Counts counts = new Counts();
            for (int i = 0; i < 4; i++) {
                long deadline = i == 0 ? 1 : Words.NO_DEADLINE;
                boolean interruptible = i == 1;
                words.thread("waiter " + i, () -> {
                    for (int round = 0; round < 2; round++) {
                        int _ = event.await(deadline, interruptible);
                    }
                    counts.done++;
                    return "";
                });
            }
            words.thread("setter", () -> {
                while (counts.done < 4) {
                    event.set();
                    event.clear();
                }
                return "";
            });
        });
    }

    /** A single setting, taken back at once, which all must have learnt of that were counted as waiting before. */
    @Test
    void whoWasAsleepWhenAnEventWasSetIsReleased() throws Exception {
        playMany((words, seed) -> {
            EventFlag event = new EventFlag(words, OBJECT);
            words.thread("waiter 0", () -> event.await(Words.NO_DEADLINE, false));
            words.thread("waiter 1", () -> event.await(Words.NO_DEADLINE, false));
            words.thread("waiter 2", () -> event.await(1, true));
            words.thread("setter", () -> {
                event.set();
                if (seed % 2 == 0) {
                    event.set();
                }
                return "";
            });
        });
    }

    @Test
    void partiesOfOneProcessGoInStep() throws Exception {
        playMany((words, seed) -> {
            words.withoutInterrupts();
            BarrierRounds.initialize(words, OBJECT, 3);
            BarrierRounds one = new BarrierRounds(words, OBJECT, FIRST, ALL_LIVE);
            BarrierRounds other = new BarrierRounds(words, OBJECT, FIRST + 1, ALL_LIVE);
            int rounds = 3;
            int[] came = new int[rounds];
            for (int i = 0; i < 3; i++) {
                BarrierRounds barrier = i < 2 ? one : other;
                words.thread("party " + i, () -> {
                    for (int round = 0; round < rounds; round++) {
                        came[round]++;
                        int index = barrier.await(Words.NO_DEADLINE, null);
                        assertTrue(index >= 0 && index < 3, "index " + index);
                        assertEquals(3, came[round]);
                    }
                    return "";
                });
            }
        });
    }

    /** More threads than parties, in one line although they are of different rounds. */
    @Test
    void whoComesForALaterRoundBarsNobodysWay() throws Exception {
        playMany((words, seed) -> {
            words.withoutInterrupts();
            BarrierRounds.initialize(words, OBJECT, 2);
            BarrierRounds barrier = new BarrierRounds(words, OBJECT, FIRST, ALL_LIVE);
            int[] left = {8};
            for (int i = 0; i < 3; i++) {
                words.thread("party " + i, () -> {
                    while (left[0] > 0) {
                        left[0]--;
                        int index = barrier.await(Words.NO_DEADLINE, () -> assertFalse(barrier.isBroken()));
                        assertTrue(index == 0 || index == 1, "index " + index);
                    }
                    return "";
                });
            }
        });
    }

    @Test
    void whoGivesUpBreaksTheRoundForAllOrForNobody() throws Exception {
        playMany((words, seed) -> {
            BarrierRounds.initialize(words, OBJECT, 3);
            BarrierRounds barrier = new BarrierRounds(words, OBJECT, FIRST, ALL_LIVE);
            List<Integer> outcomes = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                long deadline = i == 0 ? 1 : Words.NO_DEADLINE;
                words.thread("party " + i, () -> {
                    outcomes.add(barrier.await(deadline, null));
                    if (outcomes.size() == 3) {
                        outcomes.sort(null);
                        assertTrue(outcomes.equals(List.of(0, 1, 2)) || outcomes.getLast() < 0, outcomes.toString());
                    }
                    return "";
                });
            }
        });
    }

    /** That the plays find what is to be found: with a gate instead of a line, a later round bars the way of an earlier one. */
    @Test
    void aGateWouldNotDo() {
        AssertionError found = assertThrows(AssertionError.class, () -> playMany((words, seed) -> {
            BarrierRounds.initialize(words, OBJECT, 3);
            GatedBarrier barrier = new GatedBarrier(words);
            for (int i = 0; i < 3; i++) {
                words.thread("party " + i, () -> {
                    barrier.await();
                    barrier.await();
                    return "";
                });
            }
        }));
        assertTrue(found.getMessage().contains("all wait"), found.getMessage());
    }

    /** A barrier for three whose threads wait for the next round at a gate. */
    private static final class GatedBarrier extends WaitQueue {
        private final Words words;
        private int round;

        GatedBarrier(Words words) {
            super(words, OBJECT + BarrierLayout.WORD);
            this.words = words;
        }

        void await() {
            while (true) {
                long state = words.getLongVolatile(OBJECT);
                boolean last = BarrierLayout.arrived(state) == 2;
                if (words.compareAndSetLong(OBJECT, state, last ? BarrierLayout.next(state, false) : BarrierLayout.withOneMore(state))) {
                    if (last) {
                        words.wake(OBJECT + BarrierLayout.WORD, Integer.MAX_VALUE);
                    } else {
                        int _ = await(Words.NO_DEADLINE, false, BarrierLayout.round(BarrierLayout.word(state)));
                    }
                    return;
                }
            }
        }

        @Override
        void begin(int argument) {
            round = argument;
        }

        @Override
        int attempt(int word) {
            return BarrierLayout.round(word) == round ? WAIT : 0;
        }

        @Override
        int announce(int word) {
            return word | BarrierLayout.WAITERS;
        }
    }
}
