// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import dev.kindred.internal.inheritance.Inheritance;
import dev.kindred.internal.os.Descriptors;
import dev.kindred.internal.space.Space;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a child takes in what its parent sends: its name, its standard streams, its task and all that travels with it.
 */
final class Adoption {

    private static final int STANDARD_STREAMS = 3;

    private final FrameSocket parent;
    private int[] descriptors = {};

    Adoption(FrameSocket parent) {
        this.parent = parent;
    }

    /**
     * {@return the task, which this process has become ready for, or null if the parent has closed the socket} Waits
     * for it.
     */
    @Nullable
    ChildTask awaitTask() throws IOException, ClassNotFoundException {
        StartMessage start = null;
        for (Frame frame = parent.receive(); frame != null; frame = parent.receive()) {
            add(frame.descriptors());
            switch (frame.kind()) {
                case START -> start = StartMessage.decode(frame.body());
                case DESCRIPTORS -> {}
                case TASK -> {
                    return adopt(Objects.requireNonNull(start, "a task came before the start"), frame.body());
                }
                default -> throw new IllegalStateException("the parent sent a frame " + frame.kind()
                        + " instead of a task");
            }
        }
        return null;
    }

    private void add(int[] more) {
        int before = descriptors.length;
        descriptors = Arrays.copyOf(descriptors, before + more.length);
        System.arraycopy(more, 0, descriptors, before, more.length);
    }

    private ChildTask adopt(StartMessage start, byte[] serialized) throws IOException, ClassNotFoundException {
        if (descriptors.length != start.descriptors()) {
            throw new IllegalStateException(descriptors.length + " descriptors came instead of " + start.descriptors());
        }
        int streams = takeStreams(start.streams());
        ParentProcess parentProcess = new ParentProcess(start.parentName(), start.parentPid(),
                new ParentLink(parent.descriptor()));
        Identity.become(new Identity(start.name(), start.place(), start.daemon(), Optional.of(parentProcess)));
        Space.current().domain().rename(start.name());
        int[] inherited = Arrays.copyOfRange(descriptors, streams, descriptors.length);
        StartGuard.beginAdoption();
        try (Inheritance.Incoming _ = Inheritance.incoming(inherited, start.spaces())) {
            ChildTask task = CompactReader.canRead(serialized)
                    ? CompactReader.readTask(serialized)
                    : TaskReader.readTask(serialized);
            // A parent that has gone has nothing to release any more; the child may have been asked to outlive it.
            boolean _ = parent.send(Frame.of(Frame.Kind.ADOPTED));
            return task;
        } finally {
            StartGuard.endAdoption();
        }
    }

    /** Makes standard streams of the first descriptors. {@return how many these were} */
    private int takeStreams(int mask) {
        int taken = 0;
        for (int stream = 0; stream < STANDARD_STREAMS; stream++) {
            if ((mask & 1 << stream) != 0) {
                int descriptor = descriptors[taken++];
                Descriptors.duplicateTo(descriptor, stream);
                Descriptors.close(descriptor);
            }
        }
        return taken;
    }
}
