// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.support;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import dev.kindred.internal.os.Descriptors;
import dev.kindred.internal.os.FileLocks;

/** A file of shared words as somebody sees it who takes no part: read and never mapped, so that what is a hole stays one. */
public final class WordFile implements AutoCloseable {

    private final FileChannel channel;
    private final int descriptor;

    /**
     * Opens a file.
     *
     * @param path where it is, which may be in {@code /proc/PID/fd}
     * @throws IOException if it cannot be read
     */
    public WordFile(final Path path) throws IOException {
        channel = FileChannel.open(path, StandardOpenOption.READ);
        descriptor = Descriptors.open(path.toString(), Descriptors.O_RDONLY, 0);
    }

    /**
     * {@return some bytes, zeros where the file ends before}
     *
     * @param offset where they begin
     * @param length how many
     * @throws IOException if they cannot be read
     */
    public ByteBuffer bytes(final long offset, final int length) throws IOException {
        final ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
        while (bytes.hasRemaining() && channel.read(bytes, offset + bytes.position()) > 0) {
            // On to the rest.
        }
        return bytes.clear();
    }

    /**
     * {@return the int at an offset}
     *
     * @param offset where it is
     * @throws IOException if it cannot be read
     */
    public int intAt(final long offset) throws IOException {
        return bytes(offset, Integer.BYTES).getInt();
    }

    /**
     * {@return the long at an offset}
     *
     * @param offset where it is
     * @throws IOException if it cannot be read
     */
    public long longAt(final long offset) throws IOException {
        return bytes(offset, Long.BYTES).getLong();
    }

    /**
     * {@return whether a process holds a lock on a byte}
     *
     * @param offset which byte
     */
    public boolean isLocked(final long offset) {
        return FileLocks.isByteLocked(descriptor, offset);
    }

    @Override
    public void close() throws IOException {
        Descriptors.close(descriptor);
        channel.close();
    }
}
