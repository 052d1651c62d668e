// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import dev.kindred.SystemCallException;
import dev.kindred.internal.os.Descriptors;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The descriptors that become a child's standard streams, open for the time of its start, and this process's ends of
 * pipes.
 */
final class StandardStreams implements AutoCloseable {

    private static final int COUNT = 3;
    private static final int STDIN = 0;
    private static final int ACCESS_MASK = 3;
    private static final int FILE_MODE = 0666;
    private static final String NULL_DEVICE = "/dev/null";

    /** The child's, by number; -1 for what every child gets: an empty input, this process's output and error. */
    private final int[] given = {-1, -1, -1};

    private final List<Integer> opened = new ArrayList<>();
    private @Nullable OutputStream pipeIn;
    private final @Nullable InputStream[] pipesOut = new InputStream[COUNT];

    private StandardStreams() {}

    /**
     * Opens what the settings ask for.
     *
     * @throws UncheckedIOException if a file cannot be opened
     */
    static StandardStreams open(ChildSettings settings) {
        StandardStreams streams = new StandardStreams();
        try {
            streams.open(STDIN, settings.stdin());
            streams.open(1, settings.stdout());
            streams.open(2, settings.stderr());
            return streams;
        } catch (RuntimeException e) {
            streams.close();
            throw e;
        }
    }

    private void open(int stream, Redirect redirect) {
        switch (redirect.type()) {
            case PIPE -> openPipe(stream);
            case INHERIT -> {
                if (stream == STDIN && accessMode(STDIN) >= 0) {
                    given[stream] = stream;
                }
            }
            case READ -> {
                if (!redirect.file().getPath().equals(NULL_DEVICE)) {
                    openFile(stream, redirect, Descriptors.O_RDONLY);
                }
            }
            case WRITE -> openFile(stream, redirect, Descriptors.O_WRONLY | Descriptors.O_CREAT | Descriptors.O_TRUNC);
            case APPEND ->
                    openFile(stream, redirect, Descriptors.O_WRONLY | Descriptors.O_CREAT | Descriptors.O_APPEND);
        }
    }

    private void openFile(int stream, Redirect redirect, int flags) {
        try {
            give(stream, Descriptors.open(redirect.file().getPath(), flags, FILE_MODE));
        } catch (SystemCallException e) {
            throw new UncheckedIOException(new IOException("standard stream " + stream
                    + " of a child cannot be redirected with '"
                    + redirect + "': " + e.getMessage(), e));
        }
    }

    private void openPipe(int stream) {
        int[] ends = Descriptors.pipe(0);
        if (stream == STDIN) {
            give(stream, ends[0]);
            pipeIn = new BufferedOutputStream(new FileOutputStream(Descriptors.wrap(ends[1])));
        } else {
            give(stream, ends[1]);
            pipesOut[stream] = new BufferedInputStream(new FileInputStream(Descriptors.wrap(ends[0])));
        }
    }

    private void give(int stream, int descriptor) {
        given[stream] = descriptor;
        opened.add(descriptor);
    }

    /** {@return this process's ends of the pipes, which the caller closes from now on} */
    PipedStreams takePiped() {
        PipedStreams piped = new PipedStreams(pipeIn, pipesOut[1], pipesOut[2]);
        pipeIn = null;
        Arrays.fill(pipesOut, null);
        return piped;
    }

    /** {@return bit i set if stream i is not what every child gets} */
    int givenMask() {
        int mask = 0;
        for (int i = 0; i < COUNT; i++) {
            mask |= given[i] >= 0 ? 1 << i : 0;
        }
        return mask;
    }

    /** {@return the descriptors that the bits of {@link #givenMask()} stand for} */
    List<Integer> given() {
        List<Integer> descriptors = new ArrayList<>();
        for (int descriptor : given) {
            if (descriptor >= 0) {
                descriptors.add(descriptor);
            }
        }
        return descriptors;
    }

    /** Closes this process's descriptors of the child's streams, and its ends of the pipes if nobody has taken them. */
    @Override
    public void close() {
        opened.forEach(Descriptors::close);
        opened.clear();
        takePiped().close();
    }

    /**
     * Runs something with the three descriptors that every child's JVM gets when it is started: an empty input, and
     * this process's output and error, or nothing in place of one that is closed.
     */
    static <T> T withDefaults(Function<List<Integer>, T> action) {
        int nothing = Descriptors.open(NULL_DEVICE, Descriptors.O_RDWR, 0);
        try {
            return action.apply(List.of(nothing, isWritable(1) ? 1 : nothing, isWritable(2) ? 2 : nothing));
        } finally {
            Descriptors.close(nothing);
        }
    }

    /** False also for a number that was closed when this JVM began and has since been given to one of its own files. */
    private static boolean isWritable(int descriptor) {
        return accessMode(descriptor) > Descriptors.O_RDONLY;
    }

    /** {@return whether a descriptor is for reading, for writing or for both, or -1 if it is closed} */
    private static int accessMode(int descriptor) {
        try {
            return Descriptors.statusFlags(descriptor) & ACCESS_MASK;
        } catch (SystemCallException closed) {
            return -1;
        }
    }
}
