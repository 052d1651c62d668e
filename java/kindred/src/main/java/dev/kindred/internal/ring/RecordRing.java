// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.ring;

import static dev.kindred.internal.ring.RecordLayout.ELEMENT;
import static dev.kindred.internal.ring.RecordLayout.FILLER;
import static dev.kindred.internal.ring.RecordLayout.HEADER;
import static dev.kindred.internal.ring.RecordLayout.HEADER_UNITS;
import static dev.kindred.internal.ring.RecordLayout.NOTHING;
import static dev.kindred.internal.ring.RecordLayout.PARCEL;
import static dev.kindred.internal.ring.RecordLayout.UNIT;
import static dev.kindred.internal.ring.RingLayout.HEAD;
import static dev.kindred.internal.ring.RingLayout.HEAD_SEEN;
import static dev.kindred.internal.ring.RingLayout.TAIL;

import java.util.Objects;

import dev.kindred.internal.crash.CrashPoint;
import dev.kindred.internal.space.Parcels;
import dev.kindred.internal.sync.Liveness;
import dev.kindred.internal.words.Words;
import org.jspecify.annotations.Nullable;

/**
 * A ring of elements of any size, each a record ({@link RecordLayout}). One that is too large to lie in it is a parcel, of which the record says where it
 * is.
 *
 * <p>A ring is bounded by the number of its elements, by their bytes, or by both. One that is not bounded by bytes takes as many elements as it may
 * hold, whatever their size: it keeps room for the records of so many parcels, and what does not fit beside that must be a parcel.
 *
 * <p>A record is published by the store of its header, which was zero before: so who takes looks at the next record and nothing else. Before that, the
 * header behind it is made zero. The tail is for those who put; it follows afterwards, and if one dies in between, the next who puts finds a record where
 * the tail is. Several records that are put together are published by the header of the first.
 */
public sealed class RecordRing extends Ring permits JoinableRing {

    /** There is no room in the ring for the element itself, but for a parcel. */
    public static final int AS_PARCEL = 6;

    /** The record of a parcel: where it is. */
    private static final int PARCEL_BYTES = Long.BYTES;

    private static final int PARCEL_UNITS = RecordLayout.units(PARCEL_BYTES);

    /** Beside the records of parcels: what the end of the ring may waste before one, and the header behind the last. */
    private static final int WASTE = PARCEL_UNITS - 1 + HEADER_UNITS;

    /** A record takes at most this part of the ring, so that it does not hold up the other side until the whole ring is free. */
    private static final int LARGEST_PART = 4;

    private static final int LEAST_CAPACITY = 64;

    /** What has no bound is bounded by the room for numbers. */
    private static final int UNBOUNDED = Integer.MAX_VALUE;

    /** An average record, for a ring of which only the number of elements is known. */
    private static final int USUAL_UNITS = 8;

    private final @Nullable Parcels parcels;
    private final boolean isBoundedByBytes;
    private final int largestUnits;

    /** How many units there can be at once: behind the last there is always room for a header. */
    private final int limit;

    /** Behind the last record that is written. */
    private long written;

    /** What makes the records visible that are written: the header of the first. */
    private long firstHeader;

    /** Where the content of the claimed record is to be written. */
    private long claimed;

    /** Before the record that was found. */
    private long before;

    /** Behind it. */
    private long after;

    private long foundHeader;
    private long found;

    /**
     * Looks at a ring.
     *
     * @param offset  where it is, initialised
     * @param self    the id of this process
     * @param parcels of the block that the ring lies in, or null if none are ever put
     */
    public RecordRing(Words words, long offset, int self, Liveness liveness, @Nullable Parcels parcels) {
        super(words, offset, self, liveness);
        this.parcels = parcels;
        isBoundedByBytes = mostUnits != 0;
        limit = Math.min(isBoundedByBytes ? mostUnits : capacity, capacity - HEADER_UNITS);
        largestUnits = (isBoundedByBytes ? mostUnits : capacity) / LARGEST_PART;
    }

    /**
     * {@return how many bytes a ring takes}
     *
     * @param elements the most elements, 0 for any number
     * @param bytes    the most bytes that all elements take together, with 8 for each and each filled up to 8; 0 for any number
     */
    public static long size(int elements, long bytes) {
        return RingLayout.size(capacity(elements, bytes), UNIT);
    }

    /** Makes zeros a ring, before anybody else can reach them. The arguments are those of {@link #size}. */
    public static void initialize(Words words, long offset, int elements, long bytes) {
        int mostUnits = bytes == 0 ? 0 : Math.max((int) (bytes / UNIT), LEAST_CAPACITY / 2);
        initialize(words, offset, capacity(elements, bytes), UNIT, elements == 0 ? UNBOUNDED : elements, mostUnits);
    }

    private static int capacity(int elements, long bytes) {
        long units = bytes == 0 ? (long) elements * USUAL_UNITS : bytes / UNIT;
        if (units > RingLayout.CAPACITY_LIMIT) {
            throw new IllegalArgumentException("a queue of " + (bytes == 0 ? elements + " elements" : bytes + " bytes") + " is too large: its ring would have "
                    + units * UNIT + " bytes of at most " + (long) RingLayout.CAPACITY_LIMIT * UNIT);
        }
        return Math.max(Integer.highestOneBit((int) units * 2 - 1), LEAST_CAPACITY);
    }

    /** {@return whether an element of so many bytes is never put into the ring itself} */
    public final boolean isLarge(long bytes) {
        return bytes > (long) (largestUnits - HEADER_UNITS) * UNIT;
    }

    @Override
    boolean hasRoom(long from, long to, int units) {
        return RingLayout.elements(from) - RingLayout.elements(to) < mostElements
                && (!isBoundedByBytes || used(from, to) + span(from, units) <= limit);
    }

    private static int used(long from, long to) {
        return RingLayout.units(from) - RingLayout.units(to);
    }

    /** {@return how many units a record takes there, with what is wasted before the end of the ring} */
    private int span(long from, int units) {
        int untilEnd = untilEnd(from);
        return units <= untilEnd ? units : untilEnd + units;
    }

    private int untilEnd(long from) {
        return capacity - (RingLayout.units(from) & capacity - 1);
    }

    /** {@return whether a record fits, and beside it the records of as many parcels as there can be elements} */
    private boolean leavesRoomForParcels(int units) {
        return leavesRoomForParcels(words.getLongPlain(offset + HEAD_SEEN), units) || leavesRoomForParcels(words.getLongAcquire(offset + HEAD), units);
    }

    private boolean leavesRoomForParcels(long to, int units) {
        long others = (long) mostElements - 1 - (RingLayout.elements(written) - RingLayout.elements(to));
        return used(written, to) + span(written, units) + others * PARCEL_UNITS + WASTE <= capacity;
    }

    // Those who put

    /**
     * Waits for room, and keeps it for the caller, who must write the content and {@link #publish}, or {@link #cancel}.
     *
     * @param bytes of content; not {@link #isLarge}
     * @return as {@link Ring#beginPut}, or {@link #AS_PARCEL}, with nothing kept
     */
    public final int claim(int bytes, long deadline, boolean interruptible) {
        int units = RecordLayout.units(bytes);
        int outcome = beginPut(units, deadline, interruptible);
        if (outcome != DONE) {
            return outcome;
        }
        written = tail;
        if (!isBoundedByBytes && !leavesRoomForParcels(units)) {
            cancelPut();
            return AS_PARCEL;
        }
        append(ELEMENT, bytes, units);
        return DONE;
    }

    /**
     * Waits for room for the record of a parcel, and keeps it for the caller, who must {@link #consign} it, or {@link #cancel}.
     *
     * @return as {@link Ring#beginPut}
     */
    public final int claimForParcel(long deadline, boolean interruptible) {
        // What is too large for a ring that is bounded by bytes takes as much of the bound as the largest that is not.
        int units = isBoundedByBytes ? largestUnits : PARCEL_UNITS;
        int outcome = beginPut(units, deadline, interruptible);
        if (outcome == DONE) {
            written = tail;
            append(PARCEL, (units - HEADER_UNITS) * UNIT, units);
        }
        return outcome;
    }

    /** Consigns a parcel for which room is claimed, and publishes it; nothing is claimed any more then. */
    public final void consign(long parcel) {
        try {
            Objects.requireNonNull(parcels).consign(parcel, RingLayout.elements(tail));
        } catch (RuntimeException e) {
            cancelPut();
            throw e;
        }
        words.setLongPlain(claimed, parcel);
        endPut(written);
    }

    /**
     * Claims room for another record behind the claimed one, whose content is written, if that is there now.
     *
     * @param bytes of content; not {@link #isLarge}
     * @return whether it is; if not, those claimed before still are
     */
    public final boolean claimNext(int bytes) {
        int units = RecordLayout.units(bytes);
        boolean fits = hasRoom(written, words.getLongPlain(offset + HEAD_SEEN), units) || hasRoom(written, refreshHeadSeen(), units);
        if (!fits || !(isBoundedByBytes || leavesRoomForParcels(units))) {
            return false;
        }
        append(ELEMENT, bytes, units);
        return true;
    }

    private long refreshHeadSeen() {
        long headNow = words.getLongAcquire(offset + HEAD);
        words.setLongPlain(offset + HEAD_SEEN, headNow);
        return headNow;
    }

    private void append(int kind, int bytes, int units) {
        int untilEnd = untilEnd(written);
        if (units > untilEnd) {
            writeHeader(RecordLayout.header(FILLER, (untilEnd - HEADER_UNITS) * UNIT));
            written = RingLayout.advanced(written, 0, untilEnd);
        }
        writeHeader(RecordLayout.header(kind, bytes));
        claimed = place(RingLayout.units(written)) + HEADER;
        written = RingLayout.advanced(written, 1, units);
    }

    /** Keeps the first header, and writes any other, which nobody looks at before that. */
    private void writeHeader(long header) {
        if (written == tail) {
            firstHeader = header;
        } else {
            words.setLongPlain(place(RingLayout.units(written)), header);
        }
    }

    @Override
    void publishUpTo(long there) {
        // Zero before who takes can come there.
        words.setLongPlain(place(RingLayout.units(there)), NOTHING);
        // Pairs with hasElementNow(): who sees the header sees what is written before it.
        words.setLongRelease(place(RingLayout.units(tail)), firstHeader);
        CrashPoint.RING_PUBLISHED.pass();
        words.setLongRelease(offset + TAIL, there);
        CrashPoint.RING_TAIL_MOVED.pass();
    }

    /** {@return where in the memory the content of the claimed record is to be written} */
    public final long claimed() {
        return claimed;
    }

    /** Publishes what was claimed. */
    public final void publish() {
        endPut(written);
    }

    /** Lets go of what was claimed. */
    public final void cancel() {
        cancelPut();
    }

    // Those who take

    /**
     * Waits for an element, and keeps it for the caller, who must {@link #take} it, {@link #leave} it or {@link #cancelFind}.
     *
     * @return as {@link Ring#beginTake}
     */
    public final int find(long deadline, boolean interruptible) {
        int outcome = beginTake(deadline, interruptible);
        if (outcome == DONE && !isFoundElsewhere()) {
            before = head;
            look();
        }
        return outcome;
    }

    /** {@return whether what was found is not in the ring} */
    boolean isFoundElsewhere() {
        return false;
    }

    @Override
    boolean hasElementNow() {
        return isPublished(head);
    }

    /** {@return whether there is a record at an index} Pairs with {@link #publishUpTo}. */
    private boolean isPublished(long index) {
        return words.getLongAcquire(place(RingLayout.units(index))) != NOTHING;
    }

    @Override
    boolean mayHaveElement() {
        return !isEmpty();
    }

    @Override
    long placeOfNextChange() {
        // The half with the kind, which no header has as zero.
        return place(RingLayout.units(words.getLongVolatile(offset + HEAD))) + Integer.BYTES;
    }

    @Override
    public boolean isEmpty() {
        while (true) {
            long snapshotHead = words.getLongVolatile(offset + HEAD);
            long header = words.getLongVolatile(place(RingLayout.units(snapshotHead)));
            // The place is the next record's only as long as the head is there.
            if (words.getLongVolatile(offset + HEAD) == snapshotHead) {
                return header == NOTHING;
            }
        }
    }

    /** The tail, or beyond it what is published by one who has not moved it yet. */
    @Override
    long end() {
        while (true) {
            long snapshotTail = words.getLongVolatile(offset + TAIL);
            long end = snapshotTail;
            long header = words.getLongVolatile(place(RingLayout.units(end)));
            // As long as the tail is there, nobody overwrites what lies behind it.
            while (header != NOTHING && words.getLongVolatile(offset + TAIL) == snapshotTail) {
                end = RingLayout.advanced(end, RecordLayout.kind(header) == FILLER ? 0 : 1, RecordLayout.units(RecordLayout.bytes(header)));
                header = words.getLongVolatile(place(RingLayout.units(end)));
            }
            if (words.getLongVolatile(offset + TAIL) == snapshotTail) {
                return end;
            }
        }
    }

    /** {@return whether there is another element behind the one that was found} If so, it is found now, and the others before it are kept, too. */
    public final boolean findNext() {
        if (!isPublished(after)) {
            return false;
        }
        before = after;
        look();
        return true;
    }

    /** {@return whether there is an element in the ring} If so, it is found now; the caller had found one elsewhere. */
    final boolean findInRing() {
        boolean found = hasElementNow();
        if (found) {
            before = head;
            look();
        }
        return found;
    }

    private void look() {
        long from = before;
        long place = place(RingLayout.units(from));
        long header = words.getLongPlain(place);
        if (RecordLayout.kind(header) == FILLER) {
            // The record before which it lies was published with it.
            from = RingLayout.advanced(from, 0, RecordLayout.units(RecordLayout.bytes(header)));
            place = place(RingLayout.units(from));
            header = words.getLongPlain(place);
        }
        foundHeader = header;
        found = place + HEADER;
        after = RingLayout.advanced(from, 1, RecordLayout.units(RecordLayout.bytes(header)));
    }

    /** {@return whether the element that was found is a parcel} */
    public final boolean isParcel() {
        return RecordLayout.kind(foundHeader) == PARCEL;
    }

    /** {@return the parcel that was found} */
    public final long parcel() {
        return words.getLongPlain(found);
    }

    /** {@return how many bytes the element has that was found, which is no parcel} */
    public final int bytes() {
        return RecordLayout.bytes(foundHeader);
    }

    /** {@return where in the memory the content of the element that was found is} */
    public final long found() {
        return found;
    }

    /** Takes the element that was found, which is no parcel, and those before it; they are copied. */
    public final void take() {
        moveHead(after);
        endTake();
    }

    /** Takes the parcel that was found, and the elements before it; they are copied. */
    public final void takeParcel() {
        long parcel = parcel();
        moveHead(after);
        try {
            // Who dies before this leaves it to repairTake().
            Objects.requireNonNull(parcels).collect(parcel);
        } finally {
            endTake();
        }
    }

    /** Takes the elements before the one that was found. */
    public final void leave() {
        if (before == head) {
            cancelTake();
        } else {
            moveHead(before);
            endTake();
        }
    }

    /** Leaves all that was found. */
    public final void cancelFind() {
        cancelTake();
    }

    @Override
    void repairPut() {
        long end = end();
        words.setLongRelease(offset + TAIL, end);
        if (parcels != null) {
            int next = RingLayout.elements(end);
            // What was consigned and not published.
            parcels.collectIf(number -> (int) number - next >= 0);
        }
    }

    @Override
    void repairTake() {
        if (parcels != null) {
            int next = RingLayout.elements(words.getLongPlain(offset + HEAD));
            // What was taken from the ring and not collected.
            parcels.collectIf(number -> (int) number - next < 0);
        }
    }

    @Override
    void dropped(int from, int to) {
        if (parcels != null) {
            parcels.collectIf(number -> (int) number - from >= 0 && (int) number - to < 0);
        }
    }

    @Override
    int room(long from, long to) {
        int elements = mostElements - (RingLayout.elements(from) - RingLayout.elements(to));
        return elements == 0 || !isBoundedByBytes ? elements : Math.max(limit - used(from, to), 0) * UNIT;
    }
}
