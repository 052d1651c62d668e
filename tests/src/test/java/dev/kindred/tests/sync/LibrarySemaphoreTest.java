// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.sync;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import dev.kindred.sync.BoundedSemaphore;
import dev.kindred.sync.NamedSemaphore;
import dev.kindred.sync.Semaphore;
import dev.kindred.tests.support.Cpython;
import dev.kindred.tests.support.Delays;
import dev.kindred.tests.support.Eventually;
import dev.kindred.tests.support.Processes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The C library, called through JNA and from another process, takes and gives the permits of the same semaphores. */
class LibrarySemaphoreTest {

    /** The C library. */
    private interface C extends Library {

        C INSTANCE = Native.load("c", C.class);

        int sem_init(Pointer semaphore, int shared, int value);

        Pointer sem_open(String name, int flags);

        int sem_close(Pointer semaphore);

        int sem_wait(Pointer semaphore);

        int sem_trywait(Pointer semaphore);

        int sem_timedwait(Pointer semaphore, Pointer time);

        int sem_post(Pointer semaphore);

        int sem_getvalue(Pointer semaphore, IntByReference value);
    }

    private static final int EAGAIN = 11;
    private static final int EOVERFLOW = 75;
    private static final int ETIMEDOUT = 110;

    private static Pointer pointer(Semaphore semaphore) {
        return new Pointer(semaphore.segment().address());
    }

    private static int valueInC(Pointer semaphore) {
        IntByReference value = new IntByReference();
        assertEquals(0, C.INSTANCE.sem_getvalue(semaphore, value));
        return value.getValue();
    }

    private static boolean sleepsInTheKernel(Thread thread) {
        return Arrays.stream(thread.getStackTrace()).anyMatch(frame -> frame.getMethodName().equals("futexWait"));
    }

    /** {@return the number of waiters, by the words} */
    private static int waiters(Semaphore semaphore) {
        return semaphore.segment().get(ValueLayout.JAVA_INT, 4);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 77, Integer.MAX_VALUE})
    void theBytesAreThoseOfSemInit(int value) {
        try (Memory theirs = new Memory(32)) {
            theirs.clear();
            assertEquals(0, C.INSTANCE.sem_init(theirs, 1, value));
            MemorySegment ours = new Semaphore(value).segment();
            assertEquals(32, ours.byteSize());
            assertEquals(0, ours.address() % 64);
            assertArrayEquals(theirs.getByteArray(0, 32), ours.toArray(ValueLayout.JAVA_BYTE));
            assertArrayEquals(theirs.getByteArray(0, 32), new BoundedSemaphore(value).segment().toArray(ValueLayout.JAVA_BYTE));
        }
    }

    @Test
    void cTakesAndGivesWithoutWaiting() throws Exception {
        Semaphore semaphore = new Semaphore(2);
        Pointer inC = pointer(semaphore);
        assertEquals(2, valueInC(inC));
        assertEquals(0, C.INSTANCE.sem_wait(inC));
        semaphore.acquire();
        assertEquals(-1, C.INSTANCE.sem_trywait(inC));
        assertEquals(EAGAIN, Native.getLastError());
        assertFalse(semaphore.tryAcquire());
        assertEquals(0, C.INSTANCE.sem_post(inC));
        assertEquals(1, semaphore.getValue());
        semaphore.release(Integer.MAX_VALUE - 1);
        assertEquals(-1, C.INSTANCE.sem_post(inC));
        assertEquals(EOVERFLOW, Native.getLastError());
        assertThrows(IllegalStateException.class, semaphore::release);
        assertEquals(Integer.MAX_VALUE, valueInC(inC));
        Reference.reachabilityFence(semaphore);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPostOfCsWakesAWaiterHere(boolean virtual) throws Exception {
        Semaphore semaphore = new Semaphore(0);
        boolean wasWoken = false;
        for (int round = 0; round < 100 && !wasWoken; round++) {
            long start = System.nanoTime();
            Thread waiter = virtual ? Thread.startVirtualThread(semaphore::acquireUninterruptibly)
                    : Thread.ofPlatform().start(semaphore::acquireUninterruptibly);
            Eventually.holds("the waiter is counted, and sleeps", () -> waiters(semaphore) == 1 && (virtual || sleepsInTheKernel(waiter)));
            assertEquals(0, C.INSTANCE.sem_post(pointer(semaphore)));
            assertTrue(waiter.join(Delays.LONG));
            // After 50 ms it would have looked for itself.
            wasWoken = System.nanoTime() - start < 45_000_000;
            assertEquals(0, semaphore.getValue());
            assertEquals(0, waiters(semaphore));
        }
        assertTrue(wasWoken, "the waiter only ever looked for itself");
    }

    @Test
    void aReleaseHereWakesThoseWhoWaitInC() throws Exception {
        Semaphore semaphore = new Semaphore(0);
        Pointer inC = pointer(semaphore);
        for (int round = 0; round < 20; round++) {
            Thread[] waiters = new Thread[3];
            for (int i = 0; i < waiters.length; i++) {
                waiters[i] = Thread.ofPlatform().start(() -> assertEquals(0, C.INSTANCE.sem_wait(inC)));
            }
            Eventually.holds("all are counted", () -> waiters(semaphore) == 3);
            semaphore.release(2);
            semaphore.release();
            for (Thread waiter : waiters) {
                assertTrue(waiter.join(Delays.LONG));
            }
            assertEquals(0, semaphore.getValue());
            assertEquals(0, waiters(semaphore));
        }
    }

    @Test
    void whoGivesUpIsNotCountedAnyMore() throws Exception {
        Semaphore semaphore = new Semaphore(0);
        assertFalse(semaphore.tryAcquire(Delays.SHORT.toMillis(), TimeUnit.MILLISECONDS));
        assertEquals(0, waiters(semaphore));
        Thread waiter = Thread.ofPlatform().start(() -> assertThrows(InterruptedException.class, semaphore::acquire));
        Eventually.holds("the waiter is counted", () -> waiters(semaphore) == 1);
        waiter.interrupt();
        assertTrue(waiter.join(Delays.LONG));
        assertEquals(0, waiters(semaphore));
        try (Memory time = new Memory(16)) {
            long now = System.currentTimeMillis() + Delays.SHORT.toMillis();
            time.setLong(0, now / 1000);
            time.setLong(8, now % 1000 * 1_000_000);
            assertEquals(-1, C.INSTANCE.sem_timedwait(pointer(semaphore), time));
            assertEquals(ETIMEDOUT, Native.getLastError());
        }
        assertEquals(0, waiters(semaphore));
        assertEquals(0, semaphore.getValue());
    }

    /** Of many who take and give, in C and here, all have had theirs, and the permits are as they were. */
    @Test
    void cAndJavaContend() throws Exception {
        Semaphore semaphore = new Semaphore(1);
        Pointer inC = pointer(semaphore);
        int rounds = 20_000;
        try (SharedCounter counter = SharedCounter.create()) {
            Actors.THREADS.run(4, actor -> {
                for (int i = 0; i < rounds; i++) {
                    if (actor % 2 == 0) {
                        semaphore.acquire();
                        counter.addUnprotected(0, 1);
                        semaphore.release();
                    } else {
                        assertEquals(0, C.INSTANCE.sem_wait(inC));
                        counter.addUnprotected(0, 1);
                        assertEquals(0, C.INSTANCE.sem_post(inC));
                    }
                }
            });
            assertEquals(4L * rounds, counter.get(0));
        }
        assertEquals(1, semaphore.getValue());
        assertEquals(0, waiters(semaphore));
    }

    @Test
    void cOpensANamedSemaphore() throws Exception {
        String name = SemaphoreKind.freeName();
        try (NamedSemaphore semaphore = NamedSemaphore.create(name, 1)) {
            Pointer inC = C.INSTANCE.sem_open("/" + name, 0);
            assertEquals(0, C.INSTANCE.sem_wait(inC));
            assertTrue(semaphore.locked());
            Thread waiter = Thread.ofPlatform().start(semaphore::acquireUninterruptibly);
            Eventually.holds("the waiter sleeps", () -> sleepsInTheKernel(waiter));
            assertEquals(0, C.INSTANCE.sem_post(inC));
            assertTrue(waiter.join(Delays.LONG));
            // The library counts how often a process has opened it: that this closes it is nothing to us.
            assertEquals(0, C.INSTANCE.sem_close(inC));
            semaphore.release();
            assertEquals(1, semaphore.getValue());
        } finally {
            NamedSemaphore.unlink(name);
        }
    }

    /** {@return the file that memory is mapped from, as others can open it, and where in the file the memory is} */
    private static Map.Entry<String, Long> fileOf(MemorySegment memory) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
            String[] fields = line.split(" +", 6);
            String[] range = fields[0].split("-");
            long begin = Long.parseUnsignedLong(range[0], 16);
            if (begin <= memory.address() && memory.address() < Long.parseUnsignedLong(range[1], 16)) {
                long offset = memory.address() - begin + Long.parseLong(fields[2], 16);
                long pid = ProcessHandle.current().pid();
                return Processes.descriptors(pid).entrySet().stream().filter(each -> each.getValue().equals(fields[5]))
                        .map(each -> Map.entry("/proc/" + pid + "/fd/" + each.getKey(), offset)).findFirst().orElseThrow();
            }
        }
        throw new AssertionError("nothing is mapped at " + memory);
    }

    /** A program that is no Java program, and has the family's memory by its descriptor. */
    @Test
    void anotherProcessUsesItInC() throws Exception {
        Semaphore ping = new Semaphore(0);
        Semaphore pong = new Semaphore(0);
        Map.Entry<String, Long> pingFile = fileOf(ping.segment());
        Map.Entry<String, Long> pongFile = fileOf(pong.segment());
        try (Cpython python = new Cpython("""
                import ctypes, mmap, os, sys, time
                libc = ctypes.CDLL(None, use_errno=True)
                mapped = []
                def semaphore(path, offset):
                    page = offset // 4096 * 4096
                    descriptor = os.open(path, os.O_RDWR)
                    memory = mmap.mmap(descriptor, 4096, offset=page)
                    os.close(descriptor)
                    mapped.append(ctypes.c_char.from_buffer(memory))
                    return ctypes.c_void_p(ctypes.addressof(mapped[-1]) + offset - page)
                ping = semaphore(sys.argv[1], int(sys.argv[2]))
                pong = semaphore(sys.argv[3], int(sys.argv[4]))
                print('ready')
                for i in range(1000):
                    if libc.sem_wait(ping) != 0:
                        raise OSError(ctypes.get_errno())
                    if i % 20 == 0:
                        time.sleep(0.0005)
                    libc.sem_post(pong)
                print('done', libc.sem_trywait(ping), ctypes.get_errno())
                """, pingFile.getKey(), pingFile.getValue().toString(), pongFile.getKey(), pongFile.getValue().toString())) {
            assertEquals("ready", python.line());
            for (int i = 0; i < 1_000; i++) {
                ping.release();
                assertTrue(pong.tryAcquire(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS), "round " + i);
            }
            assertEquals("done -1 " + EAGAIN, python.line());
        }
        assertEquals(0, waiters(ping));
        assertEquals(0, waiters(pong));
    }
}
