// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.domain;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.kindred.internal.os.Descriptors;
import dev.kindred.internal.os.FileLocks;
import dev.kindred.internal.os.GuardedDescriptor;
import dev.kindred.internal.os.Mappings;
import org.jspecify.annotations.Nullable;

/**
 * Slot locks as locks of open file descriptions on bytes of the domain's file.
 *
 * <p>A lock is taken on a description of its own, a page of which is then mapped and marked not to be copied into forked children; then the
 * descriptor is closed. So the mapping alone keeps the description, and the lock ends with this process's memory.
 */
final class FileSlotLocks implements SlotLocks {

    private final GuardedDescriptor file;

    /** What holds the live bytes that this process has taken. */
    private final Map<Integer, Lease> live = new ConcurrentHashMap<>();

    /** The mapping that keeps the description of a held lock. */
    private record HeldLease(long address) implements Lease {
        @Override
        public void close() {
            Mappings.unmap(address, DomainLayout.PAGE);
        }
    }

    /** Locks on a file, by a descriptor on which itself no lock is ever taken. Once it is closed, everybody seems to live and no lease is to be had. */
    FileSlotLocks(GuardedDescriptor file) {
        this.file = file;
    }

    @Override
    public boolean isLive(int slot) {
        try (GuardedDescriptor.Use use = file.use()) {
            return !use.isPossible() || FileLocks.isByteLocked(use.number(), DomainLayout.LIVE_BYTES + slot);
        }
    }

    @Override
    public boolean takeLive(int slot) {
        Lease held = tryHold(DomainLayout.LIVE_BYTES + slot);
        if (held != null) {
            live.put(slot, held);
        }
        return held != null;
    }

    @Override
    public void dropLive(int slot) {
        Lease held = live.remove(slot);
        if (held != null) {
            held.close();
        }
    }

    @Override
    public @Nullable Lease tryLease(int slot) {
        return tryHold(DomainLayout.LEASE_BYTES + slot);
    }

    private @Nullable Lease tryHold(long offset) {
        try (GuardedDescriptor.Use use = file.use()) {
            return use.isPossible() ? tryHold(use.number(), offset) : null;
        }
    }

    private static @Nullable Lease tryHold(int descriptor, long offset) {
        int own = Descriptors.open("/proc/self/fd/" + descriptor, Descriptors.O_RDWR, 0);
        try {
            // Mapped first: what fails must fail before the lock is there.
            long address = Mappings.map(own, 0, DomainLayout.PAGE, Mappings.PROT_READ, Mappings.MAP_SHARED);
            boolean held = false;
            try {
                Mappings.advise(address, DomainLayout.PAGE, Mappings.MADV_DONTFORK);
                held = FileLocks.tryLockByte(own, offset);
            } finally {
                if (!held) {
                    Mappings.unmap(address, DomainLayout.PAGE);
                }
            }
            return held ? new HeldLease(address) : null;
        } finally {
            Descriptors.close(own);
        }
    }
}
