// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import dev.kindred.internal.domain.DescriptorPump;
import dev.kindred.internal.inheritance.Inheritance;
import dev.kindred.internal.os.DescriptorCleaner;
import dev.kindred.internal.os.Descriptors;
import dev.kindred.internal.os.Processes;
import dev.kindred.internal.space.Space;
import java.lang.ref.Cleaner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A JVM that this process has started: its number, the descriptor that stands for it, and the socket on which both
 * talk. It may be a spare, which waits for its task, or a child.
 *
 * <p>The descriptor pump looks after it until it has ended; nothing else need hold it as long.
 */
final class ChildJvm {

    /** HotSpot ends with this plus the number of the signal that asked it to end. */
    private static final int HOTSPOT_SIGNAL_BASE = 128;

    /** The code of a child whose real one somebody else has taken from the kernel. */
    private static final int UNKNOWN_EXIT_CODE = 255;

    private final int pid;
    private final int pidfd;
    private final FrameSocket socket;
    private final Cleaner.Cleanable closing;
    private final CompletableFuture<Integer> end = new CompletableFuture<>();

    /** What the child needs to find as it is until it has adopted it. */
    private Inheritance.@Nullable Kept kept;

    /** The signal that made the child end, as it says; 0 for none. */
    private int endingSignal;

    private DescriptorPump.@Nullable Registration endWatch;
    private DescriptorPump.@Nullable Registration frameWatch;
    private boolean socketOpen = true;
    private boolean sending;
    private boolean retired;

    private ChildJvm(Processes.Started started, FrameSocket socket) {
        this.pid = started.pid();
        this.pidfd = started.pidfd();
        this.socket = socket;
        this.closing = DescriptorCleaner.closeWhenUnreachable(this, pidfd);
    }

    /**
     * {@return a JVM that was started, from now on looked after}
     *
     * @param socket this process's end, which is the JVM's to close from now on
     * @throws dev.kindred.SystemCallException if the kernel has no room for looking after it; nothing is left of it then
     */
    static ChildJvm watched(Processes.Started started, FrameSocket socket, DescriptorPump pump) {
        ChildJvm jvm = new ChildJvm(started, socket);
        try {
            jvm.watch(pump);
            return jvm;
        } catch (RuntimeException e) {
            jvm.destroy();
            throw e;
        }
    }

    int pid() {
        return pid;
    }

    int pidfd() {
        return pidfd;
    }

    /**
     * {@return a future of the exit code} It completes on the thread that found the end: what depends on it must not
     * take long.
     */
    CompletableFuture<Integer> end() {
        return end;
    }

    private synchronized void watch(DescriptorPump pump) {
        endWatch = pump.register(pidfd, this::hasEnded);
    }

    /** Kills it before it has done anything, and waits for its end, which nobody else would notice. */
    private void destroy() {
        signal(Processes.SIGKILL);
        int _ = Descriptors.poll(pidfd, Descriptors.POLLIN, Long.MAX_VALUE);
        boolean _ = hasEnded();
        close();
    }

    /**
     * Gives it a task and begins to listen to what it says. Blocks while the socket is full, for as long as the child
     * does not read.
     *
     * @param frames  what to send, the last of which is the TASK
     * @param keeping what to keep until the child has adopted what travels with the task; this object's from now on
     * @return whether it took all of it; false if it has ended
     * @throws dev.kindred.SystemCallException if the kernel does not let it be sent or listened to; the JVM is retired
     *                                         then, as it is by any other exception
     */
    boolean start(Iterable<Frame> frames, Inheritance.Kept keeping) {
        try {
            return send(frames, keeping);
        } catch (RuntimeException | Error e) {
            retire(); // or it would wait for its task for ever
            throw e;
        }
    }

    private boolean send(Iterable<Frame> frames, Inheritance.Kept keeping) {
        synchronized (this) {
            if (hasEnded()) {
                keeping.close();
                return false;
            }
            kept = keeping;
            frameWatch = DescriptorPump.shared().register(socket.descriptor(), this::takeFrames);
            sending = true;
        }
        try {
            for (Frame frame : frames) {
                if (!socket.send(frame)) {
                    return false;
                }
            }
            return true;
        } finally {
            synchronized (this) {
                sending = false;
                closeSocketIfEnded();
            }
        }
    }

    /**
     * Lets one without a task end, which it does when its socket is closed, and gives back what this process holds of it
     * then.
     */
    void retire() {
        synchronized (this) {
            retired = true;
            closeSocketIfEnded();
        }
        if (hasEnded()) {
            close();
        }
    }

    void signal(int number) {
        Processes.signal(pidfd, number);
    }

    /**
     * {@return whether it has ended} If it has and nobody had noticed, the family is rid of it and it is reaped now.
     */
    boolean hasEnded() {
        if (isUnreaped()) {
            try {
                Space.current().domain().childEnded(pid);
            } finally {
                reap();
            }
        }
        return end.isDone();
    }

    int exitCode() {
        return end.join();
    }

    void awaitEnd() throws InterruptedException {
        awaitEnd(Long.MAX_VALUE);
    }

    /** {@return whether it has ended within so many nanoseconds} */
    boolean awaitEnd(long nanoseconds) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (nanoseconds <= 0 || hasEnded()) {
            return hasEnded();
        }
        try {
            end.get(nanoseconds, TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException timeUp) {
            return hasEnded();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the end of process " + pid + " could not be found out", e.getCause());
        }
    }

    private synchronized boolean isUnreaped() {
        return !end.isDone() && Descriptors.poll(pidfd, Descriptors.POLLIN, System.nanoTime()) != 0;
    }

    private synchronized void reap() {
        if (end.isDone()) {
            return;
        }
        int status = Processes.waitChild(pidfd, false);
        if (status == Processes.RUNNING) {
            return;
        }
        try {
            takeFrames();
        } finally {
            end.complete(status == Processes.NOT_A_CHILD ? UNKNOWN_EXIT_CODE : exitCode(status));
            closeSocketIfEnded();
            if (retired) {
                close();
            }
            letGo();
        }
    }

    private int exitCode(int status) {
        return endingSignal != 0 && status == HOTSPOT_SIGNAL_BASE + endingSignal ? -endingSignal : status;
    }

    private synchronized void takeFrames() {
        if (!socketOpen) {
            return;
        }
        for (Frame frame = socket.poll(); frame != null; frame = socket.poll()) {
            switch (frame.kind()) {
                case ADOPTED -> letGo();
                case ENDING -> endingSignal = frame.body()[0];
                default -> throw new IllegalStateException("process " + pid + " sent its parent a frame "
                        + frame.kind());
            }
        }
    }

    private void letGo() {
        Inheritance.Kept ended = kept;
        kept = null;
        if (ended != null) {
            ended.close();
        }
    }

    /** A sender must not find its descriptor's number given to another file. */
    private void closeSocketIfEnded() {
        if (!socketOpen || sending || !(retired || end.isDone())) {
            return;
        }
        if (frameWatch != null) {
            frameWatch.cancel();
            frameWatch = null;
        }
        socketOpen = false;
        socket.close();
    }

    /** Closes the descriptor that stands for it, once it has ended. */
    synchronized void close() {
        if (endWatch != null) {
            endWatch.cancel();
            endWatch = null;
        }
        closing.clean();
    }
}
