// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.ring;

import static dev.kindred.internal.ring.RingLayout.CAPACITY;
import static dev.kindred.internal.ring.RingLayout.DATA;
import static dev.kindred.internal.ring.RingLayout.ENDED;
import static dev.kindred.internal.ring.RingLayout.HEAD;
import static dev.kindred.internal.ring.RingLayout.HEAD_SEEN;
import static dev.kindred.internal.ring.RingLayout.MOST_ELEMENTS;
import static dev.kindred.internal.ring.RingLayout.MOST_UNITS;
import static dev.kindred.internal.ring.RingLayout.NOT_EMPTY;
import static dev.kindred.internal.ring.RingLayout.NOT_FULL;
import static dev.kindred.internal.ring.RingLayout.OPEN;
import static dev.kindred.internal.ring.RingLayout.PUT_LOCK;
import static dev.kindred.internal.ring.RingLayout.STATE;
import static dev.kindred.internal.ring.RingLayout.TAIL;
import static dev.kindred.internal.ring.RingLayout.TAKE_LOCK;
import static dev.kindred.internal.ring.RingLayout.UNIT;

import dev.kindred.internal.crash.CrashPoint;
import dev.kindred.internal.sync.EventCount;
import dev.kindred.internal.sync.Liveness;
import dev.kindred.internal.sync.Mutex;
import dev.kindred.internal.sync.Outcome;
import dev.kindred.internal.words.Words;

/**
 * A queue of a fixed capacity between processes, of which each may be killed at any step.
 *
 * <p>There is a lock for those who put and one for those who take, so that one of each can be at work at a time. What is put is written behind the
 * tail and published by one store, which one it is up to the subclass; what is taken is copied and then let go by one store to the head. Before its store
 * nothing has happened, after it everything has; so whoever takes a lock over from a dead holder finds next to nothing to repair. Those who put do not
 * look at the head as long as what they saw there last suffices.
 *
 * <p>Who finds it full or empty lets the lock go and waits for an {@link EventCount}, which the other side advances after each of its stores.
 *
 * <p>The fields below that describe a put or a take are those of the thread that holds the lock.
 *
 * <p>The source is the two-lock queue of M. Michael and M. Scott ("Simple, Fast, and Practical Non-Blocking and Blocking Concurrent Queue
 * Algorithms", 1996), on an array, with the cached indices of J. Giacomoni and others' FastForward and of MCRingBuffer (P. Lee and others, 2010).
 */
public abstract class Ring {

    /** It was done. */
    public static final int DONE = Outcome.ACQUIRED;

    /** Not done: the deadline came. */
    public static final int TIMED_OUT = Outcome.TIMED_OUT;

    /** Not done: the thread was interrupted; its interrupt status was cleared. */
    public static final int INTERRUPTED = Outcome.INTERRUPTED;

    /** Not done: the ring is shut down. */
    public static final int SHUT_DOWN = 5;

    /**
     * How long one waits for the lock who does not wait for room or for an element: those who hold it let it go within a microsecond, unless their
     * process does not run.
     */
    private static final long GRACE_NANOSECONDS = 20_000_000;

    final Words words;
    final long offset;
    final int capacity;
    final int unit;
    final int mostElements;
    final int mostUnits;

    private final Mutex putLock;
    private final Mutex takeLock;
    private final EventCount notEmpty;
    private final EventCount notFull;

    /** Where the tail is. */
    long tail;

    /** Where the head is. */
    long head;

    /**
     * Looks at a ring.
     *
     * @param self the id of this process
     */
    Ring(Words words, long offset, int self, Liveness liveness) {
        this.words = words;
        this.offset = offset;
        capacity = words.getPlain(offset + CAPACITY);
        unit = words.getPlain(offset + UNIT);
        mostElements = words.getPlain(offset + MOST_ELEMENTS);
        mostUnits = words.getPlain(offset + MOST_UNITS);
        putLock = new Mutex(words, offset + PUT_LOCK, self, true, liveness);
        takeLock = new Mutex(words, offset + TAKE_LOCK, self, true, liveness);
        notEmpty = new EventCount(words, offset + NOT_EMPTY, this::placeOfNextChange, _ -> isReady());
        notFull = new EventCount(words, offset + NOT_FULL, () -> offset + HEAD, this::mayHaveRoom);
    }

    /**
     * Makes zeros a ring, before anybody else can reach them.
     *
     * @param capacity     in units, a power of two
     * @param unit         bytes a unit
     * @param mostElements how many elements there can be at once
     * @param mostUnits    how many units there can be at once
     */
    static void initialize(Words words, long offset, int capacity, int unit, int mostElements, int mostUnits) {
        if (Integer.bitCount(capacity) != 1 || capacity > RingLayout.CAPACITY_LIMIT || mostUnits > capacity) {
            throw new IllegalArgumentException("a ring cannot have a capacity of " + capacity + " units and use " + mostUnits);
        }
        words.setPlain(offset + CAPACITY, capacity);
        words.setPlain(offset + UNIT, unit);
        words.setPlain(offset + MOST_ELEMENTS, mostElements);
        words.setPlain(offset + MOST_UNITS, mostUnits);
    }

    /**
     * {@return whether something can be put}
     *
     * @param from where the tail is
     * @param to   where the head is, or was
     * @param what as the subclass understands it
     */
    abstract boolean hasRoom(long from, long to, int what);

    /** {@return whether there is an element behind the {@link #head}} The caller holds the lock of those who take. */
    abstract boolean hasElementNow();

    /** {@return whether it seems worth it to look for an element under the lock} */
    abstract boolean mayHaveElement();

    /** {@return where the word is that changes when the next element is published} */
    abstract long placeOfNextChange();

    /** {@return the index behind all that are published, as far as those who put have let go of their lock} */
    abstract long end();

    /** Makes what is written behind the tail, up to an index, visible to those who take. */
    abstract void publishUpTo(long there);

    /** Puts in order what one that died while it put may have left. The caller holds the lock of those who put. */
    void repairPut() {}

    /** Puts in order what one that died while it took may have left. The caller holds the lock of those who take. */
    void repairTake() {}

    /** Lets go of what belongs to the elements of these numbers, which were dropped. The caller holds the lock of those who take. */
    abstract void dropped(int from, int to);

    /** {@return how much room there is between a tail and a head} */
    abstract int room(long from, long to);

    /** {@return whether one who takes may get something that is not in the ring} */
    boolean mayFindOther() {
        return false;
    }

    /** {@return whether one who takes gets something that is not in the ring} The caller holds the lock of those who take. */
    boolean findOther() {
        return false;
    }

    private boolean mayHaveRoom(int what) {
        return isShutDown() || hasRoom(words.getLongAcquire(offset + TAIL), words.getLongVolatile(offset + HEAD), what);
    }

    /**
     * Acquires the lock of those who put, and waits for room.
     *
     * @param what          what there must be room for, as the subclass understands it
     * @param deadline      when to give up, in terms of {@link System#nanoTime()}; {@link Words#NO_DEADLINE} for never, {@link Words#AT_ONCE} to not wait
     *                      for room
     * @param interruptible whether an interrupt ends the wait
     * @return {@link #DONE}, and then the lock is held and {@link #tail} known; {@link #TIMED_OUT}, {@link #INTERRUPTED} or {@link #SHUT_DOWN}
     */
    final int beginPut(int what, long deadline, boolean interruptible) {
        while (true) {
            int entered = enter(putLock, deadline, interruptible);
            if (entered != DONE) {
                return entered;
            }
            if (isShutDown()) {
                return leave(putLock, SHUT_DOWN);
            }
            tail = words.getLongPlain(offset + TAIL);
            if (hasRoomNow(what)) {
                CrashPoint.RING_CLAIMED.pass();
                return DONE;
            }
            int _ = leave(putLock, DONE);
            if (deadline == Words.AT_ONCE) {
                return TIMED_OUT;
            }
            int waited = notFull.await(deadline, interruptible, what);
            if (waited != DONE) {
                return waited;
            }
        }
    }

    /** {@return whether there is room behind the {@link #tail}} The head is looked at only if there was none when it was last. */
    final boolean hasRoomNow(int what) {
        if (hasRoom(tail, words.getLongPlain(offset + HEAD_SEEN), what)) {
            return true;
        }
        // Pairs with endTake(): what was taken has been copied, and its place can be written.
        long headNow = words.getLongAcquire(offset + HEAD);
        words.setLongPlain(offset + HEAD_SEEN, headNow);
        return hasRoom(tail, headNow, what);
    }

    /** Publishes what is written between the tail and there, lets go of the lock and tells those who wait for it. */
    final void endPut(long there) {
        CrashPoint.RING_WRITTEN.pass();
        publishUpTo(there);
        // A full fence between the publication and the look at the event count.
        boolean _ = putLock.release();
        CrashPoint.RING_PUT_UNTOLD.pass();
        notEmpty.advance();
        dropIfEnded();
    }

    /** Lets go of the lock with nothing published. */
    final void cancelPut() {
        boolean _ = putLock.release();
    }

    /**
     * Acquires the lock of those who take, and waits for an element.
     *
     * @param deadline      as for {@link #beginPut}
     * @param interruptible whether an interrupt ends the wait
     * @return {@link #DONE}, and then the lock is held and {@link #head} known; {@link #TIMED_OUT}, {@link #INTERRUPTED} or {@link #SHUT_DOWN}
     */
    final int beginTake(long deadline, boolean interruptible) {
        while (true) {
            // Without the lock: who finds nothing need not keep it from others who find nothing.
            if (!mayHaveElement() && !mayFindOther()) {
                int waited = awaitElement(deadline, interruptible);
                if (waited != DONE) {
                    return waited;
                }
            }
            int entered = enter(takeLock, deadline, interruptible);
            if (entered != DONE) {
                return entered;
            }
            if (state() == ENDED) {
                return leave(takeLock, SHUT_DOWN);
            }
            head = words.getLongPlain(offset + HEAD);
            if (findOther() || hasElementNow()) {
                CrashPoint.RING_FOUND.pass();
                return DONE;
            }
            int _ = leave(takeLock, DONE);
        }
    }

    /** Lets go of all between the head and there, which was copied. */
    final void moveHead(long there) {
        // Pairs with hasRoomNow(): who sees the head there may write what lies before it.
        words.setLongRelease(offset + HEAD, there);
        CrashPoint.RING_TAKEN.pass();
    }

    /** Lets go of the lock, after something was taken, and tells those who wait for room. */
    final void endTake() {
        // A full fence between the store above and the look at the event count.
        boolean _ = takeLock.release();
        CrashPoint.RING_TAKE_UNTOLD.pass();
        notFull.advance();
        dropIfEnded();
    }

    /** Who was at work when the ring was ended drops what it has put since, and what the one who ended it could not have for it. */
    final void dropIfEnded() {
        if (state() == ENDED && !isEmpty()) {
            int _ = drop();
        }
    }

    /** Lets go of the lock with nothing taken. */
    final void cancelTake() {
        boolean _ = takeLock.release();
    }

    /** Drops all elements that there are. {@return how many; -1 if another keeps the lock of those who take, whose process does not run} */
    public int drop() {
        if (!tryLockTake()) {
            return -1;
        }
        head = words.getLongPlain(offset + HEAD);
        long end = end();
        moveHead(end);
        try {
            dropped(RingLayout.elements(head), RingLayout.elements(end));
        } finally {
            endTake();
        }
        return RingLayout.elements(end) - RingLayout.elements(head);
    }

    /** {@return whether the lock of those who put is held now} It is not if another keeps it, whose process does not run. */
    final boolean tryLockPut() {
        return enter(putLock, Words.AT_ONCE, false) == DONE;
    }

    /** {@return whether the lock of those who take is held now} It is not if another keeps it, whose process does not run. */
    final boolean tryLockTake() {
        return enter(takeLock, Words.AT_ONCE, false) == DONE;
    }

    /** Acquires the lock of those who take. */
    final void lockTake() {
        int _ = enter(takeLock, Words.NO_DEADLINE, false);
    }

    private int awaitElement(long deadline, boolean interruptible) {
        if (isShutDown()) {
            return awaitLast(deadline, interruptible);
        }
        return deadline == Words.AT_ONCE ? TIMED_OUT : notEmpty.await(deadline, interruptible, 0);
    }

    /** Waits until nobody is putting any more: who had begun before the ring was shut down may publish yet. */
    private int awaitLast(long deadline, boolean interruptible) {
        int entered = enter(putLock, deadline, interruptible);
        if (entered != DONE) {
            return entered;
        }
        return leave(putLock, isEmpty() ? SHUT_DOWN : DONE);
    }

    private int enter(Mutex lock, long deadline, boolean interruptible) {
        int result = lock.acquire(deadline, interruptible);
        if (result == TIMED_OUT && deadline == Words.AT_ONCE) {
            result = lock.acquire(words.now() + GRACE_NANOSECONDS, false);
        }
        if (result == Mutex.TAKEN_OVER) {
            repair(lock);
            return DONE;
        }
        return result;
    }

    private void repair(Mutex lock) {
        boolean repaired = false;
        try {
            if (lock == putLock) {
                repairPut();
            } else {
                repairTake();
            }
            repaired = true;
        } finally {
            if (!repaired) {
                // The next one tries again.
                lock.abandon();
            }
        }
    }

    private static int leave(Mutex lock, int outcome) {
        boolean _ = lock.release();
        return outcome;
    }

    /**
     * Lets nothing more be put; what is there can still be taken. Calls that wait end.
     *
     * @param ended whether nothing more can be taken either: what is there is dropped, and what those put yet who are at it
     */
    public void shutDown(boolean ended) {
        int wanted = ended ? ENDED : RingLayout.SHUT_DOWN;
        int current = state();
        while (current < wanted && !words.compareAndSet(offset + STATE, current, wanted)) {
            current = state();
        }
        notEmpty.advance();
        notFull.advance();
        dropIfEnded();
    }

    /** {@return whether nothing can be put any more} */
    public boolean isShutDown() {
        return state() != OPEN;
    }

    private int state() {
        return words.getAcquire(offset + STATE);
    }

    /** {@return how many elements there were at some moment during the call} */
    public int size() {
        while (true) {
            long snapshotHead = words.getLongVolatile(offset + HEAD);
            long snapshotTail = words.getLongVolatile(offset + TAIL);
            long snapshotEnd = end();
            if (words.getLongVolatile(offset + HEAD) == snapshotHead && words.getLongVolatile(offset + TAIL) == snapshotTail) {
                return RingLayout.elements(snapshotEnd) - RingLayout.elements(snapshotHead);
            }
        }
    }

    /** {@return how much room there was at some moment during the call: elements, or bytes if it is bounded by those} */
    public int room() {
        while (true) {
            long snapshotHead = words.getLongVolatile(offset + HEAD);
            long snapshotTail = words.getLongVolatile(offset + TAIL);
            long snapshotEnd = end();
            if (words.getLongVolatile(offset + HEAD) == snapshotHead && words.getLongVolatile(offset + TAIL) == snapshotTail) {
                return room(snapshotEnd, snapshotHead);
            }
        }
    }

    /** {@return whether there was no element at some moment during the call} */
    public abstract boolean isEmpty();

    /** {@return whether one who takes does not have to wait: there is something, or never will be} */
    public boolean isReady() {
        return isShutDown() || !isEmpty() || mayFindOther();
    }

    /** {@return the event count of those who wait for an element} */
    public EventCount notEmpty() {
        return notEmpty;
    }

    /** {@return where in the memory the unit of that number, modulo the capacity, lies} */
    final long place(int number) {
        return offset + DATA + (long) (number & capacity - 1) * unit;
    }
}
