// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.ring;

import static dev.kindred.internal.ring.Ring.DONE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;

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
public final class Elements {

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

    /** {@return the ring} */
    public RecordRing ring() {
        return ring;
    }

    /** {@return the block} */
    public Block block() {
        return block;
    }

    /**
     * Puts an element.
     *
     * @param bytes       hold it
     * @param from        where in them it begins
     * @param length      how many bytes it has
     * @param deadline    as for {@link Ring#beginPut}
     * @return {@link Ring#DONE} or why not: {@link Ring#TIMED_OUT}, {@link Ring#INTERRUPTED}, {@link Ring#SHUT_DOWN}
     * @throws dev.kindred.OutOfSharedMemoryException if it is a large one for which there is no shared memory; nothing was put
     */
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

    /** The same for bytes that lie in a segment, all of it. */
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
            int outcome = ring.claimForParcel(bytes.byteSize(), deadline, interruptible);
            if (outcome == DONE) {
                consign(parcel);
                consigned = true;
            }
            return outcome;
        } finally {
            if (!consigned) {
                parcels.discard(parcel);
            }
        }
    }

    /** Consigns a parcel under a claim, and publishes it. */
    private void consign(long parcel) {
        try {
            parcels.consign(parcel, ring.position());
        } catch (RuntimeException e) {
            ring.cancel();
            throw e;
        }
        ring.putParcel(parcel);
    }

    /**
     * Waits for an element and keeps it, with the lock of those who take.
     *
     * @param deadline as for {@link Ring#beginTake}
     * @return as {@link Ring#beginTake}
     */
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

    /** Copies the element that was found. */
    public void copyTo(MemorySegment bytes) {
        MemorySegment.copy(memory, place(), bytes, 0, length());
    }

    /**
     * {@return a copy of the element that was found}
     *
     * @throws OutOfMemoryError if there is no room for it
     */
    public byte[] copy() {
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
}
