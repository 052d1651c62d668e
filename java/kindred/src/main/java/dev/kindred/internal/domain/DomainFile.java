// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.domain;

import java.lang.foreign.MemorySegment;
import java.util.function.IntToLongFunction;

import dev.kindred.SystemCallException;
import dev.kindred.internal.os.Descriptors;
import dev.kindred.internal.os.Errno;
import dev.kindred.internal.os.GuardedDescriptor;
import dev.kindred.internal.os.Scarcity;
import dev.kindred.internal.os.SharedObjects;
import dev.kindred.internal.words.MappedWords;
import org.jspecify.annotations.Nullable;

/**
 * The file that the processes of a domain share, mapped whole. It is sparse and far larger than what is used of it, so that growing needs
 * no new mapping: whoever wants to touch a page that may be a hole reserves it first.
 */
public final class DomainFile implements SlotTable.Reserve {

    private static final int LEAST_REGIONS = 16;

    /** Only this user's processes. */
    private static final int MODE = 0600;

    private final GuardedDescriptor descriptor;
    private final int regions;
    private final DomainMapping mapping;
    private final MappedWords words;

    private DomainFile(int descriptor, int regions, DomainMapping mapping, MemorySegment bytes) {
        this.descriptor = new GuardedDescriptor(descriptor);
        this.regions = regions;
        this.mapping = mapping;
        this.words = new MappedWords(bytes, DomainLayout.EPOCH_OFFSET);
    }

    /**
     * Makes the file of a new family, without a name: it ends with the last process that has it mapped.
     *
     * @param regions how many regions it is to have room for; halved as long as there is not enough address space
     * @param size    how large a file with room for so many regions is
     */
    public static DomainFile create(int regions, IntToLongFunction size) {
        int descriptor = SharedObjects.memfdCreate("kindred");
        DomainFile file = make(descriptor, regions, size, true);
        SharedObjects.addSeals(descriptor, SharedObjects.F_SEAL_SHRINK | SharedObjects.F_SEAL_GROW);
        return file;
    }

    /**
     * Makes the file of a new named domain, which has no name yet. It cannot be sealed: other programs of this user can make it shorter,
     * and then a process that touches what is missing crashes.
     *
     * @param regions as for {@link #create}
     * @param size    as for {@link #create}
     */
    static DomainFile createUnnamed(int regions, IntToLongFunction size) {
        return make(SharedObjects.sharedMemoryCreateUnnamed(MODE), regions, size, false);
    }

    private static DomainFile make(int descriptor, int regions, IntToLongFunction size, boolean forGood) {
        // Once, not for each size. A family makes do with the addresses that there are: it is founded where a program starts, which should not wait.
        Scarcity scarcity = forGood ? null : new Scarcity();
        try {
            for (int room = regions; ; room /= 2) {
                long length = size.applyAsLong(room);
                SharedObjects.truncate(descriptor, length);
                try {
                    return map(descriptor, room, length, forGood, scarcity).initialized();
                } catch (SystemCallException e) {
                    if (e.errno() != Errno.ENOMEM || room / 2 < LEAST_REGIONS) {
                        throw e;
                    }
                }
            }
        } catch (RuntimeException e) {
            Descriptors.close(descriptor);
            throw e;
        }
    }

    /**
     * Maps a family's file.
     *
     * @param descriptor of the file; it stays open
     * @param size       as for {@link #create}
     * @throws IllegalArgumentException if it is not one, or of another version
     */
    public static DomainFile open(int descriptor, IntToLongFunction size) {
        String what = "descriptor " + descriptor;
        long length = Descriptors.status(descriptor).size();
        if (length < size.applyAsLong(LEAST_REGIONS)) {
            throw new IllegalArgumentException(what + " is not a family's file: it has only " + length + " bytes");
        }
        int regions = LEAST_REGIONS;
        while (size.applyAsLong(regions) < length) {
            regions *= 2;
        }
        DomainFile file = map(descriptor, regions, length, true, null);
        DomainHead.of(file.words).require(what, length, size);
        return file;
    }

    /**
     * Maps a named domain's file.
     *
     * @param descriptor just opened; the result's from now on, but the caller's if this fails
     * @param what       the file, for messages
     * @param size       as for {@link #create}
     * @throws IllegalArgumentException if it is not one, or of another version
     */
    static DomainFile openNamed(int descriptor, String what, IntToLongFunction size) {
        long length = Descriptors.status(descriptor).size();
        DomainHead head = DomainHead.read(descriptor);
        head.require(what, length, size);
        return map(descriptor, head.regions(), length, false, new Scarcity());
    }

    /** {@code forGood} says that it stays mapped, else it does as long as its words are reachable. */
    private static DomainFile map(int descriptor, int regions, long length, boolean forGood, @Nullable Scarcity scarcity) {
        DomainMapping mapping = DomainMapping.of(descriptor, length, scarcity);
        return new DomainFile(descriptor, regions, mapping, forGood ? mapping.forGood() : mapping.whileReachable());
    }

    private DomainFile initialized() {
        try {
            reserve(0, DomainLayout.PAGE, "the head of the shared space");
        } catch (RuntimeException e) {
            mapping.unmap();
            throw e;
        }
        // Not zero, which is what a process finds that has left: nobody falls asleep then who has read it before.
        words.advanceEpoch();
        words.setPlain(DomainLayout.REGIONS_OFFSET, regions);
        words.setPlain(DomainLayout.VERSION_OFFSET, DomainLayout.VERSION);
        words.setLongPlain(DomainLayout.MAGIC_OFFSET, DomainLayout.MAGIC);
        return this;
    }

    /** {@return the descriptor of the file} It is passed on to children; no lock is ever taken on it. For a family's file, which stays open. */
    public int descriptor() {
        return descriptor.number();
    }

    /** {@return the descriptor of the file} No lock is ever taken on it. */
    GuardedDescriptor guardedDescriptor() {
        return descriptor;
    }

    /** Forgets the file of a domain in which this process has no part, and in whose words nobody works. */
    public void discard() {
        descriptor.close();
        mapping.unmap();
    }

    /** Ends all that this process can still do to the file of a named domain, be it that its threads go on working in the words. */
    void detach() {
        descriptor.close();
        mapping.detach();
    }

    /** {@return how many regions the file has room for} */
    public int regions() {
        return regions;
    }

    /** {@return the mapped file as words} */
    public MappedWords words() {
        return words;
    }

    /**
     * Makes sure that a range can be touched.
     *
     * @param what what the memory is for
     * @throws dev.kindred.OutOfSharedMemoryException if there is no room
     * @throws dev.kindred.SpaceClosedException       if this process has left the domain
     */
    public void reserve(long offset, long length, String what) {
        try (GuardedDescriptor.Use use = descriptor.use()) {
            if (use.isPossible()) {
                SharedObjects.reserve(use.number(), offset, length, what);
                return;
            }
        }
        words.requireMembership();
    }

    /**
     * Gives the memory of a range back to the system; what was in it is zero when it is reserved again.
     *
     * @throws dev.kindred.SpaceClosedException if this process has left the domain
     */
    public void punch(long offset, long length) {
        try (GuardedDescriptor.Use use = descriptor.use()) {
            if (use.isPossible()) {
                SharedObjects.punch(use.number(), offset, length);
                return;
            }
        }
        words.requireMembership();
    }

    @Override
    public void reserveSlot(int slot) {
        long offset = DomainLayout.slotOffset(slot);
        reserve(offset - offset % DomainLayout.PAGE, DomainLayout.PAGE, "the table of the family's processes");
    }
}
