// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.space;

import static dev.kindred.internal.space.SpaceLayout.DIRECTORY_MARKER;
import static dev.kindred.internal.space.SpaceLayout.GRANULE;
import static dev.kindred.internal.space.SpaceLayout.HOLDER_MARKER;
import static dev.kindred.internal.space.SpaceLayout.INTENT_ALLOCATE;
import static dev.kindred.internal.space.SpaceLayout.INTENT_COLLECT;
import static dev.kindred.internal.space.SpaceLayout.INTENT_CONSIGN;
import static dev.kindred.internal.space.SpaceLayout.INTENT_NAME;
import static dev.kindred.internal.space.SpaceLayout.INTENT_NONE;
import static dev.kindred.internal.space.SpaceLayout.INTENT_RELEASE;
import static dev.kindred.internal.space.SpaceLayout.INTENT_UNNAME;
import static dev.kindred.internal.space.SpaceLayout.PARCEL_MARKER;
import static dev.kindred.internal.space.SpaceLayout.SMALL_LIMIT;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongPredicate;

import dev.kindred.internal.crash.CrashPoint;
import dev.kindred.internal.domain.DomainLayout;
import dev.kindred.internal.domain.Recoverable;
import dev.kindred.internal.sync.Liveness;
import dev.kindred.internal.sync.Mutex;
import dev.kindred.internal.words.Words;
import org.jspecify.annotations.Nullable;

/**
 * Allocates, names and frees blocks so that a process killed at any step neither loses one nor frees one under another.
 *
 * <p>There are no reference counts. A block is free when no process's marks name it, and a dead process's marks are cleared by whoever recovers
 * it; what the directory names is marked by the directory, which does not die. All changes are made under one mutex, which the next who
 * needs it takes over from a dead holder. A change of more than one word is announced by an {@link Intent} first: whoever takes the mutex
 * over undoes an allocation, and finishes anything else, that it finds announced.
 *
 * <p>A block can be consigned to another, its holder, as a parcel: then it stays allocated as long as the holder is or until it is collected, though no
 * process has a mark on it. So what one process leaves in a queue for another outlives it.
 */
final class Heap implements Recoverable {

    private static final long RECOVERY_PATIENCE_NANOSECONDS = 1_000_000_000;

    private static final long PAUSE_NANOSECONDS = 50_000;

    /**
     * What an opener found under a name.
     *
     * @param object       what it is
     * @param offset       where its block lies
     * @param markedBefore whether this process had marked the block before
     */
    record Found(NamedObject object, long offset, boolean markedBefore) {}

    private final Words words;
    private final SpaceLayout layout;
    private final Regions regions;
    private final Marks marks;
    private final Directory directory;
    private final ParcelList parcels;
    private final Mutex mutex;
    private final Liveness liveness;
    private final int slot;

    /**
     * Looks at the heap of a family or a named space.
     *
     * @param self the id of this process
     */
    Heap(Words words, SpaceLayout layout, Memory memory, Liveness liveness, int self) {
        this.words = words;
        this.layout = layout;
        this.regions = new Regions(words, layout, memory);
        this.marks = new Marks(words, layout, memory);
        this.directory = new Directory(words, memory);
        this.parcels = new ParcelList(words);
        this.mutex = new Mutex(words, SpaceLayout.MUTEX, self, true, liveness);
        this.liveness = liveness;
        this.slot = DomainLayout.slotOf(self);
    }

    /**
     * Allocates a block that this process can reach.
     *
     * @return its offset in the domain's file, a multiple of 64
     * @throws dev.kindred.OutOfSharedMemoryException if there is no room; nothing has changed then
     * @throws dev.kindred.SpaceClosedException       if this process has left the space, here and in all that follows
     */
    long allocate(long bytes) {
        long granules = Math.max(1, (bytes + GRANULE - 1) / GRANULE);
        enter(Words.NO_DEADLINE);
        try {
            long start = granules <= SMALL_LIMIT ? regions.findSmall((int) granules) : regions.findLarge(granules);
            CrashPoint.SPACE_RUN_FOUND.pass();
            new Intent(INTENT_ALLOCATE, slot, start, granules).announce(words);
            CrashPoint.SPACE_ALLOCATION_INTENDED.pass();
            try {
                regions.reserve(start, granules);
                marks.reserve(start, slot);
            } catch (RuntimeException noRoom) {
                undoAllocation(start, granules, slot);
                Intent.settle(words);
                throw noRoom;
            }
            CrashPoint.SPACE_RUN_RESERVED.pass();
            regions.take(start, granules);
            CrashPoint.SPACE_GRANULES_TAKEN.pass();
            marks.set(start, slot);
            CrashPoint.SPACE_BLOCK_MARKED.pass();
            Intent.settle(words);
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

    /**
     * Makes a block of this process a parcel, the last of its holder's; this process's own mark on it ends by that.
     *
     * @param holder of at least {@link ParcelLayout#HOLDER_SIZE} bytes, which this process can reach
     * @param number what its maker tells it by
     * @throws dev.kindred.OutOfSharedMemoryException if there is no room for the marks; nothing has changed then
     */
    void consign(long parcel, long holder, long number) {
        enter(Words.NO_DEADLINE);
        try {
            long start = blockAt(parcel);
            long holderStart = blockAt(holder);
            marks.reserve(start, PARCEL_MARKER);
            marks.reserve(holderStart, HOLDER_MARKER);
            marks.set(holderStart, HOLDER_MARKER);
            parcels.prepare(parcel, holder, number);
            CrashPoint.SPACE_PARCEL_PREPARED.pass();
            new Intent(INTENT_CONSIGN, slot, start, 0).announce(words);
            CrashPoint.SPACE_CONSIGNMENT_INTENDED.pass();
            finishConsignment(start, slot);
            Intent.settle(words);
        } finally {
            mutex.release();
        }
    }

    private void finishConsignment(long start, int of) {
        parcels.link(layout.granuleOffset(start));
        CrashPoint.SPACE_PARCEL_LINKED.pass();
        marks.set(start, PARCEL_MARKER);
        CrashPoint.SPACE_PARCEL_MARKED.pass();
        marks.clear(start, of);
    }

    /** Takes a parcel from its holder; it is freed if no process can reach it. */
    void collect(long parcel) {
        enter(Words.NO_DEADLINE);
        try {
            collectAt(blockAt(parcel));
            regions.trim();
        } finally {
            mutex.release();
        }
    }

    /** Takes those parcels from their holder that have a number of a kind. */
    void collectIf(long holder, LongPredicate ofNumber) {
        enter(Words.NO_DEADLINE);
        try {
            long parcel = parcels.first(holder);
            while (parcel != ParcelList.NONE) {
                long next = parcels.next(parcel);
                if (ofNumber.test(parcels.number(parcel))) {
                    collectAt(blockAt(parcel));
                }
                parcel = next;
            }
            regions.trim();
        } finally {
            mutex.release();
        }
    }

    /** Puts in order what one left that died holding the mutex. */
    void settle() {
        enter(Words.NO_DEADLINE);
        mutex.release();
    }

    private void collectAt(long start) {
        long granules = regions.lengthAt(start);
        new Intent(INTENT_COLLECT, PARCEL_MARKER, start, granules).announce(words);
        CrashPoint.SPACE_COLLECTION_INTENDED.pass();
        finishCollection(start, granules);
        Intent.settle(words);
    }

    private void finishCollection(long start, long granules) {
        // Done again after the block's end, it would read what is no parcel any more; freeing begins with the bit of the start.
        if (regions.isStart(start)) {
            parcels.unlink(layout.granuleOffset(start));
            CrashPoint.SPACE_PARCEL_UNLINKED.pass();
        }
        finishRelease(start, granules, PARCEL_MARKER);
    }

    private boolean isReachable(long offset) {
        long start = layout.granuleAt(offset);
        return start >= 0 && regions.isStart(start) && marks.isSet(start, slot);
    }

    /**
     * Marks the block of a name, if it is what is asked for.
     *
     * @return what has the name, or null if nothing has
     */
    @Nullable
    Found open(NamedObject wanted) {
        enter(Words.NO_DEADLINE);
        try {
            int entry = directory.find(wanted.name());
            return entry < 0 ? null : mark(entry, wanted);
        } finally {
            mutex.release();
        }
    }

    private Found mark(int entry, NamedObject wanted) {
        NamedObject object = directory.object(entry);
        long start = directory.granule(entry);
        boolean marked = marks.isSet(start, slot);
        if (object.isAs(wanted)) {
            marks.reserve(start, slot);
            marks.set(start, slot);
            CrashPoint.SPACE_ADOPTED.pass();
        }
        return new Found(object, layout.granuleOffset(start), marked);
    }

    /**
     * Gives a block of this process a name, or does what {@link #open} does if something has that name.
     *
     * @param object what it is; what is in the block is not changed any more by giving it its name
     * @param offset where the block lies
     * @return what has the name now
     * @throws IllegalStateException                  if the space has as many names as it can have
     * @throws dev.kindred.OutOfSharedMemoryException if there is no room for the name
     */
    Found name(NamedObject object, long offset) {
        enter(Words.NO_DEADLINE);
        try {
            int found = directory.find(object.name());
            if (found >= 0) {
                return mark(found, object);
            }
            long start = blockAt(offset);
            int entry = directory.findFree();
            marks.reserve(start, DIRECTORY_MARKER);
            directory.write(entry, object, start);
            CrashPoint.NAMED_ENTRY_WRITTEN.pass();
            new Intent(INTENT_NAME, DIRECTORY_MARKER, start, 0, entry).announce(words);
            CrashPoint.NAMED_ENTRY_INTENDED.pass();
            finishNaming(start, entry);
            Intent.settle(words);
            return new Found(object, offset, true);
        } finally {
            mutex.release();
        }
    }

    private void finishNaming(long start, int entry) {
        marks.set(start, DIRECTORY_MARKER);
        CrashPoint.NAMED_BLOCK_KEPT.pass();
        directory.publish(entry);
        CrashPoint.NAMED_ENTRY_PUBLISHED.pass();
    }

    /** Removes a name; the block is freed when no process can reach it any more. {@return whether there was such a name} */
    boolean removeName(String name) {
        enter(Words.NO_DEADLINE);
        try {
            int entry = directory.find(name);
            if (entry < 0) {
                return false;
            }
            long start = directory.granule(entry);
            boolean keptMeanwhile = isHolder(start) && !marks.isMarkedBesides(start, DIRECTORY_MARKER);
            if (keptMeanwhile) {
                // Its parcels are collected below, when nobody can find it any more.
                marks.reserve(start, slot);
                marks.set(start, slot);
            }
            long granules = regions.lengthAt(start);
            new Intent(INTENT_UNNAME, DIRECTORY_MARKER, start, granules, entry).announce(words);
            CrashPoint.NAMED_REMOVAL_INTENDED.pass();
            finishUnnaming(start, granules, entry);
            Intent.settle(words);
            if (keptMeanwhile) {
                release(start, slot);
            }
            regions.trim();
            return true;
        } finally {
            mutex.release();
        }
    }

    private void finishUnnaming(long start, long granules, int entry) {
        directory.withdraw(entry);
        CrashPoint.NAMED_ENTRY_REMOVED.pass();
        finishRelease(start, granules, DIRECTORY_MARKER);
    }

    /** {@return all that has a name} */
    List<NamedObject> named() {
        enter(Words.NO_DEADLINE);
        try {
            return directory.all();
        } finally {
            mutex.release();
        }
    }

    /** {@return the name of the block at an offset, or null if it has none} */
    @Nullable
    String nameOf(long offset) {
        enter(Words.NO_DEADLINE);
        try {
            int entry = directory.findBlock(layout.granuleAt(offset));
            return entry < 0 ? null : directory.object(entry).name();
        } finally {
            mutex.release();
        }
    }

    /**
     * {@return whether a lock that has a name, and that its owner's death poisons, is held or poisoned} To be called when no other process
     * is alive, by the last, which has left: so nothing changes meanwhile.
     */
    boolean isAnyPoisonableHeld() {
        for (int index = 0; index < directory.used(); index++) {
            if (directory.isUsed(index) && directory.isPoisonable(index)
                    && Mutex.isHeld(words, layout.granuleOffset(directory.granule(index)))) {
                return true;
            }
        }
        return false;
    }

    /** Waits until no thread of this process, which has left the space's words, is at work here; none begins any more. */
    void awaitQuiet() {
        // Pairs with the look after the mutex was acquired: either that sees that this process has left, or this sees the mutex held.
        while (mutex.isHeldHere()) {
            LockSupport.parkNanos(this, PAUSE_NANOSECONDS);
        }
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

    /** {@return how many bytes all blocks have} */
    long takenBytes() {
        enter(Words.NO_DEADLINE);
        try {
            return (long) regions.used() * SpaceLayout.REGION - regions.freeGranules() * GRANULE;
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

    private boolean isHolder(long start) {
        return marks.isSet(start, HOLDER_MARKER);
    }

    private void release(long start, int of) {
        if (isHolder(start) && !marks.isMarkedBesides(start, of)) {
            // As long as it is marked: whoever goes on after a death in the middle of this comes here again.
            collectAllOf(layout.granuleOffset(start));
        }
        long granules = regions.lengthAt(start);
        new Intent(INTENT_RELEASE, of, start, granules).announce(words);
        CrashPoint.SPACE_RELEASE_INTENDED.pass();
        finishRelease(start, granules, of);
        Intent.settle(words);
    }

    private void collectAllOf(long holder) {
        long parcel = parcels.first(holder);
        while (parcel != ParcelList.NONE) {
            collectAt(blockAt(parcel));
            parcel = parcels.first(holder);
        }
    }

    private void finishRelease(long start, long granules, int of) {
        marks.clear(start, of);
        CrashPoint.SPACE_MARK_CLEARED.pass();
        if (!marks.isMarked(start)) {
            marks.clear(start, HOLDER_MARKER);
            regions.give(start, granules);
        }
    }

    private boolean enter(long deadline) {
        words.requireMembership();
        int result = mutex.acquire(deadline, false);
        if (result != Mutex.ACQUIRED && result != Mutex.TAKEN_OVER) {
            return false;
        }
        boolean takenOver = result == Mutex.TAKEN_OVER;
        if (words.left() != null) {
            // Others may count this process among the dead by now. What another has left to be repaired stays so.
            if (takenOver) {
                mutex.abandon();
            } else {
                boolean _ = mutex.release();
            }
            words.requireMembership();
        }
        if (takenOver) {
            repair();
        }
        return true;
    }

    /** Brings what a dead holder of the mutex had begun to an end. Done again from the start if this process dies at it. */
    private void repair() {
        Intent intent = Intent.read(words);
        long start = intent.start();
        long granules = intent.granules();
        switch (intent.operation()) {
            case INTENT_NONE -> {
                return;
            }
            case INTENT_ALLOCATE -> undoAllocation(start, granules, intent.marker());
            case INTENT_NAME -> finishNaming(start, intent.entry());
            case INTENT_UNNAME -> {
                finishUnnaming(start, granules, intent.entry());
                regions.recount(start, granules);
            }
            case INTENT_CONSIGN -> finishConsignment(start, intent.marker());
            case INTENT_COLLECT -> {
                finishCollection(start, granules);
                regions.recount(start, granules);
            }
            default -> {
                finishRelease(start, granules, intent.marker());
                regions.recount(start, granules);
            }
        }
        Intent.settle(words);
    }
}
