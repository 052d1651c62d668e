// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kindred.SystemCallException;
import dev.kindred.internal.domain.DescriptorPump;
import dev.kindred.internal.inheritance.Inheritance;
import dev.kindred.internal.os.Descriptors;
import dev.kindred.internal.os.Errno;
import dev.kindred.internal.os.Events;
import dev.kindred.internal.os.Processes;
import dev.kindred.internal.os.Sockets;
import dev.kindred.internal.os.SpawnRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What becomes of a process that was started when the kernel has no room for looking after it. */
final class ChildJvmTest {

    private static Processes.Started sleeper() {
        return Processes.spawn(new SpawnRequest(List.of("/bin/sleep", "1000"), List.of(), null, List.of(0, 1, 2), Processes.SIGKILL));
    }

    private static boolean exists(int pid) {
        return Files.exists(Path.of("/proc", Integer.toString(pid)));
    }

    /** Keeps the pump busy until the latch is open. */
    private static void occupy(DescriptorPump pump, CountDownLatch end) throws InterruptedException {
        CountDownLatch occupied = new CountDownLatch(1);
        int event = Events.create();
        Events.signal(event);
        pump.register(event, () -> {
            occupied.countDown();
            try {
                end.await();
            } catch (InterruptedException impossible) {
                throw new AssertionError(impossible);
            }
            Descriptors.close(event);
        });
        occupied.await();
    }

    @Test
    void isEndedIfItCannotBeWatched() throws InterruptedException {
        DescriptorPump pump = DescriptorPump.shared();
        CountDownLatch end = new CountDownLatch(1);
        // It must not see the end of the process: what is registered below is only there to be in the way.
        occupy(pump, end);
        try {
            Processes.Started started = sleeper();
            int[] ends = Sockets.pair(Sockets.SOCK_STREAM);
            pump.register(started.pidfd(), () -> {});
            SystemCallException failure = assertThrows(SystemCallException.class,
                    () -> ChildJvm.watched(started, new FrameSocket(ends[0]), pump));
            assertEquals(Errno.EEXIST, failure.errno());
            assertFalse(exists(started.pid()), "its end was taken from the kernel");
            assertNull(new FrameSocket(ends[1]).receive(), "its socket is closed");
            Descriptors.close(ends[1]);
        } finally {
            end.countDown();
        }
    }

    /** {@return what is to be kept for a task with which nothing travels} */
    private static Inheritance.Kept nothing() {
        try (Inheritance.Outgoing outgoing = Inheritance.outgoing()) {
            return outgoing.keep();
        }
    }

    @Test
    void isRetiredIfItCannotBeListenedTo() throws InterruptedException {
        DescriptorPump pump = DescriptorPump.shared();
        Processes.Started started = sleeper();
        int[] ends = Sockets.pair(Sockets.SOCK_STREAM);
        ChildJvm jvm = ChildJvm.watched(started, new FrameSocket(ends[0]), pump);
        pump.register(ends[0], () -> {});
        List<Frame> task = List.of(Frame.of(Frame.Kind.TASK, new byte[1]));
        SystemCallException failure = assertThrows(SystemCallException.class, () -> jvm.start(task, nothing()));
        assertEquals(Errno.EEXIST, failure.errno());
        FrameSocket child = new FrameSocket(ends[1]);
        assertNull(child.receive(), "a child ends by itself then");
        child.close();
        assertTrue(exists(started.pid()));
        jvm.signal(Processes.SIGKILL);
        jvm.awaitEnd();
        assertEquals(-Processes.SIGKILL, jvm.exitCode());
        assertFalse(exists(started.pid()));
    }

    /** As a task does that is longer than a frame may be. */
    @Test
    void isRetiredIfItsTaskCannotBeSent() throws InterruptedException {
        int[] ends = Sockets.pair(Sockets.SOCK_STREAM);
        ChildJvm jvm = ChildJvm.watched(sleeper(), new FrameSocket(ends[0]), DescriptorPump.shared());
        Frame start = Frame.of(Frame.Kind.START, new byte[1]);
        Frame tooMany = new Frame(Frame.Kind.DESCRIPTORS, new byte[0], new int[FrameLayout.DESCRIPTORS_LIMIT + 1]);
        assertThrows(IllegalArgumentException.class, () -> jvm.start(List.of(start, tooMany), nothing()));
        FrameSocket child = new FrameSocket(ends[1]);
        assertEquals(Frame.Kind.START, child.receive().kind());
        assertNull(child.receive());
        child.close();
        jvm.signal(Processes.SIGKILL);
        jvm.awaitEnd();
    }
}
