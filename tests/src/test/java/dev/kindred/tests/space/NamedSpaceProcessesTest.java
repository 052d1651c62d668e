// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.space;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.kindred.OwnerDiedException;
import dev.kindred.Space;
import dev.kindred.sync.Lock;
import dev.kindred.tests.support.Delays;
import dev.kindred.tests.support.Eventually;
import dev.kindred.tests.support.Posix;
import dev.kindred.tests.support.Processes;
import dev.kindred.tests.support.Soak;
import dev.kindred.tests.support.TestJvm;
import jnr.constants.platform.Signal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes that are nobody's children meet in a named space, and go on when others of them die. */
class NamedSpaceProcessesTest {

    private final String name = SpaceFiles.newName();

    private void assertIsGone() {
        assertFalse(SpaceFiles.exists(name), "the space is still there");
    }

    @Test
    void theyShareWhatHasAName() {
        try (Member first = Member.of(name); Member second = Member.of(name)) {
            assertEquals("locked", first.lock("book"));
            assertTrue(second.call("owner book").endsWith("(pid " + first.pid() + ")"), second.call("owner book"));
            assertEquals("[book]", second.call("names"));
            second.begin("lock book");
            List<Long> both = java.util.stream.Stream.of(first.pid(), second.pid()).sorted().toList();
            assertEquals(both.toString(), first.members());
            first.unlock("book");
            assertEquals("locked", second.end());
            second.unlock("book");
            first.close(name);
            assertTrue(SpaceFiles.exists(name));
            Eventually.holds("the one who left is none of them", () -> second.members().equals("[" + second.pid() + "]"));
            second.close(name);
            assertIsGone();
        }
    }

    @Test
    void theDeathOfAnOwnerReachesThoseWhoWait() {
        try (Member owner = Member.of(name); Member waiter = Member.of(name); Member third = Member.of(name)) {
            assertEquals("locked", owner.lock("book"));
            waiter.begin("lock book");
            third.begin("lock book");
            owner.jvm().kill();
            String died = "died Program (pid " + owner.pid() + ")";
            assertEquals(died, waiter.end());
            assertEquals(died, third.end());
            assertEquals(died, waiter.lock("book"));
            assertEquals("recovered true", third.call("recover book"));
            third.unlock("book");
            assertEquals("locked", waiter.lock("book"));
            waiter.unlock("book");
            waiter.close(name);
            third.close(name);
            assertIsGone();
        }
    }

    /** Each is watched by another, whoever came and went in which order. */
    @Test
    void whoeverDiesIsMissed() {
        List<Member> members = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                members.add(Member.of(name));
            }
            while (members.size() > 1) {
                Member victim = members.remove(members.size() / 2);
                assertEquals("locked", victim.lock("lock-" + members.size()));
                for (Member each : members) {
                    each.begin("lock lock-" + members.size());
                }
                victim.jvm().kill();
                for (Member each : members) {
                    assertEquals("died Program (pid " + victim.pid() + ")", each.end());
                }
                assertEquals("recovered true", members.getFirst().call("recover lock-" + members.size()));
                members.getFirst().unlock("lock-" + members.size());
            }
            members.getFirst().close(name);
            assertIsGone();
        } finally {
            members.forEach(Member::close);
        }
    }

    @Test
    void oneThatIsStoppedIsNotDead() {
        try (Member owner = Member.of(name); Member waiter = Member.of(name)) {
            assertEquals("locked", owner.lock("book"));
            owner.jvm().stop();
            waiter.begin("lock book");
            try (Space space = Space.open(name)) {
                Lock book = Lock.open(space, "book");
                assertFalse(book.tryLock());
                assertFalse(book.poisoned());
                assertEquals(3, space.members().size());
                owner.jvm().resume();
                owner.unlock("book");
                assertEquals("locked", waiter.end());
                waiter.unlock("book");
            }
        }
        Space.open(name).close();
    }

    @Test
    void afterTheDeathOfAllTheNextFindsWhatTheyLeft() throws Exception {
        try (Member first = Member.of(name); Member second = Member.of(name)) {
            assertEquals("locked", first.lock("first"));
            assertEquals("locked", second.lock("second"));
            first.lock("unlocked");
            first.unlock("unlocked");
            first.jvm().stop();
            second.jvm().kill();
            first.jvm().kill();
            assertTrue(SpaceFiles.exists(name));
            try (Space space = Space.open(name)) {
                assertEquals(List.of("first", "second", "unlocked"), space.names());
                assertEquals(1, space.members().size());
                for (Member dead : List.of(first, second)) {
                    Lock lock = Lock.open(space, dead == first ? "first" : "second");
                    OwnerDiedException death = assertThrows(OwnerDiedException.class, lock::tryLock);
                    assertEquals(dead.pid(), death.owner().orElseThrow().pid());
                    assertEquals("Program", death.owner().orElseThrow().name());
                    assertTrue(lock.recover(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS));
                    lock.unlock();
                }
                assertTrue(Lock.open(space, "unlocked").tryLock());
                Lock.open(space, "unlocked").unlock();
            }
            assertIsGone();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"exit 0", "exit 3", "return", "SIGTERM", "SIGINT"})
    void aJvmThatEndsInOrderLeaves(String how) {
        // A JVM leaves a signal ignored that was ignored when it was started, as it is for children of this one.
        boolean isIgnored = Processes.ignores(ProcessHandle.current().pid(), Signal.SIGINT.intValue());
        assumeFalse(how.equals("SIGINT") && isIgnored, "SIGINT is ignored here");
        try (Member member = Member.of(name)) {
            member.lock("book");
            member.unlock("book");
            end(member, how);
            assertIsGone();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"exit 0", "return", "SIGTERM"})
    void aJvmThatEndsInOrderButHoldsALockLeavesThatToTheNext(String how) {
        try (Member member = Member.of(name)) {
            assertEquals("locked", member.lock("book"));
            end(member, how);
            assertTrue(SpaceFiles.exists(name));
            try (Space space = Space.open(name)) {
                Lock book = Lock.open(space, "book");
                assertThrows(OwnerDiedException.class, book::lock);
                assertTrue(book.recover());
                book.unlock();
            }
            assertIsGone();
        }
    }

    /** That the others end in order does not hide it. */
    @Test
    void aLockThatIsPoisonedOutlastsThoseWhoDoNotRecoverIt() {
        try (Member owner = Member.of(name); Member other = Member.of(name)) {
            assertEquals("locked", owner.lock("book"));
            owner.jvm().kill();
            assertEquals("died Program (pid " + owner.pid() + ")", other.lock("book"));
            end(other, "SIGTERM");
            assertTrue(SpaceFiles.exists(name));
            try (Space space = Space.open(name)) {
                Lock book = Lock.open(space, "book");
                OwnerDiedException death = assertThrows(OwnerDiedException.class, book::lock);
                assertEquals(owner.pid(), death.owner().orElseThrow().pid());
                assertTrue(book.recover());
                book.unlock();
            }
            assertIsGone();
        }
    }

    private static void end(Member member, String how) {
        if (how.startsWith("SIG")) {
            Posix.kill(member.pid(), Signal.valueOf(how));
        } else {
            member.begin(how);
        }
        member.jvm().exitStatus();
    }

    /** Two who cannot see each other's process numbers: no descriptor tells of the other's end, so it is looked for again and again. */
    @Test
    void deathInAnotherPidNamespaceIsFoundToo() throws IOException, InterruptedException {
        List<String> command = List.of("unshare", "--pid", "--fork", "--kill-child",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m", "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"), Member.Program.class.getName());
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (BufferedReader answers = process.inputReader(StandardCharsets.UTF_8);
                PrintStream commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8)) {
            commands.println("open " + name);
            assumeTrue(("opened " + name).equals(answers.readLine()), "this user may not make a pid namespace");
            commands.println("lock book");
            assertEquals("locked", answers.readLine());
            try (Space space = Space.open(name)) {
                Lock book = Lock.open(space, "book");
                assertEquals(1, book.owner().orElseThrow().pid(), "its number in its own namespace");
                process.destroyForcibly();
                OwnerDiedException death = assertThrows(OwnerDiedException.class, book::lock);
                assertEquals("Program (pid 1)", death.owner().orElseThrow().toString());
                assertTrue(book.recover());
                book.unlock();
            }
            assertIsGone();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** Opens, locks and closes again and again; what only one may have at a time shows whether all mean the same lock. */
    static final class Racer {
        private Racer() {}

        public static void main(String[] arguments) throws IOException {
            String name = arguments[0];
            Path onlyOne = Path.of(arguments[1]);
            int rounds = Integer.parseInt(arguments[2]);
            TestJvm.say("ready");
            TestJvm.hear();
            for (int round = 0; round < rounds; round++) {
                try (Space space = Space.open(name)) {
                    Lock lock = Lock.open(space, "lock");
                    lock.lock();
                    try {
                        Files.createFile(onlyOne);
                        Files.delete(onlyOne);
                    } finally {
                        lock.unlock();
                    }
                }
            }
            TestJvm.say("done");
        }
    }

    @Test
    void tenThatOpenAndCloseAtTheSameTimeAlwaysMeet(@TempDir Path folder) {
        int rounds = Soak.Rounds.of(100, 3_000);
        List<TestJvm> racers = new ArrayList<>();
        try {
            for (int i = 0; i < 10; i++) {
                racers.add(TestJvm.start(List.of("-Xmx64m"), java.util.Map.of(), Racer.class, name, folder.resolve("only-one").toString(),
                        Integer.toString(rounds)));
            }
            racers.forEach(racer -> assertEquals("ready", racer.nextLine()));
            racers.forEach(racer -> racer.send("go"));
            for (TestJvm racer : racers) {
                assertEquals(0, racer.exitStatus(Delays.scaled(15_000 + 100L * rounds)));
                assertEquals("done", racer.nextLine());
            }
            assertIsGone();
        } finally {
            racers.forEach(TestJvm::close);
        }
    }
}
