// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.space;

import static dev.kindred.internal.space.ParcelLayout.FIRST;
import static dev.kindred.internal.space.ParcelLayout.HOLDER;
import static dev.kindred.internal.space.ParcelLayout.LAST;
import static dev.kindred.internal.space.ParcelLayout.NEXT;
import static dev.kindred.internal.space.ParcelLayout.NUMBER;
import static dev.kindred.internal.space.ParcelLayout.PREVIOUS;

import dev.kindred.internal.words.Words;

/** The parcels of a holder, in the order in which they were consigned. Called only by the holder of the space's mutex. */
final class ParcelList {

    /** No parcel. */
    static final long NONE = 0;

    private final Words words;

    ParcelList(Words words) {
        this.words = words;
    }

    /** Writes into a parcel where it will be linked. Nothing else changes. */
    void prepare(long parcel, long holder, long number) {
        words.setLongPlain(parcel + PREVIOUS, last(holder));
        words.setLongPlain(parcel + NEXT, NONE);
        words.setLongPlain(parcel + HOLDER, holder);
        words.setLongPlain(parcel + NUMBER, number);
    }

    /** Links a prepared parcel behind the last of its holder's. It may be done again from the start. */
    void link(long parcel) {
        long holder = holder(parcel);
        long previous = words.getLongPlain(parcel + PREVIOUS);
        words.setLongRelease(previous == NONE ? holder + FIRST : previous + NEXT, parcel);
        words.setLongRelease(holder + LAST, parcel);
    }

    /** Takes a parcel out of its holder's. It may be done again from the start. */
    void unlink(long parcel) {
        long holder = holder(parcel);
        long previous = words.getLongPlain(parcel + PREVIOUS);
        long next = words.getLongPlain(parcel + NEXT);
        words.setLongRelease(previous == NONE ? holder + FIRST : previous + NEXT, next);
        words.setLongRelease(next == NONE ? holder + LAST : next + PREVIOUS, previous);
    }

    long first(long holder) {
        return words.getLongPlain(holder + FIRST);
    }

    private long last(long holder) {
        return words.getLongPlain(holder + LAST);
    }

    long next(long parcel) {
        return words.getLongPlain(parcel + NEXT);
    }

    private long holder(long parcel) {
        return words.getLongPlain(parcel + HOLDER);
    }

    long number(long parcel) {
        return words.getLongPlain(parcel + NUMBER);
    }
}
