// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.domain;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.kindred.SystemCallException;
import dev.kindred.internal.os.Descriptors;
import dev.kindred.internal.os.Errno;
import dev.kindred.internal.os.Mappings;
import dev.kindred.internal.os.Scarcity;
import dev.kindred.internal.os.SharedObjects;
import org.jspecify.annotations.Nullable;

/** A domain's file in this process's memory. */
final class DomainMapping {

    private static final int PROTECTION = Mappings.PROT_READ | Mappings.PROT_WRITE;

    private static final int FLAGS = Mappings.MAP_SHARED | Mappings.MAP_NORESERVE;

    private final long address;
    private final long length;
    private final AtomicBoolean mapped = new AtomicBoolean(true);

    private DomainMapping(long address, long length) {
        this.address = address;
        this.length = length;
    }

    /**
     * Maps all of a file.
     *
     * @param scarcity what is done about too few addresses before this gives up: the mappings of spaces that this process has left take them up until they
     *                 are collected, and about 1700 of these take all there are. Null for nothing
     */
    static DomainMapping of(int descriptor, long length, @Nullable Scarcity scarcity) {
        while (true) {
            try {
                DomainMapping mapping = new DomainMapping(Mappings.map(descriptor, 0, length, PROTECTION, FLAGS), length);
                mapping.advise();
                return mapping;
            } catch (SystemCallException e) {
                if (e.errno() != Errno.ENOMEM || scarcity == null || !scarcity.awaitRelief()) {
                    throw e;
                }
            }
        }
    }

    /** A core dump of a sparse mapping of this size takes long, and a dying process holds its locks until it is written. */
    private void advise() {
        Mappings.advise(address, length, Mappings.MADV_DONTDUMP);
        Mappings.advise(address, length, Mappings.MADV_DONTFORK);
    }

    /** {@return the bytes, which stay mapped for good} */
    @SuppressWarnings("restricted")
    MemorySegment forGood() {
        return MemorySegment.ofAddress(address).reinterpret(length);
    }

    /** {@return the bytes, which stay mapped at least as long as this very segment is reachable} */
    @SuppressWarnings("restricted")
    MemorySegment whileReachable() {
        return MemorySegment.ofAddress(address).reinterpret(length, Arena.ofAuto(), _ -> unmap());
    }

    /** Unmaps the file. Only when nobody touches the bytes any more, whatever is reachable. */
    void unmap() {
        if (mapped.compareAndSet(true, false)) {
            Mappings.unmap(address, length);
        }
    }

    /**
     * Puts other memory, zeros, in the place of the file: from here on, no thread of this process touches the file through this mapping,
     * and none that touches the bytes crashes.
     *
     * @throws dev.kindred.SystemCallException if this process has no descriptor left for it; nothing has changed then
     */
    void detach() {
        // A shared file, as private memory of this size would count against limits that the file does not.
        int zeros = SharedObjects.memfdCreate("kindred-left");
        try {
            SharedObjects.truncate(zeros, length);
            Mappings.mapOver(address, length, zeros, PROTECTION, FLAGS);
            advise();
        } finally {
            Descriptors.close(zeros);
        }
    }
}
