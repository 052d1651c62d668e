// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.ring;

import static dev.kindred.internal.ring.JoinableLayout.ALL_DONE;
import static dev.kindred.internal.ring.JoinableLayout.ENTRIES;
import static dev.kindred.internal.ring.JoinableLayout.ENTRY_COUNT;
import static dev.kindred.internal.ring.JoinableLayout.ENTRY_ID;
import static dev.kindred.internal.ring.JoinableLayout.ENTRY_NAME;
import static dev.kindred.internal.ring.JoinableLayout.ENTRY_NAME_LENGTH;
import static dev.kindred.internal.ring.JoinableLayout.ENTRY_NAME_LIMIT;
import static dev.kindred.internal.ring.JoinableLayout.ENTRY_PID;
import static dev.kindred.internal.ring.JoinableLayout.ENTRY_SIZE;
import static dev.kindred.internal.ring.JoinableLayout.EPOCH_SEEN;
import static dev.kindred.internal.ring.JoinableLayout.HANDS_OUT_AGAIN;
import static dev.kindred.internal.ring.JoinableLayout.LOST_COUNT;
import static dev.kindred.internal.ring.JoinableLayout.LOST_ENTRY;
import static dev.kindred.internal.ring.JoinableLayout.LOST_PARCEL;
import static dev.kindred.internal.ring.JoinableLayout.OTHERS;

import java.util.ArrayList;
import java.util.List;

import dev.kindred.internal.crash.CrashPoint;
import dev.kindred.internal.domain.Domain;
import dev.kindred.internal.domain.ProcessRecord;
import dev.kindred.internal.space.Block;
import dev.kindred.internal.space.ParcelLayout;
import dev.kindred.internal.space.Parcels;
import dev.kindred.internal.sync.EventCount;
import dev.kindred.internal.words.MappedWords;
import dev.kindred.internal.words.WordText;
import dev.kindred.internal.words.Words;

/**
 * A ring whose elements stay until their takers say that they are done with them. All elements are parcels, and stay the block's until then; each names
 * the process that has taken it. Those whose takers have died are handed out again, or counted as lost.
 *
 * <p>As parcels are consigned in the order of their numbers, those that were taken and are not done come first among the block's.
 */
final class JoinableRing extends RecordRing {

    private static final long NONE = 0;

    private final Domain domain;
    private final int self;
    private final Parcels parcels;
    private final EventCount allDone;
    private final boolean handsOutAgain;

    /** What was found that another had taken who died, or none. Of the thread that holds the lock of those who take. */
    private long leftByDead;

    JoinableRing(Block block, Parcels parcels) {
        this(block.words(), block.offset(), block.space().domain(), parcels);
    }

    private JoinableRing(MappedWords words, long offset, Domain domain, Parcels parcels) {
        super(words, offset, domain.id(), domain, parcels);
        this.domain = domain;
        this.self = domain.id();
        this.parcels = parcels;
        handsOutAgain = words.getPlain(offset + HANDS_OUT_AGAIN) != 0;
        // The watched word is that of the first parcel.
        allDone = new EventCount(words, offset + ALL_DONE, () -> offset, seen -> isAllDone() || words.epoch() != seen);
    }

    /** {@return how many bytes a ring of so many elements takes} */
    static long size(int elements) {
        return size(elements, 0) + ENTRIES * ENTRY_SIZE;
    }

    /** Makes zeros a ring, before anybody else can reach them. */
    static void initialize(Words words, long offset, int elements, boolean handsOutAgain) {
        initialize(words, offset, elements, 0);
        words.setPlain(offset + HANDS_OUT_AGAIN, handsOutAgain ? 1 : 0);
    }

    // Those who take

    @Override
    boolean mayFindOther() {
        return handsOutAgain && parcels.first() != NONE && words.epoch() != words.getVolatile(offset + EPOCH_SEEN);
    }

    @Override
    boolean findOther() {
        leftByDead = NONE;
        if (mayFindOther()) {
            int epoch = words.epoch();
            leftByDead = firstOfTheDead();
            if (leftByDead == NONE) {
                words.setVolatile(offset + EPOCH_SEEN, epoch);
            }
        }
        return leftByDead != NONE;
    }

    /** {@return the first parcel that one has taken who died, or none} The caller holds the lock of those who take. */
    private long firstOfTheDead() {
        int next = RingLayout.elements(words.getLongPlain(offset + RingLayout.HEAD));
        long parcel = parcels.first();
        while (parcel != NONE && (int) parcels.number(parcel) - next < 0) {
            int worker = words.getAcquire(parcel + ParcelLayout.WORKER);
            if (worker != self && domain.isDead(worker)) {
                return parcel;
            }
            parcel = parcels.next(parcel);
        }
        return NONE;
    }

    @Override
    boolean isFoundElsewhere() {
        return leftByDead != NONE;
    }

    /** {@return whether there is an element in the ring behind what was found} If so, it is found now. */
    boolean findBehind() {
        if (leftByDead == NONE) {
            return findNext();
        }
        leftByDead = NONE;
        return findInRing();
    }

    /** {@return the parcel that was found, in the ring or among those of the dead} */
    long foundParcel() {
        return leftByDead != NONE ? leftByDead : parcel();
    }

    /** Makes this process the one that works with the parcel that was found, which is copied; it is taken by {@link #takeAsWorker}. */
    void work() {
        words.setRelease(foundParcel() + ParcelLayout.WORKER, self);
        CrashPoint.JOINABLE_WORKER_NAMED.pass();
    }

    /** Takes what was found, of which this process says that it works with it. */
    void takeAsWorker() {
        if (leftByDead != NONE) {
            cancelFind();
        } else {
            take();
        }
    }

    /** What was taken is not collected before it is done. */
    @Override
    void repairTake() {
        long lost = words.getLongPlain(offset + LOST_PARCEL);
        if (lost != NONE) {
            finishLoss(lost);
        }
    }

    // Those who are done

    /** Ends a parcel that this process has taken. */
    void done(long parcel) {
        lockTake();
        try {
            parcels.collect(parcel);
            CrashPoint.JOINABLE_COLLECTED.pass();
        } finally {
            cancelTake();
        }
        tellIfAllDone();
    }

    @Override
    void dropped(int from, int to) {
        super.dropped(from, to);
        tellIfAllDone();
    }

    private void tellIfAllDone() {
        if (isAllDone()) {
            allDone.advance();
        }
    }

    private boolean isAllDone() {
        return parcels.first() == NONE;
    }

    /**
     * Waits until all that were put are done.
     *
     * @return {@link Ring#DONE}, {@link Ring#TIMED_OUT} or {@link Ring#INTERRUPTED}
     */
    int join(long deadline, boolean interruptible) {
        while (true) {
            int epoch = words.epoch();
            if (isAllDone()) {
                return DONE;
            }
            settle();
            if (isAllDone()) {
                return DONE;
            }
            if (deadline == Words.AT_ONCE) {
                return TIMED_OUT;
            }
            int waited = allDone.await(deadline, interruptible, epoch);
            if (waited != DONE) {
                return waited;
            }
        }
    }

    /** Puts in order what the dead may have left, whom nobody else may come upon: as one who puts, as one who takes, and what they had taken. */
    void settle() {
        if (tryLockPut()) {
            cancelPut();
        }
        parcels.settle();
        dropIfEnded();
        if (!tryLockTake()) {
            return;
        }
        try {
            long parcel = handsOutAgain ? NONE : firstOfTheDead();
            while (parcel != NONE) {
                countAsLost(parcel);
                parcel = firstOfTheDead();
            }
        } finally {
            cancelTake();
        }
        tellIfAllDone();
    }

    // What is lost

    /** Counts a parcel as lost and ends it. It is announced first, so that one who takes over from one that dies in here counts it just once. */
    private void countAsLost(long parcel) {
        int index = entryOf(words.getPlain(parcel + ParcelLayout.WORKER));
        words.setPlain(offset + LOST_ENTRY, index);
        words.setPlain(offset + LOST_COUNT, words.getPlain(entry(index) + ENTRY_COUNT) + 1);
        words.setLongRelease(offset + LOST_PARCEL, parcel);
        words.fence();
        CrashPoint.JOINABLE_LOSS_ANNOUNCED.pass();
        finishLoss(parcel);
    }

    private void finishLoss(long parcel) {
        words.setPlain(entry(words.getPlain(offset + LOST_ENTRY)) + ENTRY_COUNT, words.getPlain(offset + LOST_COUNT));
        CrashPoint.JOINABLE_LOSS_COUNTED.pass();
        // Not twice: once it is collected, another that was put since may lie there. That one is not taken, as long as the lock is held here.
        if (isTaken(parcel)) {
            parcels.collect(parcel);
            CrashPoint.JOINABLE_LOSS_COLLECTED.pass();
        }
        words.setLongRelease(offset + LOST_PARCEL, NONE);
        words.fence();
    }

    /** {@return whether a parcel is among those that were taken and are not done} */
    private boolean isTaken(long wanted) {
        int next = RingLayout.elements(words.getLongPlain(offset + RingLayout.HEAD));
        long parcel = parcels.first();
        while (parcel != NONE && (int) parcels.number(parcel) - next < 0) {
            if (parcel == wanted) {
                return true;
            }
            parcel = parcels.next(parcel);
        }
        return false;
    }

    private long entry(int index) {
        return offset + RingLayout.size(capacity, unit) + (long) index * ENTRY_SIZE;
    }

    /** {@return the index of the entry of a process, which is made if there is none} */
    private int entryOf(int worker) {
        // What one was about to drop that died has no worker.
        for (int index = 0; worker != 0 && index < ENTRIES - 1; index++) {
            int id = words.getPlain(entry(index) + ENTRY_ID);
            if (id == 0) {
                ProcessRecord process = domain.record(worker);
                writeEntry(index, worker, process == null ? "unknown" : process.name(), process == null ? 0 : process.pid());
                return index;
            }
            if (id == worker) {
                return index;
            }
        }
        writeEntry(ENTRIES - 1, OTHERS, "others", 0);
        return ENTRIES - 1;
    }

    private void writeEntry(int index, int id, String name, long pid) {
        long entry = entry(index);
        WordText.write(words, entry + ENTRY_NAME_LENGTH, entry + ENTRY_NAME, ENTRY_NAME_LIMIT, name);
        words.setLongPlain(entry + ENTRY_PID, pid);
        words.setRelease(entry + ENTRY_ID, id);
    }

    /** {@return what was lost with which processes} */
    List<Loss> losses() {
        settle();
        List<Loss> losses = new ArrayList<>();
        for (int index = 0; index < ENTRIES; index++) {
            long entry = entry(index);
            int count = words.getAcquire(entry + ENTRY_ID) == 0 ? 0 : words.getAcquire(entry + ENTRY_COUNT);
            if (count > 0) {
                String name = WordText.read(words, entry + ENTRY_NAME_LENGTH, entry + ENTRY_NAME, ENTRY_NAME_LIMIT);
                losses.add(new Loss(name, words.getLongPlain(entry + ENTRY_PID), count));
            }
        }
        return losses;
    }
}
