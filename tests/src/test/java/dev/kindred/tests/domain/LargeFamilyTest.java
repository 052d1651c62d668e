// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import dev.kindred.internal.space.Space;
import dev.kindred.memory.Array;
import dev.kindred.memory.CType;
import dev.kindred.process.ChildProcess;
import dev.kindred.process.StartMethod;
import dev.kindred.tests.support.Delays;
import dev.kindred.tests.support.Eventually;
import dev.kindred.tests.support.Limit;
import dev.kindred.tests.support.Processes;
import dev.kindred.tests.support.Soak;
import org.junit.jupiter.api.Test;

/** A process's descriptors do not grow with its family. */
class LargeFamilyTest {

    private static final int SIZE = Soak.Rounds.of(24, 200);

    private static int watched() {
        return (int) Processes.descriptors(ProcessHandle.current().pid()).values().stream().filter("anon_inode:[pidfd]"::equals).count();
    }

    @Test
    @Limit(seconds = 400)
    void eachWatchesItsParentAndOneMoreHoweverManyThereAre() throws Exception {
        Array counts = Array.of(CType.INT, SIZE);
        Array released = Array.of(CType.INT, 1);
        List<ChildProcess> children = new ArrayList<>();
        for (int i = 0; i < SIZE; i++) {
            int child = i;
            children.add(ChildProcess.builder().method(StartMethod.SPAWN).maxHeap(16 << 20).start(() -> {
                counts.setInt(child, 1);
                Eventually.holds("all are there", Delays.LONG.multipliedBy(8), () -> released.getInt(0) != 0);
                // A death makes everybody look for its successor.
                Eventually.holds("the watch is set", () -> watched() >= 1);
                counts.setInt(child, 100 + watched());
                Eventually.holds("all have counted", () -> released.getInt(0) == 2);
            }));
        }
        Eventually.holds("all are there", Delays.LONG.multipliedBy(8), () -> counts.ints().allMatch(count -> count == 1));
        assertTrue(Space.current().domain().liveCount() > SIZE);
        ChildProcess passerBy = ChildProcess.builder().method(StartMethod.SPAWN).start(() -> {});
        passerBy.join();
        passerBy.close();
        released.setInt(0, 1);
        Eventually.holds("all have counted", Delays.LONG.multipliedBy(2), () -> counts.ints().allMatch(count -> count >= 100));
        int most = counts.ints().max().orElseThrow() - 100;
        released.setInt(0, 2);
        for (ChildProcess child : children) {
            assertTrue(child.join(Delays.LONG));
            assertEquals(0, child.exitCode().orElseThrow());
            child.close();
        }
        assertTrue(most <= 2, "a child watches " + most + " processes");
        Eventually.holds("the dead are recovered", () -> Space.current().domain().liveCount() == 1);
    }
}
