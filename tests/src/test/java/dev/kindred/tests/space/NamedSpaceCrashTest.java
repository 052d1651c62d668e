// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.space;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

import dev.kindred.Space;
import dev.kindred.internal.crash.CrashPoint;
import dev.kindred.sync.Lock;
import dev.kindred.tests.support.Delays;
import dev.kindred.tests.support.Eventually;
import dev.kindred.tests.support.Processes;
import dev.kindred.tests.support.Soak;
import dev.kindred.tests.support.TestJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A process killed at any named step of making, opening, using or leaving a named space leaves the others with a space that works, and the
 * next to come with one; nothing remains when the last has left. One that is stopped at such a step is not waited for, but where it must
 * be.
 */
class NamedSpaceCrashTest {

    /** Reached only where others are in the space, too. */
    private static final Set<CrashPoint> AMONG_OTHERS = Set.of(CrashPoint.NAMED_JOINED);

    /** Reached only where nobody else is in the space. */
    private static final Set<CrashPoint> ALONE = Set.of(CrashPoint.NAMED_PREPARED, CrashPoint.NAMED_PUBLISHED, CrashPoint.NAMED_DOOR_CLOSED,
            CrashPoint.NAMED_REMOVED);

    /** Reached only if another is at the door at the same time: see {@link #anEntrantThatHasOpenedAClosingDoorMayDie}. */
    private static final Set<CrashPoint> RACING = Set.of(CrashPoint.NAMED_DOOR_OPENED);

    private final String name = SpaceFiles.newName();

    private static Stream<CrashPoint> points(Set<CrashPoint> without) {
        return Arrays.stream(CrashPoint.values())
                .filter(point -> point.name().startsWith("NAMED_") || point.name().startsWith("JOIN_"))
                .filter(point -> !without.contains(point) && !RACING.contains(point));
    }

    static Stream<CrashPoint> reachedAlone() {
        return points(AMONG_OTHERS);
    }

    static Stream<CrashPoint> reachedAmongOthers() {
        return points(ALONE);
    }

    /** Does all there is to do, until it passes the point. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] arguments) {
            while (true) {
                try (Space space = Space.open(arguments[0])) {
                    Lock lock = Lock.openTakeOver(space, "lock");
                    lock.lock();
                    lock.unlock();
                    Lock.open(space, "passing").locked();
                    space.remove("passing");
                    if (arguments.length > 1) {
                        TestJvm.say("round");
                    }
                }
            }
        }
    }

    private TestJvm startVictim(CrashPoint point, String signal, String... arguments) {
        List<String> all = new ArrayList<>(List.of(name));
        all.addAll(List.of(arguments));
        return TestJvm.start(List.of("-Dkindred.crash=" + point + ":1:" + signal), Map.of(), Victim.class, all.toArray(String[]::new));
    }

    private TestJvm startVictimThatStops(CrashPoint point) {
        TestJvm victim = startVictim(point, "STOP");
        Eventually.holds("it is stopped at " + point, () -> {
            Processes.Entry entry = Processes.entry(victim.pid());
            return entry != null && entry.isStopped();
        });
        return victim;
    }

    private void assertWorks(Space space) throws Exception {
        Lock lock = Lock.openTakeOver(space, "lock");
        assertTrue(lock.tryLock(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS), lock + " cannot be had");
        lock.unlock();
        for (int i = 0; i < 20; i++) {
            assertFalse(Lock.open(space, "passing").locked());
            assertFalse(Lock.open(space, "another-" + i).locked());
        }
        assertTrue(space.remove("passing"));
        for (int i = 0; i < 20; i++) {
            assertTrue(space.remove("another-" + i));
        }
        assertEquals(List.of("lock"), space.names());
        Eventually.holds("the dead are none of the members", () -> space.members().size() == 1);
    }

    private void assertNothingElseIsLeft(boolean spaceItself) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/dev/shm"))) {
            List<Path> ours = files.filter(file -> file.toString().contains(name)).toList();
            assertTrue(ours.isEmpty() || spaceItself && ours.equals(List.of(SpaceFiles.of(name))), ours.toString());
        }
    }

    @ParameterizedTest
    @MethodSource("reachedAlone")
    void deathOfTheOnlyOneShutsNobodyOut(CrashPoint point) throws Exception {
        try (TestJvm victim = startVictim(point, "KILL")) {
            assertEquals(-9, victim.exitStatus(), "it did not die at the point, but of something else");
        }
        assertNothingElseIsLeft(true);
        try (Space next = Space.open(name)) {
            assertWorks(next);
        }
        assertNothingElseIsLeft(false);
    }

    @ParameterizedTest
    @MethodSource("reachedAmongOthers")
    void deathHoldsUpNobodyWhoStays(CrashPoint point) throws Exception {
        try (Space space = Space.open(name); TestJvm victim = startVictim(point, "KILL")) {
            Lock lock = Lock.openTakeOver(space, "lock");
            while (victim.isAlive()) {
                assertTrue(lock.tryLock(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS), lock + " cannot be had");
                lock.unlock();
            }
            assertEquals(-9, victim.exitStatus(), "it did not die at the point, but of something else");
            assertWorks(space);
        }
        assertNothingElseIsLeft(false);
    }

    /** What holds the mutex of the space is waited for; a closer that has closed the door, too: see below. */
    @ParameterizedTest
    @EnumSource(names = {"NAMED_LOOKED_FOR", "NAMED_PREPARED", "NAMED_PUBLISHED", "NAMED_LEFT", "NAMED_DOOR_CLAIMED", "NAMED_REMOVED",
            "NAMED_LEAVING"})
    void oneThatIsStoppedAloneIsNotWaitedFor(CrashPoint point) throws Exception {
        try (TestJvm victim = startVictimThatStops(point)) {
            try (Space space = Space.open(name)) {
                Lock lock = Lock.openTakeOver(space, "lock");
                assertTrue(lock.tryLock(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS), lock + " cannot be had");
                lock.unlock();
            }
            goesOnTogetherWith(victim);
        }
        assertNothingElseIsLeftInTheEnd();
    }

    @ParameterizedTest
    @EnumSource(names = {"NAMED_LOOKED_FOR", "NAMED_JOINED", "NAMED_LEFT", "NAMED_DOOR_CLAIMED", "NAMED_LEAVING"})
    void oneThatIsStoppedAmongOthersIsNotWaitedFor(CrashPoint point) throws Exception {
        Space before = Space.open(name);
        try (TestJvm victim = startVictimThatStops(point)) {
            before.close();
            try (Space space = Space.open(name)) {
                Lock lock = Lock.openTakeOver(space, "lock");
                assertTrue(lock.tryLock(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS), lock + " cannot be had");
                lock.unlock();
            }
            goesOnTogetherWith(victim);
        }
        assertNothingElseIsLeftInTheEnd();
    }

    /** Both are in one space then, and not each in one of its own. */
    private void goesOnTogetherWith(TestJvm victim) {
        try (Space space = Space.open(name)) {
            victim.resume();
            Eventually.holds("it is in the same space", () -> space.members().stream().anyMatch(member -> member.pid() == victim.pid()));
            victim.kill();
            Eventually.holds("it is missed", () -> space.members().size() == 1);
        }
    }

    private void assertNothingElseIsLeftInTheEnd() throws IOException {
        Space.open(name).close();
        assertNothingElseIsLeft(false);
    }

    @Test
    void whoeverOpensWaitsForACloserThatIsAboutToRemove() throws Exception {
        try (TestJvm closer = startVictimThatStops(CrashPoint.NAMED_DOOR_CLOSED)) {
            Object inode = Files.getAttribute(SpaceFiles.of(name), "unix:ino");
            CompletableFuture<Space> opened = CompletableFuture.supplyAsync(() -> Space.open(name));
            assertThrows(TimeoutException.class, () -> opened.get(Delays.SMALL.toMillis(), TimeUnit.MILLISECONDS));
            closer.resume();
            try (Space space = opened.get(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS)) {
                assertNotEquals(inode, Files.getAttribute(SpaceFiles.of(name), "unix:ino"), "it is another space");
                assertTrue(space.isOpen());
                closer.kill();
            }
        }
        assertNothingElseIsLeftInTheEnd();
    }

    @Test
    void whoeverOpensGoesOnWhenACloserDiesThatWasAboutToRemove() throws Exception {
        try (TestJvm closer = startVictimThatStops(CrashPoint.NAMED_DOOR_CLOSED)) {
            Object inode = Files.getAttribute(SpaceFiles.of(name), "unix:ino");
            CompletableFuture<Space> opened = CompletableFuture.supplyAsync(() -> Space.open(name));
            assertThrows(TimeoutException.class, () -> opened.get(Delays.SMALL.toMillis(), TimeUnit.MILLISECONDS));
            closer.kill();
            try (Space space = opened.get(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS)) {
                assertEquals(inode, Files.getAttribute(SpaceFiles.of(name), "unix:ino"), "it is the same space");
                assertWorks(space);
            }
        }
        assertNothingElseIsLeft(false);
    }

    @Test
    @Soak // It takes ten seconds.
    void whoeverOpensIsToldAtLastWhoDoesNotGetOnWithRemoving() throws Exception {
        try (TestJvm closer = startVictimThatStops(CrashPoint.NAMED_DOOR_CLOSED)) {
            IllegalStateException stuck = assertThrows(IllegalStateException.class, () -> Space.open(name));
            assertTrue(String.valueOf(stuck.getMessage()).contains("is being removed by Victim (pid " + closer.pid() + ")"), stuck.getMessage());
        }
        assertNothingElseIsLeftInTheEnd();
    }

    @Test
    void anEntrantThatHasOpenedAClosingDoorMayDie() throws Exception {
        try (TestJvm closer = startVictimThatStops(CrashPoint.NAMED_DOOR_CLAIMED)) {
            try (TestJvm entrant = startVictim(CrashPoint.NAMED_DOOR_OPENED, "KILL")) {
                assertEquals(-9, entrant.exitStatus(), "it did not die at the point, but of something else");
            }
            goesOnTogetherWith(closer);
        }
        assertNothingElseIsLeftInTheEnd();
    }
}
