// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.codec;

import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.StreamCorruptedException;
import org.jspecify.annotations.Nullable;

/** Encodes and decodes objects, in the compact format as far as that goes and by Java serialization else. */
public final class ObjectFormat {

    private static final ThreadLocal<@Nullable Encoder> ENCODERS = new ThreadLocal<>();
    private static final ThreadLocal<@Nullable Decoder> DECODERS = new ThreadLocal<>();

    private ObjectFormat() {}

    /**
     * Encodes an element.
     *
     * @throws UnwritableException if it holds what cannot be encoded
     * @throws IOException         if Java serialization refuses it
     */
    public static void write(@Nullable Object element, ByteSink out) throws IOException {
        Encoder encoder = ENCODERS.get();
        // While it is in use, methods of the element may encode another element, which then takes an encoder of its own.
        ENCODERS.set(null);
        if (encoder == null) {
            encoder = new Encoder();
        }
        boolean isWritten = encoder.write(element, out);
        ENCODERS.set(encoder);
        if (!isWritten) {
            writeSerialized(element, out);
        }
    }

    private static void writeSerialized(@Nullable Object element, ByteSink out) throws IOException {
        int start = out.size();
        boolean isWritten = false;
        try {
            out.putByte(Tags.SERIALIZED);
            JavaWriter.write(element, out);
            isWritten = true;
        } finally {
            if (!isWritten) {
                out.truncate(start);
            }
        }
    }

    /**
     * Decodes an element, which is all that is left.
     *
     * @param filter to be asked beside that of the JVM, or null
     * @throws UnreadableException    if it cannot be decoded
     * @throws ClassNotFoundException if it is of a class that is not known here, or holds such a one
     */
    public static @Nullable Object read(ByteSource in, @Nullable ObjectInputFilter filter) throws IOException, ClassNotFoundException {
        int kind = in.read();
        try {
            return switch (kind) {
                case Tags.COMPACT -> readCompact(in, filter);
                case Tags.SERIALIZED -> JavaReader.read(in, filter);
                default -> throw new UnreadableException(kind < 0 ? "there are no bytes" : "no element begins with byte " + kind);
            };
        } catch (UnreadableException | ClassNotFoundException failure) {
            throw failure;
        } catch (StreamCorruptedException | RuntimeException | LinkageError | StackOverflowError failure) {
            throw new UnreadableException(failure.toString(), null, failure);
        }
    }

    private static @Nullable Object readCompact(ByteSource in, @Nullable ObjectInputFilter filter) throws IOException, ClassNotFoundException {
        Decoder decoder = DECODERS.get();
        DECODERS.set(null);
        if (decoder == null) {
            decoder = new Decoder();
        }
        try {
            return decoder.read(in, filter);
        } finally {
            DECODERS.set(decoder);
        }
    }
}
