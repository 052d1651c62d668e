// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.space;

import static dev.kindred.internal.space.ParcelLayout.BYTES;
import static dev.kindred.internal.space.ParcelLayout.FIRST;
import static dev.kindred.internal.space.ParcelLayout.NEXT;
import static dev.kindred.internal.space.ParcelLayout.NUMBER;

import java.lang.ref.Reference;
import java.util.function.LongPredicate;

import dev.kindred.internal.words.MappedWords;

/**
 * The parcels of a holder: blocks that outlive the processes that made them, until they are collected or no process can reach the holder.
 *
 * <p>A parcel is named by its offset. It is made by {@link #make}, filled, and consigned; whoever throws in between calls {@link #discard}. Whoever may
 * have it, which the caller sees to, reads it and collects it.
 */
public final class Parcels {

    private final Space space;
    private final Heap heap;
    private final Block holder;
    private final MappedWords words;

    Parcels(Space space, Heap heap, Block holder) {
        this.space = space;
        this.heap = heap;
        this.holder = holder;
        this.words = space.words();
    }

    /**
     * Makes a block for a parcel, which only this process can reach.
     *
     * @param bytes of content, at {@link ParcelLayout#CONTENT}, zeros
     * @throws dev.kindred.OutOfSharedMemoryException if there is no room
     */
    public long make(long bytes) {
        long parcel = space.allocateBare(ParcelLayout.SIZE + bytes);
        words.setLongPlain(parcel + BYTES, bytes);
        return parcel;
    }

    /** Lets go of a block that this process has made and not consigned. */
    public void discard(long parcel) {
        heap.release(parcel);
    }

    /**
     * Makes a block that this process has made a parcel, the last of the holder's.
     *
     * @param number what it is told by
     */
    public void consign(long parcel, long number) {
        try {
            heap.consign(parcel, holder.offset(), number);
        } finally {
            Reference.reachabilityFence(holder);
        }
    }

    /** Takes a parcel from the holder. */
    public void collect(long parcel) {
        heap.collect(parcel);
    }

    /** Takes those parcels from the holder that have a number of a kind. */
    public void collectIf(LongPredicate ofNumber) {
        try {
            heap.collectIf(holder.offset(), ofNumber);
        } finally {
            Reference.reachabilityFence(holder);
        }
    }

    /** Puts in order what one left that died while it changed something in the space. */
    public void settle() {
        heap.settle();
    }

    /** {@return how many bytes of content a parcel has} */
    public long bytes(long parcel) {
        return words.getLongPlain(parcel + BYTES);
    }

    /** {@return what a parcel is told by} */
    public long number(long parcel) {
        return words.getLongPlain(parcel + NUMBER);
    }

    /** {@return the oldest parcel, 0 for none} */
    public long first() {
        return words.getLongAcquire(holder.offset() + FIRST);
    }

    /** {@return the parcel consigned after another, 0 for none} The caller sees to it that nobody collects the other meanwhile. */
    public long next(long parcel) {
        return words.getLongAcquire(parcel + NEXT);
    }
}
