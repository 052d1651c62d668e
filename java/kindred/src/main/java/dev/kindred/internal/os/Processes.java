// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.os;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Starts processes, watches and ends them, and tells who this one is. */
public final class Processes {

    /** Ctrl-C. */
    public static final int SIGINT = 2;

    /** Ends a process that cannot do anything about it. */
    public static final int SIGKILL = 9;

    /** Asks a process to end. */
    public static final int SIGTERM = 15;

    /** Lets a stopped process go on. */
    public static final int SIGCONT = 18;

    /** Stops a process. */
    public static final int SIGSTOP = 19;

    /** What {@link #waitChild} returns for a process that runs. */
    public static final int RUNNING = Integer.MAX_VALUE;

    /** What {@link #waitChild} returns for a process that is no child of this one, or whose ending was taken by somebody else. */
    public static final int NOT_A_CHILD = Integer.MAX_VALUE - 1;

    /** The C layer adds this to a signal. */
    private static final int SIGNALLED = 256;

    /**
     * A process that was started.
     *
     * @param pid   its number
     * @param pidfd a descriptor that stands for it and for nobody else, which the caller closes
     */
    public record Started(int pid, int pidfd) {}

    private Processes() {}

    /**
     * {@return a new process} Its signals have their default actions and none is blocked.
     *
     * @param request what to start
     * @throws dev.kindred.SystemCallException if the program cannot be started; nothing is left of it then
     */
    public static Started spawn(SpawnRequest request) {
        byte @Nullable [] folder =
                request.folder() == null ? null : Texts.terminated(request.folder());
        int[] descriptors = request.descriptors().stream().mapToInt(Integer::intValue).toArray();
        int[] started = new int[2];
        int result;
        try (Arena arena = Arena.ofConfined()) {
            result = Native.spawn(
                    pointers(arena, request.arguments()).address(),
                    pointers(arena, request.environment()).address(),
                    folder,
                    descriptors,
                    request.deathSignal(),
                    started);
        }
        if (result < 0) {
            throw Errno.failure(
                    result,
                    "spawn",
                    "program",
                    request.arguments().getFirst(),
                    "folder",
                    request.folder() == null ? "." : request.folder(),
                    "descriptors",
                    descriptors.length);
        }
        return new Started(started[0], started[1]);
    }

    /** Writes texts to memory, and an array of pointers to them with a NULL at its end. */
    private static MemorySegment pointers(Arena arena, List<String> texts) {
        MemorySegment pointers = arena.allocate(ValueLayout.ADDRESS, texts.size() + 1L);
        for (int i = 0; i < texts.size(); i++) {
            MemorySegment text = arena.allocateFrom(ValueLayout.JAVA_BYTE, Texts.terminated(texts.get(i)));
            pointers.setAtIndex(ValueLayout.ADDRESS, i, text);
        }
        return pointers;
    }

    /**
     * {@return a descriptor that stands for a process and is ready to read once it has ended}
     *
     * @param pid the process
     * @throws dev.kindred.SystemCallException if there is none
     */
    public static int pidfdOpen(int pid) {
        int result = Native.pidfdOpen(pid);
        if (result < 0) {
            throw Errno.failure(result, "pidfd_open", "pid", pid);
        }
        return result;
    }

    /**
     * Sends a signal.
     *
     * @param pidfd  the process
     * @param signal the signal, 0 to ask only
     * @return false if the process is gone already
     * @throws dev.kindred.SystemCallException if it may not be sent
     */
    public static boolean signal(int pidfd, int signal) {
        int result = Native.pidfdSendSignal(pidfd, signal);
        if (result < 0 && result != -Errno.ESRCH) {
            throw Errno.failure(result, "pidfd_send_signal", "pidfd", pidfd, "signal", signal);
        }
        return result >= 0;
    }

    /**
     * Reaps a child.
     *
     * @param pidfd the child
     * @param hang  whether to wait for its end; a thread that waits is not woken by {@link Thread#interrupt()}
     * @return its exit code (0 to 255), the negative number of the signal that killed it, {@link #RUNNING}, or {@link #NOT_A_CHILD} (so also
     *         when this process ignores SIGCHLD)
     * @throws dev.kindred.SystemCallException if the descriptor does not stand for a process
     */
    public static int waitChild(int pidfd, boolean hang) {
        int result = Native.waitChild(pidfd, hang);
        return switch (result) {
            case -Errno.EAGAIN -> RUNNING;
            case -Errno.ECHILD -> NOT_A_CHILD;
            default -> {
                if (result < 0) {
                    throw Errno.failure(result, "waitid", "pidfd", pidfd);
                }
                yield result < SIGNALLED ? result : SIGNALLED - result;
            }
        };
    }

    /**
     * {@return whether a process executes nothing any more and never will, even if the kernel has yet to free its memory, and holds its locks and
     * descriptors until then} False, too, where that cannot be told: where /proc does not show the process, and when it has been reaped.
     *
     * @param pid the process
     */
    public static boolean hasEnded(int pid) {
        return Native.hasEnded(pid) == 1;
    }

    /**
     * {@return the options that this JVM was started with, those of the environment included} The same as those of the
     * {@code RuntimeMXBean}, but without the library of the JDK's management, which is loaded once or, when this process
     * has no descriptor left for it, never.
     */
    public static List<String> virtualMachineOptions() {
        try {
            String[] options = Native.virtualMachineOptions();
            return options == null ? List.of() : List.of(options);
        } catch (LinkageError anotherJdk) {
            return ManagementFactory.getRuntimeMXBean().getInputArguments();
        }
    }

    /** {@return this process's number} */
    public static int processId() {
        return Native.processId();
    }

    /** {@return the number of this process's parent, 0 if it lies outside of this pid namespace} */
    public static int parentId() {
        return Native.parentId();
    }

    /** {@return the effective user of this process} */
    public static int userId() {
        return Native.userId();
    }

    /** {@return the kernel's number of this thread} */
    public static int threadId() {
        return Native.threadId();
    }

    /**
     * Sends this process a signal by way of the calling thread: what it does to the process, it has done before this returns.
     *
     * @param signal the signal
     * @throws dev.kindred.SystemCallException if there is no such signal
     */
    public static void raise(int signal) {
        int result = Native.raise(signal);
        if (result < 0) {
            throw Errno.failure(result, "tgkill", "signal", signal);
        }
    }

    /**
     * Sets the signal that this process gets when the thread that started it ends.
     *
     * @param signal the signal, 0 for none
     * @throws dev.kindred.SystemCallException if there is no such signal
     */
    public static void setDeathSignal(int signal) {
        int result = Native.setDeathSignal(signal);
        if (result < 0) {
            throw Errno.failure(result, "prctl", "option", "PR_SET_PDEATHSIG", "signal", signal);
        }
    }

    /**
     * Ends this process at once: no shutdown hooks, no flushing.
     *
     * @param code its exit code, 0 to 255
     */
    public static void exitNow(int code) {
        Native.exitNow(code);
    }
}
