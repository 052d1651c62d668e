// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import dev.kindred.internal.inheritance.Inheritance;
import dev.kindred.internal.space.Space;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The one way in which children are started: everything that can be wrong with a task is found first; then a JVM is
 * taken or started; then all that the child inherits is sent to it.
 */
final class ChildStart {

    private static final String DEFAULT_NAME = "ChildProcess-";

    /** For calls that block in the kernel on behalf of a virtual thread, which must not hold its carrier as long. */
    private static final Executor BLOCKING =
            command -> Thread.ofPlatform().daemon().name("kindred-sender").start(command);

    private ChildStart() {}

    static ChildProcess start(ChildSettings settings, ChildTask task) {
        Identity self = Identity.current();
        StartGuard.check(self);
        Space.current(); // Founds the family, if this process has none: what goes wrong with that goes wrong here.
        if (settings.daemon()) {
            ChildTable.INSTANCE.expectDaemons();
        }
        try (StandardStreams streams = StandardStreams.open(settings);
                Inheritance.Outgoing outgoing = Inheritance.outgoing()) {
            byte[] serialized = TaskWriter.writeTask(task);
            List<Integer> descriptors = new ArrayList<>(streams.given());
            Arrays.stream(outgoing.descriptors()).forEach(descriptors::add);
            String place = self.nextPlace();
            String name = Objects.requireNonNullElse(settings.name(), DEFAULT_NAME + place);
            StartMessage message = new StartMessage(name, place, settings.daemon(), self.name(),
                    ProcessHandle.current().pid(), streams.givenMask(), descriptors.size(), outgoing.spaces());
            ChildJvm jvm = handOver(settings, frames(message, descriptors, serialized), outgoing);
            ChildProcess child = new ChildProcess(name, settings.daemon(), jvm, streams.takePiped());
            ChildTable.INSTANCE.add(child, jvm, settings.daemon(), settings.launch().outliveParent());
            return child;
        }
    }

    static void prepareSpares(ChildSettings settings, int count) {
        StartGuard.check(Identity.current());
        Spares.checkCount(count);
        if (!usesSpares(settings)) {
            throw new IllegalStateException("no spares can be prepared for children that outlive their parent or are "
                    + "started with SPAWN");
        }
        SparePool.INSTANCE.prepare(settings.launch(), count);
    }

    private static boolean usesSpares(ChildSettings settings) {
        return settings.method() == StartMethod.SPARE && !settings.launch().outliveParent();
    }

    private static List<Frame> frames(StartMessage message, List<Integer> descriptors, byte[] task) {
        List<Frame> frames = new ArrayList<>();
        int limit = FrameLayout.DESCRIPTORS_LIMIT;
        frames.add(new Frame(Frame.Kind.START, message.encode(), slice(descriptors, 0, limit)));
        for (int from = limit; from < descriptors.size(); from += limit) {
            frames.add(Frame.of(Frame.Kind.DESCRIPTORS, slice(descriptors, from, from + limit)));
        }
        frames.add(Frame.of(Frame.Kind.TASK, task));
        return frames;
    }

    private static int[] slice(List<Integer> descriptors, int from, int to) {
        List<Integer> part = descriptors.subList(from, Math.min(to, descriptors.size()));
        return part.stream().mapToInt(Integer::intValue).toArray();
    }

    /** {@return the JVM that got the frames} */
    private static ChildJvm handOver(ChildSettings settings, List<Frame> frames, Inheritance.Outgoing outgoing) {
        ChildJvm spare = null;
        if (usesSpares(settings)) {
            spare = handToSpare(settings.launch(), frames, outgoing);
            SparePool.INSTANCE.replaceLater(settings.launch());
        }
        if (spare != null) {
            return spare;
        }
        ChildJvm started = Spawner.INSTANCE.spawn(settings.launch());
        // One that has ended already could not boot or was killed: its exit code and what it printed say why.
        boolean _ = send(started, frames, outgoing);
        return started;
    }

    /** {@return the spare that got the frames, or null if there is none} One that has died meanwhile is passed over. */
    private static @Nullable ChildJvm handToSpare(JvmLaunch launch, List<Frame> frames, Inheritance.Outgoing outgoing) {
        SparePool pool = SparePool.INSTANCE;
        for (ChildJvm spare = pool.take(launch); spare != null; spare = pool.take(launch)) {
            if (send(spare, frames, outgoing)) {
                return spare;
            }
            spare.retire();
        }
        return null;
    }

    private static boolean send(ChildJvm jvm, List<Frame> frames, Inheritance.Outgoing outgoing) {
        if (!Thread.currentThread().isVirtual()) {
            return jvm.start(frames, outgoing.keep());
        }
        return CompletableFuture.supplyAsync(() -> jvm.start(frames, outgoing.keep()), BLOCKING).join();
    }
}
