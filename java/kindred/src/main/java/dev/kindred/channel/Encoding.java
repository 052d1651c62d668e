// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

import java.io.IOException;
import java.io.InvalidClassException;
import java.io.NotSerializableException;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

import dev.kindred.NotInheritableException;
import dev.kindred.internal.codec.ByteSink;
import dev.kindred.internal.codec.ByteSource;
import dev.kindred.internal.codec.UnreadableException;
import dev.kindred.internal.codec.UnwritableException;
import org.jspecify.annotations.Nullable;

/** Calls codecs for queues and connections, and turns what they throw into the exceptions that users see. */
final class Encoding {

    /** What a platform thread has encoded into last and does not use now. A virtual thread would keep one for the one element that it puts. */
    private static final ThreadLocal<@Nullable ByteSink> IDLE = new ThreadLocal<>();

    private Encoding() {}

    /**
     * {@return the bytes of an element} They are the caller's until it calls {@link #done}.
     *
     * @throws NullPointerException        if it is null
     * @throws UnencodableElementException if it cannot be encoded
     */
    static <E> ByteSink encode(Codec<E> codec, E element) {
        Objects.requireNonNull(element, "a queue takes no null: there is none that poll could tell from nothing");
        ByteSink idle = Thread.currentThread().isVirtual() ? null : IDLE.get();
        ByteSink sink = idle == null ? new ByteSink() : idle;
        if (idle != null) {
            // The codec may put something itself.
            IDLE.set(null);
        }
        encode(codec, element, sink);
        return sink;
    }

    /** Ends the use of what {@link #encode} returned. */
    static void done(ByteSink sink) {
        if (!Thread.currentThread().isVirtual()) {
            sink.reset();
            IDLE.set(sink);
        }
    }

    /**
     * {@return the element of these bytes}
     *
     * @throws UndecodableElementException if it cannot be decoded
     */
    static <E> E decode(Codec<E> codec, byte[] bytes) {
        return decode(codec, ByteSource.of(bytes, 0, bytes.length));
    }

    /**
     * Decodes elements, those behind one that cannot be decoded, too.
     *
     * @param decoded gets those that can be
     * @throws UndecodableElementException if one cannot be decoded: the first, the others being suppressed
     */
    static <E> void decodeAll(Codec<E> codec, List<byte[]> all, Collection<? super E> decoded) {
        UndecodableElementException first = null;
        for (byte[] bytes : all) {
            try {
                decoded.add(decode(codec, bytes));
            } catch (UndecodableElementException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }

    /**
     * Encodes an element behind what the sink holds; nothing of it is left there if that fails.
     *
     * @throws UnencodableElementException if it cannot be encoded
     */
    static <E extends @Nullable Object> void encode(Codec<E> codec, E element, ByteSink out) {
        int start = out.size();
        boolean isEncoded = false;
        try {
            codec.encode(element, out);
            isEncoded = true;
        } catch (IOException | RuntimeException failure) {
            throw new UnencodableElementException(encodingMessage(element, failure), culprit(failure), failure);
        } finally {
            if (!isEncoded) {
                out.truncate(start);
            }
        }
    }

    /**
     * {@return the element that all bytes of the source are}
     *
     * @throws UndecodableElementException if they are none, or none that can be made here
     */
    static <E extends @Nullable Object> E decode(Codec<E> codec, ByteSource in) {
        int length = in.remaining();
        try {
            return codec.decode(in);
        } catch (ClassNotFoundException unknown) {
            String name = unknown.getMessage();
            throw new UndecodableElementException("an element of " + length + " bytes cannot be decoded: class " + name
                    + " is not known here; put it on the class path of this process, too", name, unknown);
        } catch (UnreadableException failure) {
            throw new UndecodableElementException("an element of " + length + " bytes cannot be decoded: " + failure.getMessage(),
                    failure.typeName(), failure);
        } catch (IOException | RuntimeException | LinkageError | StackOverflowError failure) {
            throw new UndecodableElementException("an element of " + length + " bytes cannot be decoded by " + codec.getClass().getName() + ": "
                    + failure, null, failure);
        }
    }

    private static String encodingMessage(@Nullable Object element, Exception failure) {
        String what = element == null ? "null" : "an element of " + element.getClass().getTypeName();
        String why = switch (failure) {
            case NotInheritableException inherited -> inherited.getMessage();
            case NotSerializableException opaque -> opaque.getMessage() + " is not serializable";
            case UnwritableException unwritable -> unwritable.getMessage();
            default -> failure.toString();
        };
        return what + " cannot be encoded: " + why;
    }

    private static @Nullable String culprit(Exception failure) {
        return switch (failure) {
            case NotInheritableException _ -> null;
            case NotSerializableException opaque -> opaque.getMessage();
            case InvalidClassException invalid -> invalid.classname;
            case UnwritableException unwritable -> unwritable.typeName();
            default -> null;
        };
    }
}
