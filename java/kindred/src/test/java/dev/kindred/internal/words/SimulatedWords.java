// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.words;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * A sparse memory for one actor at a time, who can be killed at every step that others could see: a store, a reservation, a return of memory.
 * Touching a page that was not reserved is what SIGBUS would be.
 */
public final class SimulatedWords extends Words {

    /** Thrown at the step at which an actor dies, and at every step that it would take afterwards, in finally blocks for example. */
    public static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    private static final int PAGE = 4096;

    private final long epochOffset;
    private final Map<Long, long[]> pages = new HashMap<>();

    /** The pages that no copy shares; others are copied before they are written. */
    private final Set<Long> own = new HashSet<>();
    private long stepsToLive = Long.MAX_VALUE;
    private boolean dead;

    public SimulatedWords(long epochOffset) {
        this.epochOffset = epochOffset;
    }

    /** An independent copy, whose actor lives. */
    public SimulatedWords copy() {
        SimulatedWords copy = new SimulatedWords(epochOffset);
        copy.pages.putAll(pages);
        own.clear();
        return copy;
    }

    /** Lets whoever acts next die instead of taking step {@code steps}, counted from 0. */
    public void killAt(long steps) {
        stepsToLive = steps;
        dead = false;
    }

    /** Ends the reign of the dead: from now on somebody else acts. */
    public void nextActor() {
        killAt(Long.MAX_VALUE);
    }

    /** One step that others can see. */
    public void step() {
        if (dead || stepsToLive-- == 0) {
            dead = true;
            throw new Killed();
        }
    }

    public void reserve(long offset, long length) {
        step();
        for (long page = offset / PAGE; page <= (offset + length - 1) / PAGE; page++) {
            pages.computeIfAbsent(page, _ -> new long[PAGE / Long.BYTES]);
        }
    }

    public void punch(long offset, long length) {
        step();
        if (offset % PAGE != 0 || length % PAGE != 0) {
            throw new AssertionError("part of a page was punched: offset " + offset + ", length " + length);
        }
        pages.keySet().removeIf(page -> page >= offset / PAGE && page < (offset + length) / PAGE);
        own.retainAll(pages.keySet());
    }

    /** How many pages are not holes. */
    public int reservedPages() {
        return pages.size();
    }

    private long[] page(long offset) {
        if (dead) {
            throw new Killed();
        }
        long[] page = pages.get(offset / PAGE);
        if (page == null) {
            throw new AssertionError("SIGBUS: offset " + offset + " was touched and is a hole");
        }
        return page;
    }

    private long[] writablePage(long offset) {
        long[] page = page(offset);
        if (own.add(offset / PAGE)) {
            page = page.clone();
            pages.put(offset / PAGE, page);
        }
        return page;
    }

    private static int index(long offset) {
        return (int) (offset % PAGE / Long.BYTES);
    }

    private static int shift(long offset) {
        return offset % Long.BYTES == 0 ? 0 : Integer.SIZE;
    }

    @Override
    public int getPlain(long offset) {
        return (int) (page(offset)[index(offset)] >>> shift(offset));
    }

    @Override
    public int getAcquire(long offset) {
        return getPlain(offset);
    }

    @Override
    public int getVolatile(long offset) {
        return getPlain(offset);
    }

    @Override
    public void setPlain(long offset, int value) {
        step();
        long[] page = writablePage(offset);
        long cleared = page[index(offset)] & ~(0xffffffffL << shift(offset));
        page[index(offset)] = cleared | (value & 0xffffffffL) << shift(offset);
    }

    @Override
    public void setRelease(long offset, int value) {
        setPlain(offset, value);
    }

    @Override
    public void setVolatile(long offset, int value) {
        setPlain(offset, value);
    }

    @Override
    public boolean compareAndSet(long offset, int expected, int value) {
        if (getPlain(offset) != expected) {
            return false;
        }
        setPlain(offset, value);
        return true;
    }

    @Override
    public int getAndAdd(long offset, int delta) {
        int before = getPlain(offset);
        setPlain(offset, before + delta);
        return before;
    }

    @Override
    public long getLongPlain(long offset) {
        return page(offset)[index(offset)];
    }

    @Override
    public void setLongPlain(long offset, long value) {
        step();
        writablePage(offset)[index(offset)] = value;
    }

    @Override
    public void setLongRelease(long offset, long value) {
        setLongPlain(offset, value);
    }

    @Override
    public long getLongVolatile(long offset) {
        return getLongPlain(offset);
    }

    @Override
    public boolean compareAndSetLong(long offset, long expected, long value) {
        if (getLongPlain(offset) != expected) {
            return false;
        }
        setLongPlain(offset, value);
        return true;
    }

    @Override
    public long getAndAddLong(long offset, long delta) {
        long before = getLongPlain(offset);
        setLongPlain(offset, before + delta);
        return before;
    }

    @Override
    public void fence() {}

    @Override
    public void zero(long offset, long length) {
        step();
        for (long at = offset; at < offset + length;) {
            long end = Math.min(offset + length, (at / PAGE + 1) * PAGE);
            Arrays.fill(writablePage(at), index(at), index(end - 1) + 1, 0);
            at = end;
        }
    }

    @Override
    public int epoch() {
        return getPlain(epochOffset);
    }

    @Override
    public void advanceEpoch() {
        getAndAdd(epochOffset, 1);
    }

    @Override
    public void wakeEpoch() {
        step();
    }

    @Override
    public int spin(long offset, int seen, long nanoseconds) {
        return getPlain(offset);
    }

    @Override
    public int await(long offset, int expected, int epoch, long deadline, boolean interruptible) {
        throw new AssertionError("the only actor waits for offset " + offset + ", which holds " + Integer.toHexString(getPlain(offset)));
    }

    @Override
    public int awaitAny(WordSet set, int epoch, long deadline) {
        throw new AssertionError("the only actor waits for " + set.size() + " words");
    }

    @Override
    public void wake(long offset, int count) {
        step();
    }

    @Override
    public long now() {
        return 0;
    }

    @Override
    public Gate newGate() {
        return new Gate() {
            @Override
            public int enter(long deadline, boolean interruptible) {
                return WOKEN;
            }

            @Override
            public void leave() {}
        };
    }

    @Override
    public Parker newParker() {
        return new Parker() {
            @Override
            public int await(long deadline, boolean interruptible) {
                throw new AssertionError("the only actor waits for another of its process");
            }

            @Override
            public void wake() {}
        };
    }
}
