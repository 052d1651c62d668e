// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.explorer;

import java.util.Arrays;

/**
 * The simulated memory: the longs that are not zero, in the order of their offsets. Beside what actors see as words it holds, at offsets of
 * {@link Places}, all else that a state consists of: the kernel's locks, clocks, what scenarios record.
 */
final class Memory {

    /** The granularity in which memory is reserved and returned. */
    private static final int PAGE = 4096;

    private static final long PAGES_A_LONG = Long.SIZE;

    private long[] offsets;
    private long[] values;
    private int size;

    /** The last that was not beyond the offset that was looked for: what is looked for next is mostly there, or just behind. */
    private int hint;

    Memory() {
        offsets = new long[16];
        values = new long[16];
    }

    private Memory(Memory other) {
        offsets = Arrays.copyOf(other.offsets, other.size + 2);
        values = Arrays.copyOf(other.values, other.size + 2);
        size = other.size;
        hint = other.hint;
    }

    Memory copy() {
        return new Memory(this);
    }

    long getLong(long offset) {
        int index = find(offset);
        return index < 0 ? 0 : values[index];
    }

    /** {@return where an offset is, or -1 minus where it would be inserted} */
    private int find(long offset) {
        int near = hint + 1 < size && offsets[hint + 1] <= offset ? hint + 1 : hint;
        boolean isNear = near < size && offsets[near] <= offset && (near + 1 == size || offset < offsets[near + 1]);
        int last = isNear ? near : search(offset);
        hint = Math.max(last, 0);
        return last >= 0 && offsets[last] == offset ? last : -last - 2;
    }

    /** {@return the last that is not beyond an offset, or -1} */
    private int search(long offset) {
        int index = Arrays.binarySearch(offsets, 0, size, offset);
        return index < 0 ? -index - 2 : index;
    }

    void setLong(long offset, long value) {
        int index = find(offset);
        if (index >= 0 && value != 0) {
            values[index] = value;
        } else if (index >= 0) {
            remove(index, index + 1);
        } else if (value != 0) {
            insert(-index - 1, offset, value);
        }
    }

    private void insert(int index, long offset, long value) {
        if (size == offsets.length) {
            offsets = Arrays.copyOf(offsets, size * 2);
            values = Arrays.copyOf(values, size * 2);
        }
        System.arraycopy(offsets, index, offsets, index + 1, size - index);
        System.arraycopy(values, index, values, index + 1, size - index);
        offsets[index] = offset;
        values[index] = value;
        size++;
    }

    private void remove(int from, int to) {
        System.arraycopy(offsets, to, offsets, from, size - to);
        System.arraycopy(values, to, values, from, size - to);
        size -= to - from;
    }

    int getInt(long offset) {
        return (int) (getLong(offset & -Long.BYTES) >>> shift(offset));
    }

    void setInt(long offset, int value) {
        long whole = offset & -Long.BYTES;
        long others = getLong(whole) & ~(0xffffffffL << shift(offset));
        setLong(whole, others | (value & 0xffffffffL) << shift(offset));
    }

    private static int shift(long offset) {
        return (int) (offset & Integer.BYTES) * Byte.SIZE;
    }

    /** Sets a range to zero, which begins and ends at a multiple of four. */
    void zero(long offset, long length) {
        long from = offset;
        long to = offset + length;
        if (from % Long.BYTES != 0) {
            setInt(from, 0);
            from += Integer.BYTES;
        }
        if (to % Long.BYTES != 0) {
            to -= Integer.BYTES;
            setInt(to, 0);
        }
        remove(firstAt(from), firstAt(Math.max(from, to)));
    }

    /** Sets to zero what of a range holds a value. */
    void clear(long from, long to, long value) {
        for (int index = firstAt(to) - 1; index >= 0 && offsets[index] >= from; index--) {
            if (values[index] == value) {
                remove(index, index + 1);
            }
        }
    }

    /** {@return whether a range holds a value} */
    boolean contains(long from, long to, long value) {
        for (int index = firstAt(from); index < size && offsets[index] < to; index++) {
            if (values[index] == value) {
                return true;
            }
        }
        return false;
    }

    private int firstAt(long offset) {
        int index = find(offset);
        return index < 0 ? -index - 1 : index;
    }

    /** Makes a range touchable; what was a hole is zero, the rest is as it was. */
    void reserve(long offset, long length) {
        for (long page = offset / PAGE; page <= (offset + length - 1) / PAGE; page++) {
            long at = pagesOffset(page);
            setLong(at, getLong(at) | 1L << page);
        }
    }

    /** Makes a range of whole pages a hole. */
    void punch(long offset, long length) {
        if (offset % PAGE != 0 || length % PAGE != 0) {
            throw new Violation("part of a page was punched: offset " + offset + ", length " + length);
        }
        zero(offset, length);
        for (long page = offset / PAGE; page < (offset + length) / PAGE; page++) {
            long at = pagesOffset(page);
            // A range to punch can be large and mostly holes.
            if (getLong(at) == 0) {
                page |= PAGES_A_LONG - 1;
            } else {
                setLong(at, getLong(at) & ~(1L << page));
            }
        }
    }

    /** Finds fault with an access to what is a hole. */
    void requirePages(Operation.Access access) {
        if (access.needsPages()) {
            for (long at = access.offset(); at < access.offset() + access.length(); at = (at / PAGE + 1) * PAGE) {
                if (!isReserved(at)) {
                    throw new Violation("SIGBUS: a hole was touched, at " + at + ", by " + access);
                }
            }
        }
    }

    private boolean isReserved(long offset) {
        long page = offset / PAGE;
        return (getLong(pagesOffset(page)) & 1L << page) != 0;
    }

    private static long pagesOffset(long page) {
        return Places.PAGES + page / PAGES_A_LONG * Long.BYTES;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Memory memory
                && Arrays.equals(offsets, 0, size, memory.offsets, 0, memory.size)
                && Arrays.equals(values, 0, size, memory.values, 0, memory.size);
    }

    @Override
    public int hashCode() {
        long hash = hash();
        return (int) (hash ^ hash >>> 32);
    }

    long hash() {
        long hash = size;
        for (int i = 0; i < size; i++) {
            hash = (hash ^ offsets[i]) * 0x9e3779b97f4a7c15L;
            hash = (hash ^ values[i]) * 0xc2b2ae3d27d4eb4fL;
            hash ^= hash >>> 29;
        }
        return hash;
    }
}
