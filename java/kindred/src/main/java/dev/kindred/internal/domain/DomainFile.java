// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.domain;

import java.lang.foreign.MemorySegment;
import java.util.function.IntToLongFunction;

import dev.kindred.SystemCallException;
import dev.kindred.internal.os.Descriptors;
import dev.kindred.internal.os.Errno;
import dev.kindred.internal.os.Mappings;
import dev.kindred.internal.os.SharedObjects;
import dev.kindred.internal.words.MappedWords;

/**
 * The file that a family shares, mapped whole. It is sparse and far larger than what is used of it, so that growing needs no new mapping:
 * whoever wants to touch a page that may be a hole reserves it first.
 */
public final class DomainFile implements SlotTable.Reserve {

    private static final int LEAST_REGIONS = 16;

    private final int descriptor;
    private final int regions;
    private final MappedWords words;

    private DomainFile(int descriptor, int regions, MappedWords words) {
        this.descriptor = descriptor;
        this.regions = regions;
        this.words = words;
    }

    /**
     * Makes the file of a new family, without a name: it ends with the last process that has it mapped.
     *
     * @param regions how many regions it is to have room for; halved as long as there is not enough address space
     * @param size    how large a file with room for so many regions is
     */
    public static DomainFile create(int regions, IntToLongFunction size) {
        int descriptor = SharedObjects.memfdCreate("kindred");
        try {
            int room = regions;
            while (true) {
                long length = size.applyAsLong(room);
                SharedObjects.truncate(descriptor, length);
                try {
                    DomainFile file = map(descriptor, room, length);
                    SharedObjects.addSeals(descriptor, SharedObjects.F_SEAL_SHRINK | SharedObjects.F_SEAL_GROW);
                    file.initialize();
                    return file;
                } catch (SystemCallException e) {
                    if (e.errno() != Errno.ENOMEM || room / 2 < LEAST_REGIONS) {
                        throw e;
                    }
                    room /= 2;
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
     * @throws IllegalArgumentException if it is not one, or of another version
     */
    public static DomainFile open(int descriptor, IntToLongFunction size) {
        long length = Descriptors.status(descriptor).size();
        if (length < size.applyAsLong(LEAST_REGIONS)) {
            throw new IllegalArgumentException("descriptor " + descriptor + " is not a family's file: it has only " + length + " bytes");
        }
        int regions = LEAST_REGIONS;
        while (size.applyAsLong(regions) < length) {
            regions *= 2;
        }
        DomainFile file = map(descriptor, regions, length);
        file.check();
        return file;
    }

    private static DomainFile map(int descriptor, int regions, long length) {
        long address = Mappings.map(descriptor, 0, length, Mappings.PROT_READ | Mappings.PROT_WRITE, Mappings.MAP_SHARED | Mappings.MAP_NORESERVE);
        // A core dump of a sparse mapping of this size takes long, and a dying process holds its locks until it is written.
        Mappings.advise(address, length, Mappings.MADV_DONTDUMP);
        Mappings.advise(address, length, Mappings.MADV_DONTFORK);
        return new DomainFile(descriptor, regions, new MappedWords(segment(address, length), DomainLayout.EPOCH_OFFSET));
    }

    @SuppressWarnings("restricted")
    private static MemorySegment segment(long address, long length) {
        return MemorySegment.ofAddress(address).reinterpret(length);
    }

    private void initialize() {
        reserve(0, DomainLayout.PAGE, "the head of the shared space");
        words.setPlain(DomainLayout.REGIONS_OFFSET, regions);
        words.setPlain(DomainLayout.VERSION_OFFSET, DomainLayout.VERSION);
        words.setLongPlain(DomainLayout.MAGIC_OFFSET, DomainLayout.MAGIC);
    }

    private void check() {
        long magic = words.getLongPlain(DomainLayout.MAGIC_OFFSET);
        int version = words.getPlain(DomainLayout.VERSION_OFFSET);
        int room = words.getPlain(DomainLayout.REGIONS_OFFSET);
        if (magic != DomainLayout.MAGIC || version != DomainLayout.VERSION || room != regions) {
            throw new IllegalArgumentException(String.format(
                    "descriptor %d is not the file of a family of this version of Kindred: magic %x, version %d, regions %d; expected %x, %d, %d",
                    descriptor, magic, version, room, DomainLayout.MAGIC, DomainLayout.VERSION, regions));
        }
    }

    /** {@return the descriptor of the file} It is passed on to children; no lock is ever taken on it. */
    public int descriptor() {
        return descriptor;
    }

    /** Forgets the file of a family that could not be founded, and in whose words nobody works. */
    public void discard() {
        Descriptors.close(descriptor);
        Mappings.unmap(words.memory().address(), words.memory().byteSize());
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
     */
    public void reserve(long offset, long length, String what) {
        SharedObjects.reserve(descriptor, offset, length, what);
    }

    /** Gives the memory of a range back to the system; what was in it is zero when it is reserved again. */
    public void punch(long offset, long length) {
        SharedObjects.punch(descriptor, offset, length);
    }

    @Override
    public void reserveSlot(int slot) {
        long offset = DomainLayout.slotOffset(slot);
        reserve(offset - offset % DomainLayout.PAGE, DomainLayout.PAGE, "the table of the family's processes");
    }
}
