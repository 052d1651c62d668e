// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.space;

import static dev.kindred.internal.space.SpaceLayout.GRANULE;
import static dev.kindred.internal.space.SpaceLayout.INTENT;
import static dev.kindred.internal.space.SpaceLayout.INTENT_ALLOCATE;
import static dev.kindred.internal.space.SpaceLayout.INTENT_GRANULE;
import static dev.kindred.internal.space.SpaceLayout.INTENT_GRANULES;
import static dev.kindred.internal.space.SpaceLayout.INTENT_NONE;
import static dev.kindred.internal.space.SpaceLayout.INTENT_RELEASE;
import static dev.kindred.internal.space.SpaceLayout.INTENT_SLOT;
import static dev.kindred.internal.space.SpaceLayout.SMALL_LIMIT;

import dev.kindred.internal.crash.CrashPoint;
import dev.kindred.internal.domain.DomainLayout;
import dev.kindred.internal.domain.Recoverable;
import dev.kindred.internal.sync.Liveness;
import dev.kindred.internal.sync.Mutex;
import dev.kindred.internal.words.Words;

/**
 * Allocates and frees blocks so that a process killed at any step neither loses one nor frees one under another.
 *
 * <p>There are no reference counts. A block is free when no process's marks name it, and a dead process's marks are cleared by whoever recovers
 * it. All changes are made under one mutex, which the next who needs it takes over from a dead holder. A change of more than one word is
 * announced by an intent first: whoever takes the mutex over undoes an allocation and finishes a release that it finds announced.
 */
final class Heap implements Recoverable {

    private static final long RECOVERY_PATIENCE_NANOSECONDS = 1_000_000_000;

    private final Words words;
    private final SpaceLayout layout;
    private final Regions regions;
    private final Marks marks;
    private final Mutex mutex;
    private final Liveness liveness;
    private final int slot;

    /**
     * Looks at a family's heap.
     *
     * @param self the id of this process
     */
    Heap(Words words, SpaceLayout layout, Memory memory, Liveness liveness, int self) {
        this.words = words;
        this.layout = layout;
        this.regions = new Regions(words, layout, memory);
        this.marks = new Marks(words, layout, memory);
        this.mutex = new Mutex(words, SpaceLayout.MUTEX, self, true, liveness);
        this.liveness = liveness;
        this.slot = DomainLayout.slotOf(self);
    }

    /**
     * Allocates a block that this process can reach.
     *
     * @return its offset in the domain's file, a multiple of 64
     * @throws dev.kindred.OutOfSharedMemoryException if there is no room; nothing has changed then
     */
    long allocate(long bytes) {
        long granules = Math.max(1, (bytes + GRANULE - 1) / GRANULE);
        enter(Words.NO_DEADLINE);
        try {
            long start = granules <= SMALL_LIMIT ? regions.findSmall((int) granules) : regions.findLarge(granules);
            CrashPoint.SPACE_RUN_FOUND.pass();
            announce(INTENT_ALLOCATE, slot, start, granules);
            CrashPoint.SPACE_ALLOCATION_INTENDED.pass();
            try {
                regions.reserve(start, granules);
                marks.reserve(start, slot);
            } catch (RuntimeException noRoom) {
                undoAllocation(start, granules, slot);
                settle();
                throw noRoom;
            }
            CrashPoint.SPACE_RUN_RESERVED.pass();
            regions.take(start, granules);
            CrashPoint.SPACE_GRANULES_TAKEN.pass();
            marks.set(start, slot);
            CrashPoint.SPACE_BLOCK_MARKED.pass();
            settle();
            CrashPoint.SPACE_ALLOCATED.pass();
            return layout.granuleOffset(start);
        } finally {
            mutex.release();
        }
    }

    private void undoAllocation(long start, long granules, int of) {
        marks.clear(start, of);
        regions.give(start, granules);
        regions.recount(start, granules);
    }

    /** Says that this process can no longer reach a block, which is freed if no other can. */
    void release(long offset) {
        enter(Words.NO_DEADLINE);
        try {
            release(blockAt(offset), slot);
            regions.trim();
        } finally {
            mutex.release();
        }
    }

    /**
     * Marks a block that this process's parent passed on.
     *
     * @param parent the id of the parent, whose own mark keeps the block until then
     * @return whether this process had marked it before
     * @throws IllegalStateException if this process had not, and the parent has died meanwhile, and with it perhaps the block
     */
    boolean adopt(long offset, int parent) {
        enter(Words.NO_DEADLINE);
        try {
            // The marks of a dead process are cleared under this mutex and after it is seen dead: alive here, its marks stand.
            if (!isReachable(offset) && liveness.isDead(parent)) {
                throw new IllegalStateException("the parent died before this process could take over what it passes on");
            }
            long start = blockAt(offset);
            boolean marked = marks.isSet(start, slot);
            marks.reserve(start, slot);
            marks.set(start, slot);
            CrashPoint.SPACE_ADOPTED.pass();
            return marked;
        } finally {
            mutex.release();
        }
    }

    private boolean isReachable(long offset) {
        long start = layout.granuleAt(offset);
        return start >= 0 && regions.isStart(start) && marks.isSet(start, slot);
    }

    /** {@return how many bytes a block has, a multiple of 64} */
    long lengthAt(long offset) {
        enter(Words.NO_DEADLINE);
        try {
            return regions.lengthAt(blockAt(offset)) * GRANULE;
        } finally {
            mutex.release();
        }
    }

    /**
     * Clears all marks of a dead process and frees what only it could reach.
     *
     * @return false if the mutex could not be had for a while
     */
    @Override
    public boolean recover(int dead) {
        for (int region = 0; ; region++) {
            if (!enter(words.now() + RECOVERY_PATIENCE_NANOSECONDS)) {
                return false;
            }
            try {
                if (region >= regions.used()) {
                    regions.trim();
                    return true;
                }
                marks.forEach(region, dead, start -> release(start, dead));
                marks.dropPage(region, dead);
            } finally {
                mutex.release();
            }
        }
    }

    /** {@return how many bytes of the regions in use are free} */
    long freeBytes() {
        enter(Words.NO_DEADLINE);
        try {
            return regions.freeGranules() * GRANULE;
        } finally {
            mutex.release();
        }
    }

    /** {@return how many regions are in use} */
    int regionsUsed() {
        return regions.used();
    }

    private long blockAt(long offset) {
        long start = layout.granuleAt(offset);
        if (start < 0 || !regions.isStart(start)) {
            throw new IllegalStateException("no block begins at offset " + offset + " of the shared space");
        }
        return start;
    }

    private void release(long start, int of) {
        long granules = regions.lengthAt(start);
        announce(INTENT_RELEASE, of, start, granules);
        CrashPoint.SPACE_RELEASE_INTENDED.pass();
        finishRelease(start, granules, of);
        settle();
    }

    private void finishRelease(long start, long granules, int of) {
        marks.clear(start, of);
        CrashPoint.SPACE_MARK_CLEARED.pass();
        if (!marks.isMarked(start)) {
            regions.give(start, granules);
        }
    }

    private boolean enter(long deadline) {
        int result = mutex.acquire(deadline, false);
        if (result == Mutex.TAKEN_OVER) {
            repair();
        }
        return result == Mutex.ACQUIRED || result == Mutex.TAKEN_OVER;
    }

    /** Brings what a dead holder of the mutex had begun to an end. Done again from the start if this process dies at it. */
    private void repair() {
        int operation = words.getPlain(INTENT);
        if (operation == INTENT_NONE) {
            return;
        }
        int of = words.getPlain(INTENT_SLOT);
        long start = words.getLongPlain(INTENT_GRANULE);
        long granules = words.getLongPlain(INTENT_GRANULES);
        if (operation == INTENT_ALLOCATE) {
            undoAllocation(start, granules, of);
        } else {
            finishRelease(start, granules, of);
            regions.recount(start, granules);
        }
        settle();
    }

    private void announce(int operation, int of, long start, long granules) {
        words.setPlain(INTENT_SLOT, of);
        words.setLongPlain(INTENT_GRANULE, start);
        words.setLongPlain(INTENT_GRANULES, granules);
        words.setRelease(INTENT, operation);
        // No store of the operation may become visible before its announcement.
        words.fence();
    }

    private void settle() {
        words.setRelease(INTENT, INTENT_NONE);
    }
}
