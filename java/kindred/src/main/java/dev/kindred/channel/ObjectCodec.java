// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputFilter;
import java.io.OutputStream;

import dev.kindred.internal.codec.ByteSink;
import dev.kindred.internal.codec.ByteSource;
import dev.kindred.internal.codec.ObjectFormat;
import org.jspecify.annotations.Nullable;

/**
 * The codec for objects of all kinds.
 *
 * @param filter asked for each class, beside that of the JVM, or null
 * @param <E>    the elements
 */
record ObjectCodec<E extends @Nullable Object>(@Nullable ObjectInputFilter filter) implements Codec<E> {

    @Override
    public void encode(E element, OutputStream out) throws IOException {
        if (out instanceof ByteSink sink) {
            ObjectFormat.write(element, sink);
            return;
        }
        ByteSink sink = new ByteSink();
        ObjectFormat.write(element, sink);
        out.write(sink.array(), 0, sink.size());
    }

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // As with every generic that travels: who encoded it knew what it is, and whether null is one.
    public E decode(InputStream in) throws IOException, ClassNotFoundException {
        if (in instanceof ByteSource source) {
            return (E) ObjectFormat.read(source, filter);
        }
        byte[] bytes = in.readAllBytes();
        return (E) ObjectFormat.read(ByteSource.of(bytes, 0, bytes.length), filter);
    }
}
