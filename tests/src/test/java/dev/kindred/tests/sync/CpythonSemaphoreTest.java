// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import dev.kindred.sync.NamedSemaphore;
import dev.kindred.tests.support.Cpython;
import dev.kindred.tests.support.Delays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A live CPython opens the semaphores that are created here, and creates what is opened here. */
class CpythonSemaphoreTest {

    /** What {@code multiprocessing.synchronize} does with the same class: kind 1 is a semaphore. */
    private static final String PREAMBLE = """
            import sys
            from _multiprocessing import SemLock, sem_unlink
            name = '/' + sys.argv[1]
            SEMAPHORE = 1
            """;

    private final String name = SemaphoreKind.freeName();

    @AfterEach
    void removeName() throws IOException {
        Files.deleteIfExists(Path.of("/dev/shm/sem." + name));
    }

    @Test
    void pythonTakesAndGivesThePermitsOfASemaphoreThatWasCreatedHere() throws Exception {
        try (NamedSemaphore semaphore = NamedSemaphore.create(name, 2);
                Cpython python = new Cpython(PREAMBLE + """
                        lock = SemLock._rebuild(0, SEMAPHORE, 2**31 - 1, name)
                        print(lock._get_value())
                        print(lock.acquire(), lock.acquire(), lock.acquire(False), lock._get_value())
                        input()
                        print(lock.acquire(), lock._get_value())
                        lock.release()
                        lock.release()
                        print(lock._get_value())
                        """, name)) {
            assertEquals("2", python.line());
            assertEquals("True True False 0", python.line());
            assertTrue(semaphore.locked());
            assertFalse(semaphore.tryAcquire(Delays.SHORT.toMillis(), TimeUnit.MILLISECONDS));
            python.send("go on");
            semaphore.release();
            assertEquals("True 0", python.line());
            assertEquals("2", python.line());
            assertEquals(2, semaphore.getValue());
        }
    }

    @Test
    void pythonsSemaphoreIsOpenedHere() throws Exception {
        try (Cpython python = new Cpython(PREAMBLE + """
                lock = SemLock(SEMAPHORE, 1, 2**31 - 1, name, False)
                print('created')
                input()
                print(lock._get_value(), lock.acquire(True, 0.05))
                print('waiting')
                print(lock.acquire(True), lock._get_value())
                sem_unlink(name)
                """, name)) {
            assertEquals("created", python.line());
            try (NamedSemaphore semaphore = NamedSemaphore.open(name)) {
                assertFalse(semaphore.isCreator());
                assertEquals(1, semaphore.getValue());
                semaphore.acquire();
                python.send("go on");
                assertEquals("0 False", python.line());
                assertEquals("waiting", python.line());
                semaphore.release();
                assertEquals("True 0", python.line());
            }
        }
    }

    /** Each wakes the other from sleep, as CPython does not spin, and there are pauses. */
    @Test
    void eachWakesTheOther() throws Exception {
        String second = SemaphoreKind.freeName();
        try (NamedSemaphore ping = NamedSemaphore.create(name, 0); NamedSemaphore pong = NamedSemaphore.create(second, 0);
                Cpython python = new Cpython(PREAMBLE + """
                        import time
                        ping = SemLock._rebuild(0, SEMAPHORE, 2**31 - 1, name)
                        pong = SemLock._rebuild(0, SEMAPHORE, 2**31 - 1, '/' + sys.argv[2])
                        for i in range(1000):
                            ping.acquire()
                            if i % 20 == 0:
                                time.sleep(0.0005)
                            pong.release()
                        print('done', ping._get_value())
                        """, name, second)) {
            for (int i = 0; i < 1_000; i++) {
                ping.release();
                assertTrue(pong.tryAcquire(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS), "round " + i);
            }
            assertEquals("done 0", python.line());
            assertEquals(0, pong.getValue());
        } finally {
            NamedSemaphore.unlink(second);
        }
    }

    /** What {@code multiprocessing.Semaphore} of a context that spawns has: a name that others can open. */
    @Test
    void aSemaphoreOfMultiprocessingIsOpenedHere() throws Exception {
        try (Cpython python = new Cpython("""
                import multiprocessing
                semaphore = multiprocessing.get_context('spawn').BoundedSemaphore(3)
                semaphore.acquire()
                print(semaphore._semlock.name[1:])
                input()
                print(semaphore.get_value())
                """, name)) {
            try (NamedSemaphore semaphore = NamedSemaphore.open(python.line())) {
                assertEquals(2, semaphore.getValue());
                semaphore.acquire();
                semaphore.acquire();
                semaphore.release();
                python.send("go on");
                assertEquals("1", python.line());
            }
        }
    }
}
