// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.os;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every wrapper hands its arguments on in their places and returns what the call did. What the calls do is tested in C. */
class WrappersTest {

    private static final long SECOND = 1_000_000_000;

    private Arena arena;
    private int memory;

    @BeforeEach
    void open() {
        arena = Arena.ofConfined();
        memory = SharedObjects.memfdCreate("wrappers");
    }

    @AfterEach
    void close() {
        Descriptors.close(memory);
        arena.close();
    }

    @Test
    void sharedObjects() {
        SharedObjects.reserve(memory, 4096, 8192, "a test");
        FileStatus status = Descriptors.status(memory);
        assertEquals(12288, status.size());
        assertEquals(8192 / 512, status.blocks());
        assertEquals(Processes.userId(), status.uid());
        assertEquals(0, status.links());
        assertFalse(status.isDirectory());
        SharedObjects.punch(memory, 4096, 4096);
        assertEquals(4096 / 512, Descriptors.status(memory).blocks());
        SharedObjects.truncate(memory, 100);
        assertEquals(100, Descriptors.status(memory).size());
        SharedObjects.addSeals(memory, SharedObjects.F_SEAL_SHRINK);
        assertEquals(Long.MAX_VALUE, Native.room(memory));
    }

    @Test
    void namedObjects() {
        String name = "/kindred-test-" + Processes.processId();
        int object = SharedObjects.sharedMemoryOpen(
                name, Descriptors.O_CREAT | Descriptors.O_EXCL | Descriptors.O_RDWR, 0640);
        assertTrue(Files.exists(Path.of("/dev/shm" + name)));
        assertEquals(0640, Descriptors.status(object).permissions());
        assertTrue(Native.room(object) > 0);
        SharedObjects.sharedMemoryUnlink(name);
        assertFalse(Files.exists(Path.of("/dev/shm" + name)));
        Descriptors.close(object);
    }

    @Test
    void unnamedObjects() {
        String name = "/kindred-test-unnamed-" + Processes.processId();
        int object = SharedObjects.sharedMemoryCreateUnnamed(0640);
        int other = SharedObjects.sharedMemoryCreateUnnamed(0600);
        assertEquals(0640, Descriptors.status(object).permissions());
        assertEquals(0, Descriptors.status(object).links());
        assertTrue(SharedObjects.sharedMemoryLink(object, name));
        assertEquals(1, Descriptors.status(object).links());
        assertFalse(SharedObjects.sharedMemoryLink(other, name));
        SharedObjects.sharedMemoryUnlink(name);
        Descriptors.close(object);
        Descriptors.close(other);
    }

    @Test
    void mappings() {
        SharedObjects.truncate(memory, 8192);
        long address =
                Mappings.map(memory, 4096, 4096, Mappings.PROT_READ | Mappings.PROT_WRITE, Mappings.MAP_SHARED);
        Mappings.advise(address, 4096, Mappings.MADV_DONTFORK);
        at(address, 4096).set(ValueLayout.JAVA_LONG, 8, 42);
        long other = Mappings.map(memory, 0, 8192, Mappings.PROT_READ, Mappings.MAP_SHARED);
        assertEquals(42, at(other, 8192).get(ValueLayout.JAVA_LONG, 4096 + 8));
        int third = SharedObjects.memfdCreate("third");
        SharedObjects.truncate(third, 4096);
        Mappings.mapOver(address, 4096, third, Mappings.PROT_READ | Mappings.PROT_WRITE, Mappings.MAP_SHARED);
        assertEquals(0, at(address, 4096).get(ValueLayout.JAVA_LONG, 8));
        at(address, 4096).set(ValueLayout.JAVA_LONG, 8, 43);
        assertEquals(42, at(other, 8192).get(ValueLayout.JAVA_LONG, 4096 + 8));
        Mappings.unmap(address, 4096);
        Mappings.unmap(other, 8192);
        Descriptors.close(third);
    }

    @Test
    void descriptors(@TempDir Path folder) throws IOException {
        Path path = folder.resolve("größe"); // goes through the encoding of file names
        int file = Descriptors.open(path.toString(), Descriptors.O_CREAT | Descriptors.O_WRONLY | Descriptors.O_APPEND, 0600);
        assertEquals(5, Descriptors.write(file, text("hello")));
        assertEquals(Descriptors.O_WRONLY | Descriptors.O_APPEND, Descriptors.statusFlags(file) & 02003);
        int copy = Descriptors.duplicate(file);
        assertTrue(Descriptors.status(copy).isSameFile(Descriptors.status(file)));
        assertFalse(Descriptors.status(memory).isSameFile(Descriptors.status(file)));
        Descriptors.duplicateTo(memory, copy);
        assertTrue(Descriptors.status(copy).isSameFile(Descriptors.status(memory)));
        Descriptors.close(copy);
        Descriptors.close(file);

        file = Descriptors.open(path.toString(), Descriptors.O_RDONLY, 0);
        MemorySegment buffer = arena.allocate(16);
        assertEquals(5, Descriptors.read(file, buffer));
        assertEquals("hello", buffer.getString(0));
        assertEquals(0, Descriptors.read(file, buffer));
        Descriptors.close(file);
    }

    @Test
    void objectsOfTheJdk(@TempDir Path folder) throws IOException {
        Path path = folder.resolve("file");
        try (FileOutputStream out = new FileOutputStream(path.toFile())) {
            int number = Descriptors.of(out.getFD());
            assertEquals(3, Descriptors.write(number, text("abc")));
            try (FileOutputStream other = new FileOutputStream(Descriptors.wrap(Descriptors.duplicate(number)))) {
                other.write('d');
            }
        }
        assertEquals("abcd", Files.readString(path));
    }

    @Test
    void pipes() {
        int[] ends = Descriptors.pipe(Descriptors.O_NONBLOCK);
        MemorySegment buffer = arena.allocate(4);
        assertEquals(-Errno.EAGAIN, Descriptors.read(ends[0], buffer));
        assertEquals(0, Descriptors.poll(ends[0], Descriptors.POLLIN, System.nanoTime()));
        assertEquals(3, Descriptors.write(ends[1], text("abc")));
        assertEquals(Descriptors.POLLIN, Descriptors.poll(ends[0], Descriptors.POLLIN, Long.MAX_VALUE));
        assertEquals(3, Descriptors.read(ends[0], buffer));
        closeAll(ends);
    }

    @Test
    void semaphores() {
        String name = "/kindred-test-" + Processes.processId();
        long semaphore =
                NamedSemaphores.open(name, Descriptors.O_CREAT | Descriptors.O_EXCL, 0600, 2);
        assertEquals(2, at(semaphore, 32).get(ValueLayout.JAVA_INT, 0));
        NamedSemaphores.post(semaphore);
        assertEquals(3, at(semaphore, 32).get(ValueLayout.JAVA_INT, 0));
        NamedSemaphores.unlink(name);
        NamedSemaphores.close(semaphore);

        MemorySegment unnamed = arena.allocate(32, 8);
        NamedSemaphores.initialize(unnamed.address(), 7);
        assertEquals(7, unnamed.get(ValueLayout.JAVA_INT, 0));
    }

    @Test
    void futexes() throws InterruptedException {
        MemorySegment words = arena.allocate(64, 64);
        long object = words.address();
        long epoch = object + 4;
        long interrupt = object + 8;
        words.set(ValueLayout.JAVA_INT, 4, 5);
        words.set(ValueLayout.JAVA_INT, 8, -6);
        long soon = System.nanoTime() + 1_000_000;
        assertEquals(-Errno.ETIMEDOUT, Futex.wait(object, 0, epoch, 5, interrupt, -6, soon));
        assertTrue(System.nanoTime() >= soon);
        assertEquals(-Errno.EAGAIN, Futex.wait(object, 1, epoch, 5, interrupt, -6, Long.MAX_VALUE));
        assertEquals(-Errno.EAGAIN, Futex.wait(object, 0, epoch, 6, interrupt, -6, Long.MAX_VALUE));
        assertEquals(-Errno.EAGAIN, Futex.wait(object, 0, epoch, 5, interrupt, 6, Long.MAX_VALUE));
        assertEquals(0, Futex.wake(object, 1, true));

        assertEquals(1, wokenBy(() -> Futex.wake(epoch, 1, true), () -> Futex.wait(object, 0, epoch, 5, interrupt, -6, Long.MAX_VALUE)));
        assertEquals(2, wokenBy(() -> Futex.wake(interrupt, 1, false), () -> Futex.wait(object, 0, epoch, 5, interrupt, -6, Long.MAX_VALUE)));

        MemorySegment vector = arena.allocate(2L * Futex.ENTRY_SIZE, 8);
        vector.set(ValueLayout.JAVA_LONG, 0, object);
        vector.set(ValueLayout.JAVA_INT, 12, 1);
        vector.set(ValueLayout.JAVA_LONG, 16, interrupt);
        vector.set(ValueLayout.JAVA_INT, 24, -6);
        assertEquals(1, wokenBy(() -> Futex.wake(interrupt, 1, false), () -> Futex.waitMany(vector.address(), 2, Long.MAX_VALUE)));
        assertEquals(0, wokenBy(() -> Futex.wake(object, 1, true), () -> Futex.waitMany(vector.address(), 2, Long.MAX_VALUE)));
        assertEquals(-Errno.ETIMEDOUT, Futex.waitMany(vector.address(), 2, 0));
    }

    private interface Call {
        int run();
    }

    /** {@return the result of a wait} The waker is called until it has met the waiter. */
    private static int wokenBy(Call waker, Call waiter) throws InterruptedException {
        int[] result = {Integer.MIN_VALUE};
        Thread thread = new Thread(() -> result[0] = waiter.run());
        thread.start();
        long limit = System.nanoTime() + 10 * SECOND;
        while (waker.run() == 0) {
            assertTrue(System.nanoTime() < limit, "nobody waits");
            Thread.sleep(1);
        }
        thread.join();
        return result[0];
    }

    @Test
    void fileLocks() {
        int other = Descriptors.open("/proc/self/fd/" + memory, Descriptors.O_RDWR, 0);
        assertTrue(FileLocks.tryLockByte(memory, 1L << 40));
        assertFalse(FileLocks.tryLockByte(other, 1L << 40));
        assertTrue(FileLocks.tryLockByte(other, 1));
        assertTrue(FileLocks.isByteLocked(other, 1L << 40));
        assertFalse(FileLocks.isByteLocked(memory, 1L << 40));
        FileLocks.unlockByte(memory, 1L << 40);
        assertFalse(FileLocks.isByteLocked(other, 1L << 40));
        Descriptors.close(other);
    }

    @Test
    void socketsAndDescriptorsOverThem() {
        int[] ends = Sockets.pair(Sockets.SOCK_STREAM);
        MemorySegment buffer = arena.allocate(8);
        assertEquals(-Errno.EAGAIN, Sockets.receive(ends[1], buffer, Sockets.MSG_DONTWAIT));
        assertEquals(5, Sockets.send(ends[0], text("hello"), new int[] {memory}, 0));
        int[] received = new int[2];
        assertEquals(5, Sockets.receive(ends[1], buffer, received, 0));
        assertEquals("hello", buffer.getString(0));
        assertEquals(-1, received[1]);
        assertNotEquals(memory, received[0]);
        assertTrue(Descriptors.status(received[0]).isSameFile(Descriptors.status(memory)));
        Descriptors.close(received[0]);
        closeAll(ends);
    }

    @Test
    void arraysOverSockets() {
        int[] ends = Sockets.pair(Sockets.SOCK_STREAM);
        byte[] sent = new byte[20_000];
        new Random(1).nextBytes(sent);
        assertEquals(16_384, Sockets.send(ends[0], sent, 3_000, new int[] {memory}, 0), "as much as fits at once");
        assertEquals(616, Sockets.send(ends[0], sent, 19_384, new int[0], 0));
        byte[] received = new byte[17_001];
        int[] descriptors = new int[2];
        assertEquals(16_384, Sockets.receive(ends[1], received, 1, descriptors, 0));
        assertEquals(616, Sockets.receive(ends[1], received, 16_385, new int[0], 0));
        assertArrayEquals(Arrays.copyOfRange(sent, 3_000, 20_000), Arrays.copyOfRange(received, 1, 17_001));
        assertTrue(Descriptors.status(descriptors[0]).isSameFile(Descriptors.status(memory)));
        assertEquals(-1, descriptors[1]);
        assertEquals(-Errno.EAGAIN, Sockets.receive(ends[1], received, 0, new int[0], Sockets.MSG_DONTWAIT));
        Descriptors.close(descriptors[0]);
        closeAll(ends);
    }

    @Test
    void arraysAreUsedWithinTheirBounds() {
        int[] ends = Sockets.pair(Sockets.SOCK_STREAM);
        int[] none = {};
        assertThrows(IndexOutOfBoundsException.class, () -> Sockets.send(ends[0], new byte[4], -1, none, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> Sockets.receive(ends[1], new byte[4], 5, none, 0));
        closeAll(ends);
    }

    /** By the short way: the other loads a library, for which there may be no descriptor. */
    @Test
    void optionsOfThisMachine() {
        String[] own = Native.virtualMachineOptions();
        assertNotNull(own);
        List<String> options = List.of(own);
        assertTrue(options.contains("--enable-native-access=dev.kindred"), options.toString());
        assertEquals(ManagementFactory.getRuntimeMXBean().getInputArguments(), options);
        assertEquals(options, Processes.virtualMachineOptions());
    }

    @Test
    void socketsWithAddresses() {
        String address = "@kindred-test-" + Processes.processId();
        int server = Sockets.socket(Sockets.AF_UNIX, Sockets.SOCK_STREAM);
        Sockets.bind(server, address);
        Sockets.listen(server, 1);
        int client = Sockets.socket(Sockets.AF_UNIX, Sockets.SOCK_STREAM);
        Sockets.connect(client, address);
        int accepted = Sockets.accept(server);
        Sockets.Credentials credentials = Sockets.peerCredentials(accepted);
        assertEquals(Processes.processId(), credentials.pid());
        assertEquals(Processes.userId(), credentials.uid());
        assertEquals(2, Sockets.send(client, text("hi"), 0));
        assertEquals(2, Sockets.receive(accepted, arena.allocate(8), 0));
        closeAll(server, client, accepted);
    }

    @Test
    void processes() {
        int[] output = Descriptors.pipe(0);
        Processes.Started started = Processes.spawn(new SpawnRequest(
                List.of("/bin/sh", "-c", "echo $0 $WORD; pwd; exit 3", "größe"),
                List.of("WORD=höhe"),
                "/proc",
                List.of(-1, output[1], -1),
                Processes.SIGKILL));
        Descriptors.close(output[1]);
        assertEquals(3, Processes.waitChild(started.pidfd(), true));
        assertEquals(Processes.NOT_A_CHILD, Processes.waitChild(started.pidfd(), false));
        assertFalse(Processes.signal(started.pidfd(), 0));
        MemorySegment buffer = arena.allocate(64);
        Descriptors.read(output[0], buffer);
        assertEquals("größe höhe\n/proc\n", buffer.getString(0, StandardCharsets.UTF_8));
        closeAll(output[0], started.pidfd());
    }

    @Test
    void processesThatAreKilled() {
        Processes.Started started =
                Processes.spawn(new SpawnRequest(List.of("/bin/sleep", "1000"), List.of(), null, List.of(), Processes.SIGKILL));
        assertEquals(Processes.RUNNING, Processes.waitChild(started.pidfd(), false));
        int other = Processes.pidfdOpen(started.pid());
        assertTrue(Processes.signal(other, Processes.SIGTERM));
        assertEquals(Descriptors.POLLIN, Descriptors.poll(other, Descriptors.POLLIN, System.nanoTime() + 10 * SECOND));
        assertEquals(-Processes.SIGTERM, Processes.waitChild(started.pidfd(), true));
        closeAll(other, started.pidfd());
    }

    @Test
    void endsOfProcesses() {
        Processes.Started started =
                Processes.spawn(new SpawnRequest(List.of("/bin/sleep", "1000"), List.of(), null, List.of(), Processes.SIGKILL));
        assertFalse(Processes.hasEnded(started.pid()));
        assertFalse(Processes.hasEnded(Processes.processId()));
        Processes.signal(started.pidfd(), Processes.SIGKILL);
        assertEquals(Descriptors.POLLIN, Descriptors.poll(started.pidfd(), Descriptors.POLLIN, System.nanoTime() + 10 * SECOND));
        assertTrue(Processes.hasEnded(started.pid()));
        assertEquals(-Processes.SIGKILL, Processes.waitChild(started.pidfd(), true));
        assertFalse(Processes.hasEnded(started.pid()), "where nothing is left of a process, nothing is told of it");
        Descriptors.close(started.pidfd());
    }

    @Test
    void marksAtTheEndsOfThreads() {
        MemorySegment word = Arena.ofAuto().allocate(ValueLayout.JAVA_INT);
        MemorySegment mark = Arena.ofAuto().allocate(Futex.MARK_SIZE, 8);
        Thread.ofPlatform().start(() -> {
            assertTrue(Futex.markAtThreadEnd(word.address(), mark.address()));
            word.set(ValueLayout.JAVA_INT, 0, Processes.threadId() | Futex.FUTEX_WAITERS);
        });
        MemorySegment vector = arena.allocate(Futex.ENTRY_SIZE, 8);
        int marked = Futex.FUTEX_WAITERS | Futex.FUTEX_OWNER_DIED;
        long deadline = System.nanoTime() + 10 * SECOND;
        for (int held = 0; held != marked; held = word.get(ValueLayout.JAVA_INT, 0)) {
            // Both memory and thread are of this process; yet the kernel wakes those who wait on the word as on one that is shared.
            Futex.setEntry(vector, 0, word.address(), held, true);
            assertTrue(System.nanoTime() < deadline, "not marked");
            Futex.waitMany(vector.address(), 1, held == 0 ? System.nanoTime() + 1_000_000 : deadline);
        }
    }

    @Test
    void identity() {
        assertEquals(ProcessHandle.current().pid(), Processes.processId());
        assertEquals(ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L), Processes.parentId());
        assertTrue(Files.exists(Path.of("/proc/self/task/" + Processes.threadId())));
    }

    @Test
    void epollAndEvents() {
        int epoll = Epoll.create();
        int event = Events.create();
        Epoll.add(epoll, event, Epoll.EPOLLIN, Long.MIN_VALUE + 5);
        long[] events = Epoll.room(2);
        assertEquals(0, Epoll.wait(epoll, events, 0));
        Events.signal(event);
        assertEquals(1, Epoll.wait(epoll, events, -1));
        assertEquals(Epoll.EPOLLIN, Epoll.events(events, 0));
        assertEquals(Long.MIN_VALUE + 5, Epoll.data(events, 0));
        Epoll.change(epoll, event, 0, 0);
        assertEquals(0, Epoll.wait(epoll, events, 1));
        Epoll.remove(epoll, event);
        assertTrue(Events.clear(event));
        assertFalse(Events.clear(event));
        closeAll(epoll, event);
    }

    @Test
    void affinity() throws InterruptedException {
        BitSet all = Affinity.get(Affinity.THIS_THREAD);
        assertFalse(all.isEmpty());
        BitSet last = new BitSet();
        last.set(all.length() - 1);
        BitSet[] seen = new BitSet[1];
        Thread thread = new Thread(() -> {
            Affinity.set(Affinity.THIS_THREAD, last);
            seen[0] = Affinity.get(Processes.threadId());
        });
        thread.start();
        thread.join();
        assertEquals(last, seen[0]);
        assertEquals(all, Affinity.get(Affinity.THIS_THREAD));
    }

    @Test
    void errors() {
        assertEquals("ENOSPC", Errno.name(Errno.ENOSPC));
        assertEquals("No space left on device", Errno.text(Errno.ENOSPC));
        assertArrayEquals(new byte[] {'a', 0}, Texts.terminated("a"));
    }

    private MemorySegment text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
    }

    @SuppressWarnings("restricted") // memory that this test has mapped itself
    private static MemorySegment at(long address, long length) {
        return MemorySegment.ofAddress(address).reinterpret(length);
    }

    private static void closeAll(int... descriptors) {
        for (int descriptor : descriptors) {
            Descriptors.close(descriptor);
        }
    }
}
