// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kindred.OutOfSharedMemoryException;
import dev.kindred.SystemCallException;
import java.io.FileDescriptor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/** A call that fails is an exception that names the call, its arguments, the error's name and its text. */
class FailuresTest {

    /** No process has so many descriptors. */
    private static final int CLOSED = 987_654;

    private static final InetSocketAddress LOOPBACK = new InetSocketAddress("127.0.0.1", 7);

    private static final MemorySegment MEMORY = Arena.global().allocate(64, 8);

    @TestFactory
    Stream<DynamicTest> messages() {
        return Stream.of(
                failing(
                        () -> Descriptors.open("/nonexistent/file", Descriptors.O_RDWR | Descriptors.O_CREAT, 0640),
                        "open(path=/nonexistent/file, flags=O_RDWR|O_CREAT, mode=0640): ENOENT (No such file or directory)"),
                failing(() -> Descriptors.close(CLOSED), badDescriptor("close", "descriptor=987654")),
                failing(() -> Descriptors.status(CLOSED), badDescriptor("statx", "descriptor=987654")),
                failing(
                        () -> Descriptors.duplicate(CLOSED),
                        badDescriptor("fcntl", "descriptor=987654, command=F_DUPFD_CLOEXEC")),
                failing(() -> Descriptors.duplicateTo(CLOSED, 5), badDescriptor("dup3", "from=987654, to=5")),
                failing(() -> Descriptors.statusFlags(CLOSED), badDescriptor("fcntl", "descriptor=987654, command=F_GETFL")),
                failing(() -> Descriptors.read(CLOSED, MEMORY), badDescriptor("read", "descriptor=987654, length=64")),
                failing(() -> Descriptors.write(CLOSED, MEMORY), badDescriptor("write", "descriptor=987654, length=64")),
                failing(
                        () -> Descriptors.pipe(Descriptors.O_CREAT),
                        "pipe2(flags=O_RDONLY|O_CREAT): EINVAL (Invalid argument)"),
                failing(
                        () -> Mappings.map(CLOSED, 4096, 8192, Mappings.PROT_READ | Mappings.PROT_WRITE, Mappings.MAP_SHARED),
                        badDescriptor(
                                "mmap",
                                "length=8192, protection=PROT_READ|PROT_WRITE, flags=MAP_SHARED, descriptor=987654, offset=4096")),
                failing(
                        () -> Mappings.mapOver(4096, 8192, CLOSED, Mappings.PROT_READ, Mappings.MAP_SHARED),
                        badDescriptor(
                                "mmap",
                                "length=8192, protection=PROT_READ, flags=MAP_SHARED|MAP_FIXED, descriptor=987654, offset=0")),
                failing(
                        () -> SharedObjects.sharedMemoryLink(CLOSED, "/kindred-nonexistent"),
                        "linkat(descriptor=987654, name=/kindred-nonexistent): ENOENT (No such file or directory)"),
                failing(() -> Mappings.unmap(1, 4096), "munmap(address=0x1, length=4096): EINVAL (Invalid argument)"),
                failing(
                        () -> Mappings.advise(1, 4096, Mappings.MADV_DONTFORK),
                        "madvise(address=0x1, length=4096, advice=MADV_DONTFORK): EINVAL (Invalid argument)"),
                failing(
                        () -> SharedObjects.memfdCreate("x".repeat(300)),
                        "memfd_create(name=" + "x".repeat(300) + "): EINVAL (Invalid argument)"),
                failing(
                        () -> SharedObjects.addSeals(CLOSED, SharedObjects.F_SEAL_SHRINK | SharedObjects.F_SEAL_SEAL),
                        badDescriptor(
                                "fcntl", "descriptor=987654, command=F_ADD_SEALS, seals=F_SEAL_SEAL|F_SEAL_SHRINK")),
                failing(
                        () -> SharedObjects.sharedMemoryOpen("/kindred-nonexistent", Descriptors.O_RDONLY, 0),
                        "shm_open(name=/kindred-nonexistent, flags=O_RDONLY, mode=00): ENOENT (No such file or directory)"),
                failing(
                        () -> SharedObjects.sharedMemoryUnlink("/" + "x".repeat(256)),
                        "shm_unlink(name=/" + "x".repeat(256) + "): ENAMETOOLONG (File name too long)"),
                failing(
                        () -> SharedObjects.sharedMemoryLink(CLOSED, "/kindred-nonexistent"),
                        "linkat(descriptor=987654, name=/kindred-nonexistent): ENOENT (No such file or directory)"),
                failing(() -> SharedObjects.truncate(CLOSED, 7), badDescriptor("ftruncate", "descriptor=987654, size=7")),
                failing(
                        () -> SharedObjects.reserve(CLOSED, 5, 7, "a test"),
                        badDescriptor("fallocate", "descriptor=987654, offset=5, length=7")),
                failing(
                        () -> SharedObjects.punch(CLOSED, 5, 7),
                        badDescriptor(
                                "fallocate",
                                "descriptor=987654, mode=FALLOC_FL_KEEP_SIZE|FALLOC_FL_PUNCH_HOLE, offset=5, length=7")),
                failing(
                        () -> NamedSemaphores.open("/kindred-nonexistent", 0, 0, 0),
                        "sem_open(name=/kindred-nonexistent, flags=O_RDONLY, mode=00, value=0): ENOENT (No such file or directory)"),
                failing(
                        () -> NamedSemaphores.initialize(MEMORY.address(), -1),
                        "sem_init(address=0x" + Long.toHexString(MEMORY.address()) + ", value=-1): EINVAL (Invalid argument)"),
                failing(
                        () -> NamedSemaphores.unlink("/kindred-nonexistent"),
                        "sem_unlink(name=/kindred-nonexistent): ENOENT (No such file or directory)"),
                failing(
                        () -> Futex.wake(4096, 1, true),
                        "futex(operation=FUTEX_WAKE, address=0x1000, count=1): EFAULT (Bad address)"),
                failing(() -> Futex.wait(4096, 0, 4096, 0, 0, 0, 0), "futex_waitv(count=3): EFAULT (Bad address)"),
                failing(() -> Futex.waitMany(4096, 129, 0), "futex_waitv(count=129): EINVAL (Invalid argument)"),
                failing(
                        () -> FileLocks.tryLockByte(CLOSED, 3),
                        badDescriptor("fcntl", "descriptor=987654, command=F_OFD_SETLK, offset=3")),
                failing(
                        () -> FileLocks.unlockByte(CLOSED, 3),
                        badDescriptor("fcntl", "descriptor=987654, command=F_OFD_SETLK, offset=3")),
                failing(
                        () -> FileLocks.isByteLocked(CLOSED, 3),
                        badDescriptor("fcntl", "descriptor=987654, command=F_OFD_GETLK, offset=3")),
                failing(() -> Sockets.pair(99), "socketpair(type=99): EINVAL (Invalid argument)"),
                failing(
                        () -> Sockets.socket(99, Sockets.SOCK_STREAM),
                        "socket(family=99, type=1): EAFNOSUPPORT (Address family not supported by protocol)"),
                failing(
                        () -> Sockets.bind(CLOSED, "x".repeat(108)),
                        "bind(socket=987654, address=" + "x".repeat(108) + "): ENAMETOOLONG (File name too long)"),
                failing(() -> Sockets.connect(CLOSED, "@x"), badDescriptor("connect", "socket=987654, address=@x")),
                failing(() -> Sockets.listen(CLOSED, 5), badDescriptor("listen", "socket=987654, backlog=5")),
                failing(() -> Sockets.accept(CLOSED), badDescriptor("accept4", "socket=987654")),
                failing(
                        () -> Sockets.peerCredentials(CLOSED),
                        badDescriptor("getsockopt", "socket=987654, option=SO_PEERCRED")),
                failing(
                        () -> Sockets.send(CLOSED, MEMORY, new int[254], 0),
                        "sendmsg(socket=987654, length=64, descriptors=254): EMSGSIZE (Message too long)"),
                failing(
                        () -> Sockets.receive(CLOSED, MEMORY, 0),
                        badDescriptor("recvmsg", "socket=987654, length=64, descriptors=0")),
                failing(
                        () -> Sockets.send(CLOSED, new byte[9], 2, new int[254], 0),
                        "sendmsg(socket=987654, length=7, descriptors=254): EMSGSIZE (Message too long)"),
                failing(
                        () -> Sockets.receive(CLOSED, new byte[9], 2, new int[3], 0),
                        badDescriptor("recvmsg", "socket=987654, length=7, descriptors=3")),
                failing(() -> Sockets.acceptIfThere(CLOSED), badDescriptor("accept4", "socket=987654")),
                failing(() -> Sockets.connectIfPossible(CLOSED, "@x"), badDescriptor("connect", "socket=987654, address=@x")),
                failing(() -> Sockets.bind(CLOSED, LOOPBACK), badDescriptor("bind", "socket=987654, address=/127.0.0.1:7")),
                failing(() -> Sockets.connect(CLOSED, LOOPBACK), badDescriptor("connect", "socket=987654, address=/127.0.0.1:7")),
                failing(() -> Sockets.finishConnecting(CLOSED, LOOPBACK), badDescriptor("connect", "socket=987654, address=/127.0.0.1:7")),
                failing(() -> Sockets.inetAddress(CLOSED, false), badDescriptor("getsockname", "socket=987654")),
                failing(() -> Sockets.inetAddress(CLOSED, true), badDescriptor("getpeername", "socket=987654")),
                failing(
                        () -> Sockets.setOption(CLOSED, Sockets.SOL_SOCKET, Sockets.SO_REUSEADDR, 1),
                        badDescriptor("setsockopt", "socket=987654, level=1, option=2, value=1")),
                failing(() -> Sockets.setMode(CLOSED, 0600), badDescriptor("fchmod", "socket=987654, mode=0600")),
                failing(
                        () -> Streams.send(CLOSED, true, new byte[4], 0, new byte[3], 0, 3, new int[0]),
                        badDescriptor("sendmsg", "descriptor=987654, length=3, descriptors=0")),
                failing(
                        () -> Streams.send(CLOSED, false, new byte[4], 0, new byte[3], 0, 3, new int[0]),
                        badDescriptor("writev", "descriptor=987654, length=3, descriptors=0")),
                failing(
                        () -> Streams.receive(CLOSED, true, new byte[3], 0, 3, new int[Streams.RECEIVED_LENGTH]),
                        badDescriptor("recvmsg", "descriptor=987654, length=3")),
                failing(
                        () -> Streams.receive(CLOSED, false, new byte[3], 0, 3, new int[Streams.RECEIVED_LENGTH]),
                        badDescriptor("read", "descriptor=987654, length=3")),
                failing(
                        () -> Processes.spawn(new SpawnRequest(List.of("/nonexistent"), List.of(), null, List.of(0, 1, 2), 0)),
                        "spawn(program=/nonexistent, folder=., descriptors=3): ENOENT (No such file or directory)"),
                failing(() -> Processes.pidfdOpen(0x3fffffff), "pidfd_open(pid=1073741823): ESRCH (No such process)"),
                failing(() -> Processes.signal(CLOSED, 0), badDescriptor("pidfd_send_signal", "pidfd=987654, signal=0")),
                failing(() -> Processes.waitChild(CLOSED, true), badDescriptor("waitid", "pidfd=987654")),
                failing(
                        () -> Processes.setDeathSignal(99),
                        "prctl(option=PR_SET_PDEATHSIG, signal=99): EINVAL (Invalid argument)"),
                failing(
                        () -> Epoll.add(CLOSED, 1, Epoll.EPOLLIN, 0),
                        badDescriptor("epoll_ctl", "epoll=987654, operation=EPOLL_CTL_ADD, descriptor=1, events=0x1")),
                failing(
                        () -> Epoll.wait(CLOSED, Epoll.room(4), 0),
                        badDescriptor("epoll_wait", "epoll=987654, count=4, milliseconds=0")),
                failing(() -> Events.signal(CLOSED), badDescriptor("write", "eventfd=987654")),
                failing(() -> Events.clear(CLOSED), badDescriptor("read", "eventfd=987654")),
                failing(
                        () -> Affinity.set(Affinity.THIS_THREAD, new BitSet()),
                        "sched_setaffinity(thread=0, processors={}): EINVAL (Invalid argument)"));
    }

    @Test
    void exceptionsCarryWhatTheirMessageSays() {
        SystemCallException failure = assertThrows(SystemCallException.class, () -> Descriptors.close(CLOSED));
        assertEquals("close", failure.call());
        assertEquals(Errno.EBADF, failure.errno());
        assertEquals("EBADF", failure.errnoName());
    }

    @Test
    void closedObjectsHaveNoDescriptor() {
        SystemCallException failure =
                assertThrows(SystemCallException.class, () -> Descriptors.of(new FileDescriptor()));
        assertEquals("EBADF", failure.errnoName());
    }

    @Test
    void textsWithNulAreRefused() {
        IllegalArgumentException failure =
                assertThrows(IllegalArgumentException.class, () -> SharedObjects.memfdCreate("a\0b"));
        assertEquals("text has a NUL at index 1 of 3: a?b", failure.getMessage());
    }

    @Test
    void textsOfAnyLengthAreSafe() {
        SystemCallException failure = assertThrows(
                SystemCallException.class, () -> Descriptors.open("x".repeat(Native.TEXT_LIMIT), Descriptors.O_RDONLY, 0));
        assertEquals("ENAMETOOLONG", failure.errnoName());
    }

    @Test
    void memoryOfTheJavaHeapIsRefused() {
        MemorySegment heap = MemorySegment.ofArray(new byte[8]);
        assertThrows(IllegalArgumentException.class, () -> Descriptors.read(0, heap));
        assertThrows(IllegalArgumentException.class, () -> Sockets.send(0, heap, 0));
    }

    @Test
    void moreThanTheMachineHasIsRefused() {
        int memory = SharedObjects.memfdCreate("too much");
        try {
            OutOfSharedMemoryException failure = assertThrows(
                    OutOfSharedMemoryException.class, () -> SharedObjects.reserve(memory, 0, 1L << 50, "a test"));
            assertEquals(1L << 50, failure.requested());
            assertTrue(
                    String.valueOf(failure.getMessage())
                            .startsWith("cannot reserve 1125899906842624 bytes for a test: the machine has "),
                    failure.getMessage());
            assertEquals(0, Descriptors.status(memory).blocks());
        } finally {
            Descriptors.close(memory);
        }
    }

    @Test
    void moreThanTheFileSystemHasIsRefused() {
        String name = "/kindred-test-full-" + Processes.processId();
        int object = SharedObjects.sharedMemoryOpen(
                name, Descriptors.O_CREAT | Descriptors.O_EXCL | Descriptors.O_RDWR, 0600);
        SharedObjects.sharedMemoryUnlink(name);
        try {
            String message = SharedObjects.full(object, 1L << 50, "a test");
            assertTrue(
                    message.matches("cannot reserve 1125899906842624 bytes for a test: the file system that holds it has "
                            + "\\d+ bytes left; remove files .*"),
                    message);
        } finally {
            Descriptors.close(object);
        }
    }

    private static String badDescriptor(String call, String arguments) {
        return call + "(" + arguments + "): EBADF (Bad file descriptor)";
    }

    private static DynamicTest failing(Executable call, String message) {
        String name = message.substring(0, message.indexOf('('));
        return DynamicTest.dynamicTest(
                name, () -> assertEquals(message, assertThrows(SystemCallException.class, call).getMessage()));
    }
}
