// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.ring;

import static dev.kindred.internal.ring.Ring.DONE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.List;

import dev.kindred.internal.space.Block;
import dev.kindred.internal.space.ParcelLayout;
import dev.kindred.internal.space.Parcels;
import dev.kindred.internal.space.Space;

/**
 * Elements that are bytes, in a block of the space: each a record of a ring, or a parcel of the block.
 *
 * <p>One who takes keeps the lock of the ring from {@link #find} to {@link #take} or {@link #leave}, and copies in between. So what it has not copied when
 * it dies, the next one finds.
 */
public final class Elements implements ElementStore {

    private final Block block;
    private final MemorySegment memory;
    private final Parcels parcels;
    private final RecordRing ring;

    /** Looks at the elements in a block, which is initialised. */
    public Elements(Block block) {
        this.block = block;
        this.memory = block.memory();
        Space space = block.space();
        this.parcels = space.parcels(block);
        this.ring = new RecordRing(block.words(), block.offset(), space.domain().id(), space.domain(), parcels);
    }

    @Override
    public RecordRing ring() {
        return ring;
    }

    /** {@return the block} */
    public Block block() {
        return block;
    }

    @Override
    public int put(byte[] bytes, int from, int length, long deadline, boolean interruptible) {
        try {
            int outcome = ring.isLarge(length) ? RecordRing.AS_PARCEL : ring.claim(length, deadline, interruptible);
            if (outcome == DONE) {
                MemorySegment.copy(bytes, from, memory, ValueLayout.JAVA_BYTE, ring.claimed(), length);
                ring.publish();
            } else if (outcome == RecordRing.AS_PARCEL) {
                return putParcel(MemorySegment.ofArray(bytes).asSlice(from, length), deadline, interruptible);
            }
            return outcome;
        } finally {
            Reference.reachabilityFence(block);
        }
    }

    /** As {@link #put(byte[], int, int, long, boolean)} for bytes that lie in a segment, all of it. */
    public int put(MemorySegment bytes, long deadline, boolean interruptible) {
        try {
            long length = bytes.byteSize();
            int outcome = ring.isLarge(length) ? RecordRing.AS_PARCEL : ring.claim((int) length, deadline, interruptible);
            if (outcome == DONE) {
                copyToClaimed(bytes);
                ring.publish();
            } else if (outcome == RecordRing.AS_PARCEL) {
                return putParcel(bytes, deadline, interruptible);
            }
            return outcome;
        } finally {
            Reference.reachabilityFence(block);
        }
    }

    private void copyToClaimed(MemorySegment bytes) {
        try {
            MemorySegment.copy(bytes, 0, memory, ring.claimed(), bytes.byteSize());
        } catch (RuntimeException e) {
            // Of another thread, or closed.
            ring.cancel();
            throw e;
        }
    }

    private int putParcel(MemorySegment bytes, long deadline, boolean interruptible) {
        // Written before the ring's lock is taken, however large.
        long parcel = parcels.make(bytes.byteSize());
        boolean consigned = false;
        try {
            MemorySegment.copy(bytes, 0, memory, parcel + ParcelLayout.CONTENT, bytes.byteSize());
            int outcome = ring.claimForParcel(deadline, interruptible);
            if (outcome == DONE) {
                ring.consign(parcel);
                consigned = true;
            }
            return outcome;
        } finally {
            if (!consigned) {
                parcels.discard(parcel);
            }
        }
    }

    @Override
    public int find(long deadline, boolean interruptible) {
        return ring.find(deadline, interruptible);
    }

    /** {@return how many bytes the element that was found has} */
    public long length() {
        return ring.isParcel() ? parcels.bytes(ring.parcel()) : ring.bytes();
    }

    private long place() {
        return ring.isParcel() ? ring.parcel() + ParcelLayout.CONTENT : ring.found();
    }

    /** Copies the element that was found. */
    public void copyTo(byte[] bytes, int from) {
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, place(), bytes, from, (int) length());
    }

    private byte[] copy() {
        long length = length();
        if (length > Integer.MAX_VALUE - Long.BYTES) {
            throw new OutOfMemoryError("an element of " + length + " bytes does not fit an array");
        }
        byte[] bytes = new byte[(int) length];
        copyTo(bytes, 0);
        return bytes;
    }

    /** Takes the element that was found and those before it. */
    public void take() {
        try {
            if (ring.isParcel()) {
                ring.takeParcel();
            } else {
                ring.take();
            }
        } finally {
            Reference.reachabilityFence(block);
        }
    }

    /** Takes the elements before the one that was found. */
    public void leave() {
        try {
            ring.leave();
        } finally {
            Reference.reachabilityFence(block);
        }
    }

    @Override
    public byte[] takeFound() {
        byte[] copy;
        try {
            copy = copy();
        } catch (OutOfMemoryError e) {
            leave();
            throw e;
        }
        take();
        return copy;
    }

    @Override
    public void takeFound(int most, List<byte[]> copies) {
        if (most == 1 || ring.isParcel()) {
            copies.add(takeFound());
            return;
        }
        int before = copies.size();
        boolean all = false;
        try {
            boolean more;
            do {
                copies.add(copy());
                more = copies.size() - before < most && ring.findNext();
            } while (more && !ring.isParcel());
            all = !more;
        } catch (OutOfMemoryError e) {
            if (copies.size() == before) {
                throw e;
            }
        } finally {
            // What was found last and has not been copied stays.
            if (all) {
                take();
            } else {
                leave();
            }
        }
    }

    @Override
    public byte[] peekAtFound() {
        try {
            return copy();
        } finally {
            ring.cancelFind();
        }
    }

    @Override
    public void peekAtAll(List<byte[]> copies) {
        try {
            do {
                copies.add(copy());
            } while (ring.findNext());
        } finally {
            ring.cancelFind();
        }
    }
}
