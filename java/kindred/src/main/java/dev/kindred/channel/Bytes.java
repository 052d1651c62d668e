// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * The bytes of a message, where the caller has them.
 *
 * <p>Those of an array are moved where they lie; those of other memory go through an array, as nothing else keeps the memory's owner from freeing it in the
 * middle of a call of the kernel's.
 *
 * @param array  holds them, or null if other memory does
 * @param from   where in the array they begin
 * @param memory as long as they are, or null if an array holds them
 * @param length how many there are
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
record Bytes(byte @Nullable [] array, int from, @Nullable MemorySegment memory, long length) {

    /** {@return all of an array} */
    static Bytes of(byte[] array) {
        return of(array, 0, array.length);
    }

    /** {@return a part of an array} */
    static Bytes of(byte[] array, int from, int length) {
        return new Bytes(array, Objects.checkFromIndexSize(from, length, array.length), null, length);
    }

    /** {@return what a segment holds} */
    static Bytes of(MemorySegment memory) {
        return new Bytes(null, 0, memory, memory.byteSize());
    }

    /** Copies from them into an array, from its beginning. {@return how many bytes: as many as there are and fit} */
    int read(long at, byte[] into) {
        int count = (int) Math.min(length - at, into.length);
        MemorySegment.copy(Objects.requireNonNull(memory), ValueLayout.JAVA_BYTE, at, into, 0, count);
        return count;
    }

    /** Copies bytes from an array over some of them. */
    void write(long at, byte[] source, int start, int count) {
        if (array != null) {
            System.arraycopy(source, start, array, (int) (from + at), count);
        } else {
            MemorySegment.copy(source, start, Objects.requireNonNull(memory), ValueLayout.JAVA_BYTE, at, count);
        }
    }

    /** {@return a copy of the first of them} */
    byte[] first(int count) {
        byte[] copy = new byte[count];
        if (array != null) {
            System.arraycopy(array, from, copy, 0, count);
        } else {
            MemorySegment.copy(Objects.requireNonNull(memory), ValueLayout.JAVA_BYTE, 0, copy, 0, count);
        }
        return copy;
    }
}
