// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.domain;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.IntToLongFunction;

import dev.kindred.internal.os.Descriptors;
import dev.kindred.internal.words.Words;

/**
 * What a file says of itself.
 *
 * @param magic   what all files of domains begin with
 * @param version of their format
 * @param regions how many regions it has room for
 */
record DomainHead(long magic, int version, int regions) {

    private static final long SIZE = DomainLayout.REGIONS_OFFSET + Integer.BYTES;

    /** {@return the head of a mapped file} */
    static DomainHead of(Words words) {
        return new DomainHead(words.getLongPlain(DomainLayout.MAGIC_OFFSET), words.getPlain(DomainLayout.VERSION_OFFSET),
                words.getPlain(DomainLayout.REGIONS_OFFSET));
    }

    /**
     * {@return the head of a file that was just opened, zeros beyond its end} To be read before the file is mapped: of a file that is not
     * what it should be, there may be no page to touch.
     */
    static DomainHead read(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment head = arena.allocate(SIZE, Long.BYTES);
            long filled = 0;
            for (long count = -1; count != 0 && filled < SIZE; filled += count) {
                count = Descriptors.read(descriptor, head.asSlice(filled));
            }
            return new DomainHead(head.get(ValueLayout.JAVA_LONG, DomainLayout.MAGIC_OFFSET),
                    head.get(ValueLayout.JAVA_INT, DomainLayout.VERSION_OFFSET),
                    head.get(ValueLayout.JAVA_INT, DomainLayout.REGIONS_OFFSET));
        }
    }

    /**
     * Refuses a file that is none of a domain, or of another version, or damaged.
     *
     * @param what   the file, for messages
     * @param length its length in bytes
     * @param size   how large a file with room for so many regions is
     * @throws IllegalArgumentException if it is not as it must be
     */
    void require(String what, long length, IntToLongFunction size) {
        if (magic != DomainLayout.MAGIC) {
            throw new IllegalArgumentException(String.format("%s is not a shared space of Kindred: it begins with %016x instead of %016x", what,
                    magic, DomainLayout.MAGIC));
        }
        if (version != DomainLayout.VERSION) {
            throw new IllegalArgumentException(what + " was made by another version of Kindred: its format is " + version + ", that of this one "
                    + DomainLayout.VERSION);
        }
        if (regions < 1 || size.applyAsLong(regions) != length) {
            throw new IllegalArgumentException(what + " is damaged: it has " + length + " bytes, with room for " + regions
                    + " regions by what it says of itself");
        }
    }
}
