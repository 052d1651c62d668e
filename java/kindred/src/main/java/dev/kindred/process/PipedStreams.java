// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * A parent's ends of the pipes to its child.
 *
 * @param in  writes into the child's standard input, null if that is no pipe
 * @param out reads the child's standard output, null if that is no pipe
 * @param err reads the child's standard error, null if that is no pipe
 */
record PipedStreams(@Nullable OutputStream in, @Nullable InputStream out, @Nullable InputStream err) {

    OutputStream stdin() {
        return check(in, "stdin");
    }

    InputStream stdout() {
        return check(out, "stdout");
    }

    InputStream stderr() {
        return check(err, "stderr");
    }

    private static <T> T check(@Nullable T stream, String name) {
        if (stream == null) {
            throw new IllegalStateException("the child's " + name + " is no pipe: start it with " + name
                    + "(Redirect.PIPE)");
        }
        return stream;
    }

    /** Closes all of them. What the child would still have to read is lost, which it has ended without. */
    void close() {
        close(out);
        close(err);
        close(in);
    }

    private static void close(@Nullable Closeable stream) {
        if (stream == null) {
            return;
        }
        try {
            stream.close();
        } catch (IOException e) {
            throw new UncheckedIOException("a pipe to a child cannot be closed", e);
        }
    }
}
