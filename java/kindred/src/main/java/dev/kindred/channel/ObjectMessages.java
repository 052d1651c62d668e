// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

import java.io.ObjectInputFilter;

import dev.kindred.internal.codec.ByteSink;
import dev.kindred.internal.codec.ByteSource;
import dev.kindred.internal.os.Sockets;
import org.jspecify.annotations.Nullable;

/** Objects as the bytes of messages. */
final class ObjectMessages {

    private static final String NOT_HERE = "travel over connections that are Unix sockets (of a two-way Pipe, or of a Listener with a path or an abstract "
            + "name) and to children as they are started; ";

    /** The limits are those of the longest chain and largest array that a sane message has, and keep a small message from growing large. */
    // A ticket or proxy is looked at, and what it turns into, too.
    private static final String VALUES = "maxdepth=100;maxarray=2147483639;"
            + "java.lang.Boolean;java.lang.Byte;java.lang.Character;java.lang.Short;java.lang.Integer;java.lang.Long;java.lang.Float;java.lang.Double;"
            + "java.lang.Number;java.lang.String;java.lang.Object;java.math.BigInteger;java.math.BigDecimal;java.time.*;java.util.UUID;java.util.Date;"
            + "java.util.BitSet;java.util.ArrayList;java.util.LinkedList;java.util.ArrayDeque;java.util.HashMap;java.util.LinkedHashMap;java.util.TreeMap;"
            + "java.util.HashSet;java.util.LinkedHashSet;java.util.TreeSet;java.util.CollSer;java.util.ImmutableCollections$*;java.util.Arrays$ArrayList;java.util.Map$Entry;"
            + "java.util.Collections$EmptyList;java.util.Collections$EmptyMap;java.util.Collections$EmptySet;java.util.Collections$SingletonList;"
            + "java.util.Collections$SingletonMap;java.util.Collections$SingletonSet;java.util.AbstractMap$SimpleEntry;java.util.AbstractMap$SimpleImmutableEntry;"
            + "dev.kindred.channel.Connection;dev.kindred.channel.Descriptor;"
            + "dev.kindred.channel.Connection$Ticket;dev.kindred.channel.ByteStream$Kind;dev.kindred.channel.Descriptor$Ticket;java.lang.Enum;java.lang.Record;"
            + "!*";

    /** Apart, so that a process that receives no objects of strangers does not make it. */
    private static final class Strangers {
        static final ObjectInputFilter FILTER = ObjectInputFilter.Config.createFilter(VALUES);
    }

    private static final Codec<@Nullable Object> CODEC = Codec.objects();

    private ObjectMessages() {}

    /** {@return the filter of a connection whose peer may be anybody} */
    static ObjectInputFilter strangersFilter() {
        return Strangers.FILTER;
    }

    /** {@return why descriptors do not travel over a stream of that kind, or null if they do} */
    static @Nullable String refusal(ByteStream.Kind kind) {
        return switch (kind) {
            case UNIX_SOCKET -> null;
            case PIPE -> NOT_HERE + "a one-way pipe carries bytes only: use Pipe.twoWay()";
            case SOCKET -> NOT_HERE + "TCP carries bytes only: listen at a path or an abstract name instead";
        };
    }

    /**
     * {@return the descriptors that go with a message}
     *
     * @throws IllegalArgumentException if they are too many for one
     */
    static int[] checkCount(int[] descriptors) {
        if (descriptors.length > Sockets.DESCRIPTORS_PER_MESSAGE) {
            throw new IllegalArgumentException("a message with " + descriptors.length + " descriptors cannot be sent: the system lets at most "
                    + Sockets.DESCRIPTORS_PER_MESSAGE + " travel with one; use several");
        }
        return descriptors;
    }

    /**
     * {@return the object as bytes}
     *
     * @throws UnencodableElementException if it cannot be encoded, or not travel
     */
    static Bytes encode(@Nullable Object object) {
        ByteSink sink = new ByteSink();
        Encoding.encode(CODEC, object, sink);
        return Bytes.of(sink.array(), 0, sink.size());
    }

    /**
     * {@return the object of those bytes}
     *
     * @throws UndecodableElementException if there is none in them, or the filter refuses it
     */
    static @Nullable Object decode(byte[] bytes, @Nullable ObjectInputFilter filter) {
        Codec<@Nullable Object> codec = filter == null ? CODEC : new ObjectCodec<>(filter);
        return Encoding.decode(codec, ByteSource.of(bytes, 0, bytes.length));
    }
}
