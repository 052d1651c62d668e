// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

import dev.kindred.internal.words.SimulatedWords;
import dev.kindred.internal.words.SimulatedWords.Killed;
import org.junit.jupiter.api.Test;

/** The table of a condition, whose users are killed at every step. */
class ConditionTableTest {

    private static final long OFFSET = 1024;
    private static final int FIRST = 1 << 12;
    private static final int WAITING = 4;

    private final Set<Integer> dead = new HashSet<>();

    private ConditionTable table(SimulatedWords words, int process) {
        return new ConditionTable(words, OFFSET, FIRST + process, new KnownDeaths(dead));
    }

    private static SimulatedWords words() {
        SimulatedWords words = new SimulatedWords(0);
        words.reserve(0, 4096);
        return words;
    }

    /** A process with waiters: its table, its node, and what its grants were before. */
    private record Process(ConditionTable table, int node, int before) {

        static Process begin(ConditionTable table, int waiting) {
            int node = table.take();
            int before = table.grants(node);
            table.setWaiting(node, waiting);
            return new Process(table, node, before);
        }

        int granted() {
            return (table.grants(node) - before) / ConditionLayout.ONE;
        }
    }

    private static int granted(List<Process> processes) {
        return processes.stream().mapToInt(Process::granted).sum();
    }

    /** Three processes with 1, 1 and 2 waiters, and a dead one with 3. */
    private List<Process> populate(SimulatedWords words) {
        dead.clear();
        List<Process> processes = new ArrayList<>();
        processes.add(Process.begin(table(words, 0), 1));
        Process lost = Process.begin(table(words, 1), 3);
        assertNotEquals(ConditionLayout.OVERFLOW, lost.node());
        processes.add(Process.begin(table(words, 2), 1));
        processes.add(Process.begin(table(words, 3), 2));
        dead.add(FIRST + 1);
        return processes;
    }

    @Test
    void signalsGoToTheLivingInTurn() {
        SimulatedWords words = words();
        List<Process> processes = populate(words);
        ConditionTable signaller = table(words, 9);
        assertEquals(WAITING, signaller.waiting());
        for (int i = 1; i <= WAITING; i++) {
            signaller.signal(1);
            assertEquals(i, granted(processes));
            assertEquals(WAITING - i, signaller.waiting());
            if (i == 3) {
                assertEquals(List.of(1, 1, 1), processes.stream().map(Process::granted).toList());
            }
        }
        signaller.signal(1);
        assertEquals(WAITING, granted(processes));
    }

    @Test
    void asManyAreReleasedAsAreAskedForOrAsWait() {
        for (int count : new int[] {0, 1, 2, 3, 4, 5, Integer.MAX_VALUE}) {
            SimulatedWords words = words();
            List<Process> processes = populate(words);
            table(words, 9).signal(count);
            assertEquals(Math.min(count, WAITING), granted(processes));
        }
        SimulatedWords words = words();
        List<Process> processes = populate(words);
        table(words, 9).signalAll();
        assertEquals(WAITING, granted(processes));
        assertEquals(0, table(words, 9).waiting());
    }

    @Test
    void countsPassTheirLimit() {
        SimulatedWords words = words();
        Process process = Process.begin(table(words, 0), 1);
        words.setPlain(OFFSET + ConditionLayout.grants(process.node()), Integer.MAX_VALUE - 1);
        for (int i = 0; i < 3; i++) {
            process.table().setWaiting(process.node(), 2);
            assertEquals(2, process.table().waiting());
            process.table().signal(1);
            assertEquals(1, process.table().waiting());
        }
        words.setPlain(OFFSET + ConditionLayout.grants(process.node()), -2);
        process.table().setWaiting(process.node(), 3);
        process.table().signalAll();
        assertEquals(4, words.getPlain(OFFSET + ConditionLayout.grants(process.node())));
        assertEquals(0, process.table().waiting());
    }

    /** Lets a process die at each step of what it does; {@code check} sees what it left. */
    private void killAtEveryStep(Consumer<ConditionTable> action, Check check) {
        for (int step = 0; ; step++) {
            SimulatedWords words = words();
            List<Process> processes = populate(words);
            words.killAt(step);
            boolean killed = false;
            try {
                action.accept(table(words, 5));
            } catch (Killed e) {
                killed = true;
            }
            words.nextActor();
            if (!killed) {
                assertTrue(step > 0);
                return;
            }
            dead.add(FIRST + 5);
            check.left(words, processes);
        }
    }

    private interface Check {
        void left(SimulatedWords words, List<Process> processes);
    }

    @Test
    void aSignalOfWhoeverDiedIsGivenOrNot() {
        killAtEveryStep(table -> table.signal(2), (words, processes) -> {
            int given = granted(processes);
            assertTrue(given >= 0 && given <= 2);
            assertEquals(WAITING - given, table(words, 6).waiting());
            table(words, 6).signal(1);
            assertEquals(given + 1, granted(processes));
            table(words, 6).signalAll();
            assertEquals(WAITING, granted(processes));
        });
        killAtEveryStep(ConditionTable::signalAll, (words, processes) -> {
            assertEquals(WAITING - granted(processes), table(words, 6).waiting());
            table(words, 6).signalAll();
            assertEquals(WAITING, granted(processes));
        });
    }

    @Test
    void aNodeOfWhoeverDiedIsTakenByTheNext() {
        Consumer<ConditionTable> comeAndGo = table -> {
            int node = table.take();
            table.setWaiting(node, 1);
            table.setWaiting(node, 2);
            table.setWaiting(node, 0);
            table.free(node);
        };
        killAtEveryStep(comeAndGo, (words, processes) -> {
            assertEquals(WAITING, table(words, 6).waiting());
            Set<Integer> nodes = new HashSet<>();
            processes.forEach(process -> nodes.add(process.node()));
            // All but those of the living are to be had.
            for (int i = 0; i < ConditionLayout.NODE_COUNT - processes.size(); i++) {
                assertTrue(nodes.add(table(words, 10 + i).take()));
            }
            assertTrue(!nodes.contains(ConditionLayout.OVERFLOW));
            assertEquals(ConditionLayout.OVERFLOW, table(words, 100).take());
            assertEquals(WAITING, table(words, 6).waiting());
        });
    }

    @Test
    void whoFindsNoNodeIsReleasedByEverySignal() {
        SimulatedWords words = words();
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < ConditionLayout.NODE_COUNT; i++) {
            processes.add(Process.begin(table(words, i), 1));
        }
        Process late = Process.begin(table(words, 100), 5);
        assertEquals(ConditionLayout.OVERFLOW, late.node());
        ConditionTable signaller = table(words, 101);
        assertEquals(ConditionLayout.NODE_COUNT, signaller.waiting());
        signaller.signal(1);
        assertEquals(1, granted(processes));
        assertEquals(1, late.granted());
        signaller.signal(1);
        assertEquals(2, granted(processes));
        assertEquals(1, late.granted(), "all of them were released by the signal before");
        late.table().setWaiting(late.node(), 1);
        signaller.signalAll();
        assertEquals(ConditionLayout.NODE_COUNT, granted(processes));
        assertEquals(2, late.granted());
        processes.getFirst().table().free(processes.getFirst().node());
        assertEquals(processes.getFirst().node(), table(words, 100).take());
    }

    @Test
    void processesBeginInDifferentCacheLines() {
        SimulatedWords words = words();
        Set<Integer> lines = new HashSet<>();
        for (int i = 0; i < ConditionLayout.NODE_COUNT / ConditionLayout.NODES_PER_LINE; i++) {
            lines.add(table(words, i).take() / ConditionLayout.NODES_PER_LINE);
        }
        assertEquals(ConditionLayout.NODE_COUNT / ConditionLayout.NODES_PER_LINE, lines.size());
    }
}
