// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.space;

import static dev.kindred.internal.space.SpaceLayout.GRANULE;
import static dev.kindred.internal.space.SpaceLayout.GRANULES;
import static dev.kindred.internal.space.SpaceLayout.GRANULES_A_PAGE;
import static dev.kindred.internal.space.SpaceLayout.LOWEST_FREE;
import static dev.kindred.internal.space.SpaceLayout.PAGE;
import static dev.kindred.internal.space.SpaceLayout.PAGES;
import static dev.kindred.internal.space.SpaceLayout.REGION;
import static dev.kindred.internal.space.SpaceLayout.REGIONS_USED;
import static dev.kindred.internal.space.SpaceLayout.SMALL_PAGE;
import static dev.kindred.internal.space.SpaceLayout.SUMMARIES_A_PAGE;
import static dev.kindred.internal.space.SpaceLayout.SUMMARY_FIRST_LONG;
import static dev.kindred.internal.space.SpaceLayout.SUMMARY_LONGEST;
import static dev.kindred.internal.space.SpaceLayout.SUMMARY_RESERVED;
import static dev.kindred.internal.space.SpaceLayout.indexOf;
import static dev.kindred.internal.space.SpaceLayout.regionOf;

import dev.kindred.OutOfSharedMemoryException;
import dev.kindred.internal.crash.CrashPoint;
import dev.kindred.internal.words.Words;

/**
 * The heap's regions: which granules are taken, which pages are reserved. Called only by the holder of the space's mutex.
 *
 * <p>The bits are the truth. A region's summary and the lowest free region only save looking; they may promise more free granules than there
 * are, never fewer, and {@link #recount} restores a summary from the bits.
 */
final class Regions {

    /** This much reserved memory in one free run goes back to the system. */
    private static final int RETURNED_PAGES = (1 << 20) / PAGE;

    private final Words words;
    private final SpaceLayout layout;
    private final Memory memory;

    Regions(Words words, SpaceLayout layout, Memory memory) {
        this.words = words;
        this.layout = layout;
        this.memory = memory;
    }

    int used() {
        return words.getPlain(REGIONS_USED);
    }

    /** {@return the first granule of a free run that lies within a region} */
    long findSmall(int granules) {
        int used = used();
        for (int region = skipFull(used); region < used; region++) {
            int index = findIn(region, granules);
            if (index >= 0) {
                return (long) region * GRANULES + index;
            }
        }
        add();
        return (long) used * GRANULES;
    }

    private int skipFull(int used) {
        int region = words.getPlain(LOWEST_FREE);
        while (region < used && words.getPlain(layout.summary(region)) == 0) {
            region++;
        }
        words.setPlain(LOWEST_FREE, region);
        return region;
    }

    private int findIn(int region, int granules) {
        long summary = layout.summary(region);
        if (words.getPlain(summary) < granules || words.getPlain(summary + SUMMARY_LONGEST) < granules) {
            return -1;
        }
        long taken = layout.taken(region);
        int start = Bits.nextClear(words, taken, words.getPlain(summary + SUMMARY_FIRST_LONG) * Long.SIZE, GRANULES);
        words.setPlain(summary + SUMMARY_FIRST_LONG, Math.min(start, GRANULES - 1) / Long.SIZE);
        int longest = 0;
        while (start < GRANULES) {
            int end = Bits.nextSet(words, taken, start, Math.min(start + granules, GRANULES));
            if (end - start == granules) {
                return start;
            }
            longest = Math.max(longest, end - start);
            start = Bits.nextClear(words, taken, end, GRANULES);
        }
        words.setPlain(summary + SUMMARY_LONGEST, longest);
        return -1;
    }

    /** {@return the first granule of a free run that begins with a region} */
    long findLarge(long granules) {
        int needed = Math.toIntExact((granules + GRANULES - 1) / GRANULES);
        int first = 0;
        for (int region = 0; region - first < needed; region++) {
            if (region == used()) {
                add();
            } else if (!isFree(region)) {
                first = region + 1;
            }
        }
        return (long) first * GRANULES;
    }

    private boolean isFree(int region) {
        return words.getPlain(layout.summary(region)) == GRANULES;
    }

    /** Adds a region at the end. Killed in the middle, it leaves nothing that the next who adds this region does not make good. */
    private void add() {
        int region = used();
        if (region == layout.regions()) {
            long limit = (long) region * REGION;
            throw new OutOfSharedMemoryException(REGION, "the shared space is full: its limit is " + limit
                    + " bytes of address space; let go of objects that are no longer used, or keep large data in SharedMemory");
        }
        if (region % SUMMARIES_A_PAGE == 0) {
            memory.reserve(layout.summary(region), SMALL_PAGE);
        }
        // A dropper may have died before it had returned these.
        memory.punch(layout.heap(region), REGION);
        memory.punch(layout.marks(region), SpaceLayout.MARKS);
        memory.reserve(layout.taken(region), SpaceLayout.MAPS);
        words.zero(layout.taken(region), SpaceLayout.MAPS);
        words.setPlain(layout.summary(region) + SUMMARY_RESERVED, 0);
        recount(region);
        CrashPoint.SPACE_REGION_PREPARED.pass();
        words.setRelease(REGIONS_USED, region + 1);
    }

    /** Drops regions off the end, all free ones but one, so that a block that comes and goes does not add and drop a region each time. */
    void trim() {
        while (used() > 2 && isFree(used() - 1) && isFree(used() - 2)) {
            int region = used() - 1;
            words.setRelease(REGIONS_USED, region);
            CrashPoint.SPACE_REGION_DROPPED.pass();
            memory.punch(layout.heap(region), REGION);
            memory.punch(layout.marks(region), SpaceLayout.MARKS);
            memory.punch(layout.taken(region), SpaceLayout.MAPS);
        }
    }

    /** Makes a free run touchable and zero. */
    void reserve(long start, long granules) {
        forEachRegion(start, granules, this::reserveIn);
    }

    private void reserveIn(int region, int from, int to) {
        long summary = layout.summary(region) + SUMMARY_RESERVED;
        int end = (to - 1) / GRANULES_A_PAGE + 1;
        for (int page = from / GRANULES_A_PAGE; page < end;) {
            int reserved = words.getPlain(summary);
            int next = page + 1;
            boolean isReserved = (reserved & 1 << page) != 0;
            while (next < end && (reserved & 1 << next) != 0 == isReserved) {
                next++;
            }
            if (isReserved) {
                int first = Math.max(from, page * GRANULES_A_PAGE);
                int last = Math.min(to, next * GRANULES_A_PAGE);
                words.zero(layout.heap(region) + (long) first * GRANULE, (long) (last - first) * GRANULE);
            } else {
                memory.reserve(layout.heap(region) + (long) page * PAGE, (long) (next - page) * PAGE);
                words.setPlain(summary, reserved | pages(page, next));
            }
            page = next;
        }
    }

    /** Takes a free run for a block. */
    void take(long start, long granules) {
        forEachRegion(start, granules, (region, from, to) -> {
            Bits.setRange(words, layout.taken(region), from, to);
            long summary = layout.summary(region);
            words.setPlain(summary, words.getPlain(summary) - (to - from));
        });
        Bits.set(words, layout.starts(regionOf(start)), indexOf(start));
    }

    /**
     * Frees a block's run and returns memory to the system. It may be done again from the start, or on a run that is not wholly taken, if
     * {@link #recount} follows.
     */
    void give(long start, long granules) {
        Bits.clear(words, layout.starts(regionOf(start)), indexOf(start));
        forEachRegion(start, granules, (region, from, to) -> {
            Bits.clearRange(words, layout.taken(region), from, to);
            long summary = layout.summary(region);
            int free = words.getPlain(summary) + (to - from);
            words.setPlain(summary, free);
            words.setPlain(summary + SUMMARY_LONGEST, free);
            words.setPlain(summary + SUMMARY_FIRST_LONG, Math.min(words.getPlain(summary + SUMMARY_FIRST_LONG), from / Long.SIZE));
        });
        words.setPlain(LOWEST_FREE, Math.min(words.getPlain(LOWEST_FREE), regionOf(start)));
        CrashPoint.SPACE_GRANULES_FREED.pass();
        forEachRegion(start, granules, (region, from, to) ->
                returnPages(region, from, to, region > 0 && isFree(region) ? 1 : RETURNED_PAGES));
        CrashPoint.SPACE_PAGES_RETURNED.pass();
    }

    /** Returns the reserved pages of the free run around a range, if there are at least so many. */
    private void returnPages(int region, int from, int to, int least) {
        long taken = layout.taken(region);
        int runStart = Bits.endOfSetBelow(words, taken, from);
        int runEnd = Bits.nextSet(words, taken, to, GRANULES);
        int first = (runStart + GRANULES_A_PAGE - 1) / GRANULES_A_PAGE;
        int end = runEnd / GRANULES_A_PAGE;
        if (first >= end) {
            return;
        }
        long summary = layout.summary(region) + SUMMARY_RESERVED;
        int reserved = words.getPlain(summary);
        int returned = reserved & pages(first, end);
        if (returned != 0 && Integer.bitCount(returned) >= least) {
            memory.punch(layout.heap(region) + (long) first * PAGE, (long) (end - first) * PAGE);
            words.setPlain(summary, reserved & ~returned);
        }
    }

    private static int pages(int from, int to) {
        return (int) ((1L << to) - (1L << from));
    }

    /** Restores the summaries of a run's regions from the bits. */
    void recount(long start, long granules) {
        forEachRegion(start, granules, (region, from, to) -> recount(region));
        words.setPlain(LOWEST_FREE, Math.min(words.getPlain(LOWEST_FREE), regionOf(start)));
    }

    private void recount(int region) {
        long summary = layout.summary(region);
        int free = GRANULES - Bits.count(words, layout.taken(region), GRANULES);
        words.setPlain(summary, free);
        words.setPlain(summary + SUMMARY_LONGEST, free);
        words.setPlain(summary + SUMMARY_FIRST_LONG, 0);
    }

    boolean isStart(long granule) {
        return regionOf(granule) < used() && Bits.isSet(words, layout.starts(regionOf(granule)), indexOf(granule));
    }

    /** {@return how many granules the block has that begins at {@code start}} */
    long lengthAt(long start) {
        int region = regionOf(start);
        int from = indexOf(start);
        int end = blockEnd(region, from + 1);
        long granules = (long) end - from;
        while (end == GRANULES && region + 1 < used() && Bits.isSet(words, layout.taken(region + 1), 0)
                && !Bits.isSet(words, layout.starts(region + 1), 0)) {
            region++;
            end = blockEnd(region, 1);
            granules += end;
        }
        return granules;
    }

    private int blockEnd(int region, int from) {
        int free = Bits.nextClear(words, layout.taken(region), from, GRANULES);
        return Bits.nextSet(words, layout.starts(region), from, free);
    }

    long freeGranules() {
        long free = 0;
        for (int region = 0; region < used(); region++) {
            free += words.getPlain(layout.summary(region));
        }
        return free;
    }

    @FunctionalInterface
    private interface RegionAction {
        void on(int region, int from, int to);
    }

    private static void forEachRegion(long start, long granules, RegionAction action) {
        long end = start + granules;
        for (long from = start; from < end;) {
            int region = regionOf(from);
            long to = Math.min(end, (region + 1L) * GRANULES);
            action.on(region, indexOf(from), indexOf(to - 1) + 1);
            from = to;
        }
    }
}
