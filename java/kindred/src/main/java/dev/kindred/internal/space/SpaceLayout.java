// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.space;

import dev.kindred.internal.domain.DomainLayout;

/**
 * Where the parts of the space lie in the domain's file.
 *
 * <p>The heap is cut into regions of 2 MiB, a region into granules of 64 bytes. A block is a run of granules. A block of at most 1 MiB lies
 * within a region; a larger one begins with a region and may end in a later one.
 *
 * <pre>
 *   head of the file: the domain's slots (DomainLayout), and in its first page
 *     1024  mutex (int)
 *     1088  intent: operation (int) | slot (int) | first granule (long) | granules (long) | entry of the directory (int)
 *     1152  regions in use (int) | lowest region that may have a free granule (int)
 *     1216  the directory's words (DirectoryLayout)
 *
 *   DIRECTORY  the names of blocks (DirectoryLayout)
 *   SUMMARIES  64 bytes a region: free granules (int) | longest free run, at most (int) | reserved pages, a bit each (int)
 *                                 | first long of the taken bits that may have a free granule (int)
 *   MAPS       12 KiB a region:   taken granules, a bit each (4 KiB) | first granules of blocks, a bit each (4 KiB)
 *                                 | markers that have a page of marks here, a bit each (514 bytes, rest unused)
 *   MARKS      16 MiB and 12 KiB a region: a page of 4 KiB for each marker: the blocks, by their first granule, that it can reach.
 *                                 Each slot is a marker, for its process; after the last slot come the directory, the holders of
 *                                 parcels, and a page that says which blocks are such holders
 *   HEAP       2 MiB a region:    reserved in pages of 64 KiB
 * </pre>
 *
 * <p>All of it but the head is a hole until it is needed; what is reserved and can be touched is said by the regions in use, by the bits of
 * reserved pages, and by the bits of markers that have a page of marks.
 */
final class SpaceLayout {

    static final int GRANULE = 64;
    static final int GRANULES = 1 << 15;
    static final int REGION = GRANULE * GRANULES;
    static final int PAGES = 32;
    static final int PAGE = REGION / PAGES;
    static final int GRANULES_A_PAGE = GRANULES / PAGES;

    /** The largest block, in granules, that lies within a region. */
    static final int SMALL_LIMIT = GRANULES / 2;

    /** How many regions a family's space can have: 64 GiB. */
    static final int MOST_REGIONS = 1 << 15;

    /** How many regions a named space has room for: 8 GiB. All who open it must have the address space for as many. */
    static final int NAMED_REGIONS = 1 << 12;

    static final int SMALL_PAGE = 4096;

    static final long MUTEX = DomainLayout.SPACE_HEADER_OFFSET;
    static final long INTENT = MUTEX + 64;
    static final long INTENT_SLOT = INTENT + 4;
    static final long INTENT_GRANULE = INTENT + 8;
    static final long INTENT_GRANULES = INTENT + 16;
    static final long INTENT_ENTRY = INTENT + 24;
    static final long REGIONS_USED = INTENT + 64;
    static final long LOWEST_FREE = REGIONS_USED + 4;
    static final long DIRECTORY_HEADER = REGIONS_USED + 64;

    static final int INTENT_NONE = 0;
    static final int INTENT_ALLOCATE = 1;
    static final int INTENT_RELEASE = 2;
    static final int INTENT_NAME = 3;
    static final int INTENT_UNNAME = 4;
    static final int INTENT_CONSIGN = 5;
    static final int INTENT_COLLECT = 6;

    static final int SUMMARY = 64;
    static final int SUMMARY_LONGEST = 4;
    static final int SUMMARY_RESERVED = 8;
    static final int SUMMARY_FIRST_LONG = 12;
    static final int SUMMARIES_A_PAGE = SMALL_PAGE / SUMMARY;

    static final int MAPS = 3 * SMALL_PAGE;
    static final int MAPS_STARTS = SMALL_PAGE;
    static final int MAPS_MARKERS = 2 * SMALL_PAGE;

    /** The marker that stands for the directory. Nobody's death clears its marks. */
    static final int DIRECTORY_MARKER = DomainLayout.SLOTS;

    /** The marker that stands for the holders of parcels. */
    static final int PARCEL_MARKER = DIRECTORY_MARKER + 1;

    /** How many markers keep blocks allocated. */
    static final int MARKERS = PARCEL_MARKER + 1;

    /** Marks the blocks that have held a parcel, and keeps none allocated. */
    static final int HOLDER_MARKER = MARKERS;

    static final long MARKS = (HOLDER_MARKER + 1L) * SMALL_PAGE;

    private final int regions;
    private final long summaries;
    private final long maps;
    private final long marks;
    private final long heap;

    /** The layout of a file with room for so many regions. */
    SpaceLayout(int regions) {
        this.regions = regions;
        summaries = align(DirectoryLayout.END);
        maps = align(summaries + (long) regions * SUMMARY);
        marks = align(maps + (long) regions * MAPS);
        heap = align(marks + regions * MARKS);
    }

    /** {@return the size of a file with room for so many regions} */
    static long fileSize(int regions) {
        return new SpaceLayout(regions).heap + (long) regions * REGION;
    }

    static long align(long offset) {
        return (offset + REGION - 1) / REGION * REGION;
    }

    int regions() {
        return regions;
    }

    long summary(int region) {
        return summaries + (long) region * SUMMARY;
    }

    long taken(int region) {
        return maps + (long) region * MAPS;
    }

    long starts(int region) {
        return taken(region) + MAPS_STARTS;
    }

    long markers(int region) {
        return taken(region) + MAPS_MARKERS;
    }

    long marks(int region) {
        return marks + region * MARKS;
    }

    long marks(int region, int marker) {
        return marks(region) + (long) marker * SMALL_PAGE;
    }

    long heap(int region) {
        return heap + (long) region * REGION;
    }

    long granuleOffset(long granule) {
        return heap + granule * GRANULE;
    }

    /** {@return the granule at an offset, or -1 if none begins there} */
    long granuleAt(long offset) {
        long distance = offset - heap;
        return distance < 0 || distance % GRANULE != 0 || distance >= (long) regions * REGION ? -1 : distance / GRANULE;
    }

    static int regionOf(long granule) {
        return (int) (granule / GRANULES);
    }

    static int indexOf(long granule) {
        return (int) (granule % GRANULES);
    }
}
