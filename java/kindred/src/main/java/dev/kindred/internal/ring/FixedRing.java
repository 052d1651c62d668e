// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.ring;

import static dev.kindred.internal.ring.RingLayout.HEAD;
import static dev.kindred.internal.ring.RingLayout.HEAD_SEEN;
import static dev.kindred.internal.ring.RingLayout.TAIL;
import static dev.kindred.internal.ring.RingLayout.TAIL_SEEN;

import dev.kindred.internal.crash.CrashPoint;
import dev.kindred.internal.sync.Liveness;
import dev.kindred.internal.words.Words;

/**
 * A ring of elements that are all of one size. An element is a unit, so that many can be put or taken by one copy, two where they lie around the end.
 */
public final class FixedRing extends Ring {

    /** Where the tail is, at least. Of the thread that holds the lock of those who take. */
    private long tailSeen;

    /**
     * Looks at a ring.
     *
     * @param offset where it is, initialised
     * @param self   the id of this process
     */
    public FixedRing(Words words, long offset, int self, Liveness liveness) {
        super(words, offset, self, liveness);
    }

    /** {@return how many bytes a ring of so many elements takes} */
    public static long size(int elements, int bytes) {
        return RingLayout.size(capacity(elements), bytes);
    }

    /**
     * Makes zeros a ring, before anybody else can reach them.
     *
     * @param elements the most elements that there can be at once
     * @param bytes    of each element
     */
    public static void initialize(Words words, long offset, int elements, int bytes) {
        initialize(words, offset, capacity(elements), bytes, elements, capacity(elements));
    }

    private static int capacity(int elements) {
        return Integer.highestOneBit(Math.max(elements * 2 - 1, 1));
    }

    @Override
    boolean hasRoom(long from, long to, int what) {
        return RingLayout.elements(from) - RingLayout.elements(to) < mostElements;
    }

    /** The tail is looked at only if there was nothing when it was last. */
    @Override
    boolean hasElementNow() {
        tailSeen = words.getLongPlain(offset + TAIL_SEEN);
        if (tailSeen == head) {
            tailSeen = seeTail();
        }
        return tailSeen != head;
    }

    private long seeTail() {
        // Pairs with publishUpTo().
        long tailNow = words.getLongAcquire(offset + TAIL);
        words.setLongPlain(offset + TAIL_SEEN, tailNow);
        return tailNow;
    }

    @Override
    boolean mayHaveElement() {
        return words.getLongAcquire(offset + HEAD) != words.getLongAcquire(offset + TAIL_SEEN) || !isEmpty();
    }

    @Override
    long placeOfNextChange() {
        return offset + TAIL;
    }

    @Override
    long end() {
        return words.getLongVolatile(offset + TAIL);
    }

    @Override
    void publishUpTo(long there) {
        // Pairs with seeTail(): who sees the tail there sees what is written before it.
        words.setLongRelease(offset + TAIL, there);
        CrashPoint.RING_PUBLISHED.pass();
    }

    @Override
    public boolean isEmpty() {
        // In this order: the head never passes the tail, so if the tail is where the head was before, the head still is there.
        long snapshotHead = words.getLongVolatile(offset + HEAD);
        return words.getLongVolatile(offset + TAIL) == snapshotHead;
    }

    @Override
    void dropped(int from, int to) {}

    @Override
    int room(long from, long to) {
        return mostElements - (RingLayout.elements(from) - RingLayout.elements(to));
    }

    /**
     * Waits for room for at least one element, and keeps it for the caller, who must {@link #publish} or {@link #cancel}.
     *
     * @return as {@link Ring#beginPut}
     */
    public int claim(long deadline, boolean interruptible) {
        return beginPut(1, deadline, interruptible);
    }

    /** {@return for how many elements there is room at {@link #claimed}} The other side's index is looked at only if fewer are known than are wanted. */
    public int room(int wanted) {
        long headKnown = words.getLongPlain(offset + HEAD_SEEN);
        int room = mostElements - (RingLayout.elements(tail) - RingLayout.elements(headKnown));
        if (room < wanted) {
            headKnown = words.getLongAcquire(offset + HEAD);
            words.setLongPlain(offset + HEAD_SEEN, headKnown);
            room = mostElements - (RingLayout.elements(tail) - RingLayout.elements(headKnown));
        }
        return Math.min(room, wanted);
    }

    /** {@return where in the memory the element claimed as the {@code index}th, from 0, is to be written} */
    public long claimed(int index) {
        return place(RingLayout.units(tail) + index);
    }

    /** {@return how many of so many claimed elements, from the {@code index}th on, lie one after the other} */
    public int contiguousClaimed(int index, int count) {
        return contiguous(RingLayout.units(tail) + index, count);
    }

    /** Publishes the first elements of those claimed, which are written, and lets the rest go. */
    public void publish(int count) {
        endPut(RingLayout.advanced(tail, count, count));
    }

    /** Lets go of what was claimed. */
    public void cancel() {
        cancelPut();
    }

    /**
     * Waits for an element, and keeps what is there for the caller, who must {@link #take}.
     *
     * @return as {@link Ring#beginTake}
     */
    public int find(long deadline, boolean interruptible) {
        return beginTake(deadline, interruptible);
    }

    /** {@return how many elements there are at {@link #found}} The other side's index is looked at only if fewer are known than are wanted. */
    public int available(int wanted) {
        int known = RingLayout.elements(tailSeen) - RingLayout.elements(head);
        if (known < wanted) {
            tailSeen = seeTail();
            known = RingLayout.elements(tailSeen) - RingLayout.elements(head);
        }
        return Math.min(known, wanted);
    }

    /** {@return where in the memory the element found as the {@code index}th, from 0, is} */
    public long found(int index) {
        return place(RingLayout.units(head) + index);
    }

    /** {@return how many of so many elements found, from the {@code index}th on, lie one after the other} */
    public int contiguousFound(int index, int count) {
        return contiguous(RingLayout.units(head) + index, count);
    }

    /** Takes the first elements of those found, which were copied; none for 0. */
    public void take(int count) {
        if (count == 0) {
            cancelTake();
        } else {
            moveHead(RingLayout.advanced(head, count, count));
            endTake();
        }
    }

    private int contiguous(int number, int count) {
        return Math.min(count, capacity - (number & capacity - 1));
    }
}
