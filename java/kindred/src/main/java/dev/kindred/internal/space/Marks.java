// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.space;

import static dev.kindred.internal.space.SpaceLayout.GRANULES;
import static dev.kindred.internal.space.SpaceLayout.SMALL_PAGE;
import static dev.kindred.internal.space.SpaceLayout.indexOf;
import static dev.kindred.internal.space.SpaceLayout.regionOf;

import java.util.function.LongConsumer;

import dev.kindred.internal.domain.DomainLayout;
import dev.kindred.internal.words.Words;

/** Which process can reach which block: a bit for each, in a page for each region and process. Called only by the holder of the space's mutex. */
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
    void reserve(long start, int slot) {
        int region = regionOf(start);
        if (!hasPage(region, slot)) {
            memory.reserve(layout.marks(region, slot), SMALL_PAGE);
            Bits.set(words, layout.markers(region), slot);
        }
    }

    void set(long start, int slot) {
        Bits.set(words, layout.marks(regionOf(start), slot), indexOf(start));
    }

    void clear(long start, int slot) {
        if (hasPage(regionOf(start), slot)) {
            Bits.clear(words, layout.marks(regionOf(start), slot), indexOf(start));
        }
    }

    boolean isSet(long start, int slot) {
        return hasPage(regionOf(start), slot) && Bits.isSet(words, layout.marks(regionOf(start), slot), indexOf(start));
    }

    /** {@return whether some process can reach the block} */
    boolean isMarked(long start) {
        long markers = layout.markers(regionOf(start));
        int slot = Bits.nextSet(words, markers, 0, DomainLayout.SLOTS);
        while (slot < DomainLayout.SLOTS) {
            if (Bits.isSet(words, layout.marks(regionOf(start), slot), indexOf(start))) {
                return true;
            }
            slot = Bits.nextSet(words, markers, slot + 1, DomainLayout.SLOTS);
        }
        return false;
    }

    /** Calls {@code action} for each block of a region that a process can reach; the action may clear that mark. */
    void forEach(int region, int slot, LongConsumer action) {
        if (!hasPage(region, slot)) {
            return;
        }
        long row = layout.marks(region, slot);
        int index = Bits.nextSet(words, row, 0, GRANULES);
        while (index < GRANULES) {
            action.accept((long) region * GRANULES + index);
            index = Bits.nextSet(words, row, index + 1, GRANULES);
        }
    }

    /** Returns the page of a process that has no mark left in a region. */
    void dropPage(int region, int slot) {
        if (hasPage(region, slot)) {
            Bits.clear(words, layout.markers(region), slot);
            memory.punch(layout.marks(region, slot), SMALL_PAGE);
        }
    }

    private boolean hasPage(int region, int slot) {
        return Bits.isSet(words, layout.markers(region), slot);
    }
}
