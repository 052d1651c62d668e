// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import dev.kindred.internal.domain.DescriptorPump;
import dev.kindred.internal.domain.Domain;
import dev.kindred.internal.os.Descriptors;
import dev.kindred.internal.os.Processes;
import dev.kindred.internal.os.Sockets;
import dev.kindred.internal.os.SpawnRequest;
import dev.kindred.internal.space.Space;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The thread that starts JVMs.
 *
 * <p>The kernel kills a process's children when the <em>thread</em> that started them ends, so one thread starts them
 * all and never ends.
 */
final class Spawner {

    static final Spawner INSTANCE = new Spawner();

    private static final int NO_SIGNAL = 0;

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("kindred-spawner").factory());

    private Spawner() {}

    /**
     * {@return a new JVM, which knows its family and waits for its task} The calling thread waits for it; if it is
     * virtual, it parks.
     *
     * @throws dev.kindred.SystemCallException if it cannot be started
     */
    ChildJvm spawn(JvmLaunch launch) {
        return call(() -> spawnHere(launch));
    }

    /** Runs something on the thread, and waits for it. */
    void run(Runnable action) {
        call(() -> {
            action.run();
            return true;
        });
    }

    private <T> T call(Supplier<T> action) {
        try {
            return CompletableFuture.supplyAsync(action, thread).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                // Its trace is that of the spawner's thread, and does not show who asked.
                cause.addSuppressed(new IllegalStateException("the start was asked for here"));
                throw cause;
            }
            throw e;
        }
    }

    /** Runs something on the thread after a while. It says itself what fails. */
    void later(Duration delay, Runnable action) {
        ScheduledFuture<?> _ = thread.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** The same as {@link #spawn(JvmLaunch)}, for what runs on the thread. */
    ChildJvm spawnHere(JvmLaunch launch) {
        Domain domain = Space.current().domain();
        int[] ends = Sockets.pair(Sockets.SOCK_STREAM);
        FrameSocket socket = new FrameSocket(ends[0]);
        DescriptorPump pump;
        Processes.Started started;
        try {
            boolean _ = socket.send(new JoinMessage(domain.id()).toFrame(domain.file().descriptor()));
            // What can fail for want of a descriptor fails before there is a process that would have to be ended again.
            pump = DescriptorPump.shared();
            started = StandardStreams.withDefaults(streams -> spawn(launch, streams, ends[1]));
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        } finally {
            Descriptors.close(ends[1]);
        }
        return ChildJvm.watched(started, socket, pump);
    }

    private static Processes.Started spawn(JvmLaunch launch, List<Integer> streams, int socket) {
        List<Integer> descriptors = List.of(streams.get(0), streams.get(1), streams.get(2), socket);
        List<String> environment = launch.environment().entrySet().stream().map(Spawner::variable).toList();
        Path directory = launch.directory();
        return Processes.spawn(new SpawnRequest(
                launch.command(),
                environment,
                directory == null ? null : directory.toString(),
                descriptors,
                launch.outliveParent() ? NO_SIGNAL : Processes.SIGKILL));
    }

    private static String variable(Map.Entry<String, String> entry) {
        return entry.getKey() + "=" + entry.getValue();
    }
}
