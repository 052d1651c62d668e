// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.kindred.sync.NamedSemaphore;
import dev.kindred.sync.NamedSemaphoreExistsException;
import dev.kindred.sync.NamedSemaphoreNotFoundException;
import dev.kindred.tests.support.Delays;
import dev.kindred.tests.support.Eventually;
import dev.kindred.tests.support.TestJvm;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What named semaphores promise besides what all semaphores do: names, opening, closing, travelling. */
class NamedSemaphoreTest {

    private final String name = SemaphoreKind.freeName();
    private final Path file = Path.of("/dev/shm/sem." + name);

    @AfterEach
    void removeName() throws IOException {
        Files.deleteIfExists(file);
    }

    @Test
    void whatIsCreatedIsOpenedByNameUntilItIsUnlinked() throws Exception {
        try (NamedSemaphore created = NamedSemaphore.create(name, 2)) {
            assertTrue(created.isCreator());
            assertEquals(name, created.name());
            assertEquals("NamedSemaphore[" + name + ", value 2]", created.toString());
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            try (NamedSemaphore opened = NamedSemaphore.open(name)) {
                assertFalse(opened.isCreator());
                opened.acquire();
                assertEquals(1, created.getValue());
                opened.release(3);
                assertEquals(4, created.getValue());
                NamedSemaphore.unlink(name);
                opened.release();
                assertEquals(5, created.getValue());
            }
            assertThrows(NamedSemaphoreNotFoundException.class, () -> NamedSemaphore.open(name));
            try (NamedSemaphore other = NamedSemaphore.create(name, 0)) {
                assertEquals(0, other.getValue());
                assertEquals(5, created.getValue());
            }
        }
    }

    @Test
    void namesThatExistOrDoNotAreToldClearly() {
        NamedSemaphoreNotFoundException missing = assertThrows(NamedSemaphoreNotFoundException.class, () -> NamedSemaphore.open(name));
        assertTrue(missing.getMessage().startsWith("no NamedSemaphore '" + name + "' (" + file + "): "), missing.getMessage());
        assertThrows(NamedSemaphoreNotFoundException.class, () -> NamedSemaphore.unlink(name));
        try (NamedSemaphore first = NamedSemaphore.create(name, 1)) {
            NamedSemaphoreExistsException exists = assertThrows(NamedSemaphoreExistsException.class, () -> NamedSemaphore.create(name, 5));
            assertEquals("NamedSemaphore '" + name + "' exists already (" + file + "): open it, unlink it first, or choose another name",
                    exists.getMessage());
            assertEquals(1, first.getValue());
            try (NamedSemaphore second = NamedSemaphore.createOrOpen(name, 5)) {
                assertFalse(second.isCreator());
                assertEquals(1, second.getValue());
            }
        }
        NamedSemaphore.unlink(name);
        try (NamedSemaphore third = NamedSemaphore.createOrOpen(name, 5)) {
            assertTrue(third.isCreator());
            assertEquals(5, third.getValue());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "/a", "nul\0", "half \ud800"})
    void namesThatCannotBeAreRefused(String impossible) {
        assertThrows(IllegalArgumentException.class, () -> NamedSemaphore.create(impossible, 0));
        assertThrows(IllegalArgumentException.class, () -> NamedSemaphore.open(impossible));
        assertThrows(IllegalArgumentException.class, () -> NamedSemaphore.createOrOpen(impossible, 0));
        assertThrows(IllegalArgumentException.class, () -> NamedSemaphore.unlink(impossible));
    }

    @Test
    void aRefusalSaysWhatIsWrong() {
        assertEquals("the name of a NamedSemaphore contains '/' (names are plain; the '/' that sem_open wants is put before them) "
                + "at index 1: a/b",
                assertThrows(IllegalArgumentException.class, () -> NamedSemaphore.open("a/b")).getMessage());
        assertEquals("the name of a NamedSemaphore contains NUL at index 3: nul\\0",
                assertThrows(IllegalArgumentException.class, () -> NamedSemaphore.open("nul\0")).getMessage());
        assertEquals("a NamedSemaphore cannot have -1 permits",
                assertThrows(IllegalArgumentException.class, () -> NamedSemaphore.create(name, -1)).getMessage());
        assertThrows(IllegalArgumentException.class, () -> NamedSemaphore.createOrOpen(name, -1));
        assertFalse(Files.exists(file));
    }

    @Test
    void theLongestNameIsPossible() {
        // 'ü' has two bytes.
        String longest = "ü" + "x".repeat(249);
        try (NamedSemaphore _ = NamedSemaphore.create(longest, 0); NamedSemaphore opened = NamedSemaphore.open(longest)) {
            assertEquals(0, opened.getValue());
        } finally {
            NamedSemaphore.unlink(longest);
        }
        IllegalArgumentException error = assertThrows(IllegalArgumentException.class, () -> NamedSemaphore.create("x" + longest, 0));
        assertTrue(error.getMessage().startsWith("the name of a NamedSemaphore has 252 bytes in UTF-8, at most 251 are possible: "),
                error.getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 4096})
    void aFileThatIsNoSemaphoreIsRefused(int size) throws IOException {
        Files.write(file, new byte[size]);
        IllegalStateException error = assertThrows(IllegalStateException.class, () -> NamedSemaphore.open(name));
        assertEquals(file + " is no semaphore: it has " + size + " bytes, not 32", error.getMessage());
    }

    @Test
    void aStrangersSemaphoreIsNotOpened() throws IOException {
        NamedSemaphore.create(name, 1).close();
        Files.setAttribute(file, "unix:uid", 12345);
        IllegalStateException error = assertThrows(IllegalStateException.class, () -> NamedSemaphore.open(name));
        assertTrue(error.getMessage().startsWith("NamedSemaphore '" + name + "' belongs to user 12345, this process to user "),
                error.getMessage());
        assertThrows(IllegalStateException.class, () -> NamedSemaphore.createOrOpen(name, 1));
    }

    @Test
    void nothingIsPossibleAfterClosing() throws Exception {
        NamedSemaphore semaphore = NamedSemaphore.create(name, 1);
        try (NamedSemaphore other = NamedSemaphore.open(name)) {
            semaphore.close();
            semaphore.close();
            assertTrue(semaphore.isClosed());
            assertEquals("NamedSemaphore[" + name + ", closed]", semaphore.toString());
            for (Executable use : List.<Executable>of(semaphore::acquire, semaphore::acquireUninterruptibly, semaphore::tryAcquire,
                    () -> semaphore.tryAcquire(1, TimeUnit.SECONDS), semaphore::release, () -> semaphore.release(2), semaphore::getValue,
                    semaphore::locked)) {
                assertEquals(semaphore + " cannot be used any more", assertThrows(IllegalStateException.class, use).getMessage());
            }
            assertThrows(InvalidObjectException.class, () -> new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(semaphore));
            assertFalse(other.isClosed());
            assertEquals(1, other.getValue());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closingEndsTheCallsThatWait(boolean virtual) throws Exception {
        for (int round = 0; round < 100; round++) {
            NamedSemaphore semaphore = NamedSemaphore.create(name, 0);
            List<Thread> waiters = new ArrayList<>();
            List<String> failures = new CopyOnWriteArrayList<>();
            for (int i = 0; i < 3; i++) {
                waiters.add((virtual ? Thread.ofVirtual() : Thread.ofPlatform()).start(() ->
                        failures.add(assertThrows(IllegalStateException.class, semaphore::acquireUninterruptibly).getMessage())));
            }
            try (NamedSemaphore other = NamedSemaphore.open(name)) {
                Thread elsewhere = Thread.ofPlatform().start(other::acquireUninterruptibly);
                if (round % 2 == 0) {
                    Eventually.holds("a thread waits", new AnySemaphore(other)::hasWaiters);
                }
                semaphore.close();
                for (Thread waiter : waiters) {
                    assertTrue(waiter.join(Delays.LONG));
                }
                other.release();
                assertTrue(elsewhere.join(Delays.LONG));
                assertEquals(0, other.getValue());
            }
            assertEquals(3, failures.size());
            assertTrue(failures.stream().allMatch(failure -> failure.startsWith("NamedSemaphore[" + name + ", closed]")), failures.toString());
            NamedSemaphore.unlink(name);
        }
    }

    private static long mappings() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains("/dev/shm/")).count();
        }
    }

    @Test
    void whatNobodyCanReachIsUnmapped() throws Exception {
        long before = mappings();
        List<NamedSemaphore> semaphores = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            semaphores.add(NamedSemaphore.create(name, 0));
            NamedSemaphore.unlink(name);
        }
        assertTrue(mappings() >= 100, "all are mapped");
        NamedSemaphore kept = semaphores.get(50);
        semaphores.forEach(NamedSemaphore::release);
        semaphores.forEach(semaphore -> {
            if (semaphore != kept) {
                semaphore.close();
            }
        });
        semaphores.clear();
        Eventually.holds("only one more is mapped than before", () -> {
            System.gc();
            return mappings() <= before + 1;
        });
        kept.acquire();
        assertEquals(0, kept.getValue());
    }

    /** Some 65,000 mappings are all that a process can have, and a program that opens many does not fill the heap, so that nothing is collected. */
    @Test
    void aProcessCanOpenAndForgetAnyNumber() throws IOException {
        for (int i = 1; i <= 20_000; i++) {
            NamedSemaphore.create(name, 1).close();
            NamedSemaphore.unlink(name);
            if (i % 2_000 == 0) {
                assertTrue(mappings() < 12_000, mappings() + " are mapped after " + i);
            }
        }
    }

    @Test
    void itTravelsAnywhereAsItsName() throws Exception {
        try (NamedSemaphore semaphore = NamedSemaphore.create(name, 1)) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            new ObjectOutputStream(bytes).writeObject(semaphore);
            try (NamedSemaphore copy = (NamedSemaphore) new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject()) {
                assertFalse(copy.isCreator());
                copy.acquire();
                assertTrue(semaphore.locked());
            }
            NamedSemaphore.unlink(name);
            assertThrows(NamedSemaphoreNotFoundException.class,
                    () -> new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject());
        }
    }

    /** A process of another family: nothing of Kindred's connects it with this one but the name. */
    static final class Stranger {

        private Stranger() {}

        public static void main(String[] arguments) throws InterruptedException {
            try (NamedSemaphore ping = NamedSemaphore.open(arguments[0]); NamedSemaphore pong = NamedSemaphore.open(arguments[1])) {
                TestJvm.say("ready");
                for (int i = 0; i < 1_000; i++) {
                    ping.acquire();
                    pong.release();
                }
            }
            TestJvm.say("done");
        }
    }

    @Test
    void processesOfDifferentFamiliesMeet() throws Exception {
        String second = SemaphoreKind.freeName();
        try (NamedSemaphore ping = NamedSemaphore.create(name, 0); NamedSemaphore pong = NamedSemaphore.create(second, 0);
                TestJvm stranger = TestJvm.start(Stranger.class, name, second)) {
            stranger.awaitLine("ready");
            for (int i = 0; i < 1_000; i++) {
                ping.release();
                assertTrue(pong.tryAcquire(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS), "round " + i);
            }
            stranger.awaitLine("done");
        } finally {
            NamedSemaphore.unlink(second);
        }
    }

    /** It was woken for the permit, and no death epoch of this family tells of its end. */
    @Test
    void aStrangerThatDiesWithAWakeUpHoldsUpNobody() throws Exception {
        try (NamedSemaphore semaphore = NamedSemaphore.create(name, 0);
                TestJvm stranger = TestJvm.start(List.of("-Dkindred.crash=WAIT_WOKEN:1:KILL"), Map.of(), Taker.class, name)) {
            Eventually.holds("the stranger says that it sleeps", new AnySemaphore(semaphore)::hasWaiters);
            Thread waiter = Thread.ofPlatform().start(semaphore::acquireUninterruptibly);
            Eventually.holds("a thread sleeps", () -> Arrays.stream(waiter.getStackTrace())
                    .anyMatch(frame -> frame.getMethodName().equals("futexWait")));
            semaphore.release();
            assertTrue(waiter.join(Delays.LONG), "a thread sleeps, though there is " + semaphore);
            assertEquals(-9, stranger.exitStatus());
            assertEquals(0, semaphore.getValue());
        }
    }

    /** Takes a permit. */
    static final class Taker {

        private Taker() {}

        public static void main(String[] arguments) throws InterruptedException {
            try (NamedSemaphore semaphore = NamedSemaphore.open(arguments[0])) {
                semaphore.acquire();
            }
        }
    }

    @Test
    void ofManyWhoCreateOrOpenOneCreates() throws Exception {
        String shared = name;
        try (SharedCounter counter = SharedCounter.create()) {
            Actors.PROCESSES.run(4, _ -> {
                counter.addAtomically(0, 1);
                while (counter.get(0) < 4) {
                    Thread.onSpinWait();
                }
                try (NamedSemaphore semaphore = NamedSemaphore.createOrOpen(shared, 10)) {
                    counter.addAtomically(1, semaphore.isCreator() ? 1 : 0);
                    semaphore.acquire();
                }
            });
            assertEquals(1, counter.get(1));
            try (NamedSemaphore semaphore = NamedSemaphore.open(name)) {
                assertEquals(6, semaphore.getValue());
            }
        }
    }
}
