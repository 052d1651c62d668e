// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.space;

import static dev.kindred.internal.space.SpaceLayout.GRANULES;
import static dev.kindred.internal.space.SpaceLayout.MARKERS;
import static dev.kindred.internal.space.SpaceLayout.SMALL_PAGE;
import static dev.kindred.internal.space.SpaceLayout.indexOf;
import static dev.kindred.internal.space.SpaceLayout.regionOf;

import java.util.function.LongConsumer;

import dev.kindred.internal.words.Words;

/**
 * Which process can reach which block, which the directory names, and which is a parcel: a bit for each, in a page for each region and marker. A
 * process's marker is its slot. Called only by the holder of the space's mutex.
 */
final class Marks {

    private final Words words;
    private final SpaceLayout layout;
    private final Memory memory;

    Marks(Words words, SpaceLayout layout, Memory memory) {
        this.words = words;
        this.layout = layout;
        this.memory = memory;
    }

    /** Makes sure that {@link #set} can be called for that block. */
    void reserve(long start, int marker) {
        int region = regionOf(start);
        if (!hasPage(region, marker)) {
            memory.reserve(layout.marks(region, marker), SMALL_PAGE);
            Bits.set(words, layout.markers(region), marker);
        }
    }

    void set(long start, int marker) {
        Bits.set(words, layout.marks(regionOf(start), marker), indexOf(start));
    }

    void clear(long start, int marker) {
        if (hasPage(regionOf(start), marker)) {
            Bits.clear(words, layout.marks(regionOf(start), marker), indexOf(start));
        }
    }

    boolean isSet(long start, int marker) {
        return hasPage(regionOf(start), marker) && Bits.isSet(words, layout.marks(regionOf(start), marker), indexOf(start));
    }

    /** {@return whether some process can reach the block, the directory names it, or a holder has it as a parcel} */
    boolean isMarked(long start) {
        return isMarkedBesides(start, -1);
    }

    /** {@return whether that is so for another marker than this one} */
    boolean isMarkedBesides(long start, int known) {
        long markers = layout.markers(regionOf(start));
        int marker = Bits.nextSet(words, markers, 0, MARKERS);
        while (marker < MARKERS) {
            if (marker != known && Bits.isSet(words, layout.marks(regionOf(start), marker), indexOf(start))) {
                return true;
            }
            marker = Bits.nextSet(words, markers, marker + 1, MARKERS);
        }
        return false;
    }

    /** Calls {@code action} for each block of a region that a marker can reach; the action may clear that mark. */
    void forEach(int region, int marker, LongConsumer action) {
        if (!hasPage(region, marker)) {
            return;
        }
        long row = layout.marks(region, marker);
        int index = Bits.nextSet(words, row, 0, GRANULES);
        while (index < GRANULES) {
            action.accept((long) region * GRANULES + index);
            index = Bits.nextSet(words, row, index + 1, GRANULES);
        }
    }

    /** Returns the page of a marker that has no mark left in a region. */
    void dropPage(int region, int marker) {
        if (hasPage(region, marker)) {
            Bits.clear(words, layout.markers(region), marker);
            memory.punch(layout.marks(region, marker), SMALL_PAGE);
        }
    }

    private boolean hasPage(int region, int marker) {
        return Bits.isSet(words, layout.markers(region), marker);
    }
}
