// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.domain;

import dev.kindred.internal.os.Futex;

/**
 * The head of a domain's file, and the bytes beyond its end on which processes hold locks.
 *
 * <pre>
 *      0  magic (long) | version (int) | regions (int)
 *     64  death epoch (int)
 *    128  slots in use, high-water mark (int) | where the next joiner looks first (int)
 *    192  door of a named domain (int)             see below
 *   1024  the space's words (SpaceLayout)
 *   4096  slot 0 | slot 1 | ... | slot 4095         128 bytes each
 *
 *  slot:  0  word      generation | state           see below
 *         4  pid (int)
 *         8  pid namespace (long), its inode
 *        16  parent's id (int), 0 for none
 *        20  length of name (int)
 *        24  life (int)       see below
 *        28  arrivals (int), how many children have joined
 *        32  name, UTF-8, at most 96 bytes
 *
 *  a slot's word:
 *   31     19 18                            2 1     0
 *  +---------+-------------------------------+-------+
 *  | 0       | generation                    | state |   FREE, LIVE, DEAD or LEFT
 *  +---------+-------------------------------+-------+
 *
 *  a slot's life, which the kernel changes when the thread ends, before it frees the memory of the process:
 *   31        30      29                            0
 *  +---------+-------+-------------------------------+
 *  | WAITERS | ENDED | kernel's number of a thread   |   0: the process does not say
 *  +---------+-------+-------------------------------+
 *
 *  thread, WAITERS    lives, as far as it is known; the kernel is to wake one who waits
 *  ENDED, WAITERS     the thread has ended, the process is ending; one who waited was woken
 *  ENDED              all others were, too
 *
 *  a door's word:
 *   31       30        29   28                     0
 *  +--------+---------+----+------------------------+
 *  | CLOSED | CLOSING | 0  | id of who closes, or 0 |   neither bit: open
 *  +--------+---------+----+------------------------+
 *
 *  a process's id:
 *   28                            12 11             0
 *  +-------------------------------+-----------------+
 *  | generation, never 0           | slot            |
 *  +-------------------------------+-----------------+
 *
 *  locks of open file descriptions, far beyond the end of the file:
 *   LIVE_BYTES + slot    held by the slot's process until the kernel has freed its memory
 *   LEASE_BYTES + slot   held by whoever recovers or takes the slot
 * </pre>
 */
public final class DomainLayout {

    /** "KINDRED" and a format number. */
    static final long MAGIC = 0x4b494e4452454401L;

    /** Processes of different versions do not share a domain. */
    static final int VERSION = 3;

    static final long MAGIC_OFFSET = 0;
    static final long VERSION_OFFSET = 8;

    /** How many regions the file has room for. */
    public static final long REGIONS_OFFSET = 12;

    /** The death epoch. */
    public static final long EPOCH_OFFSET = 64;

    static final long SLOTS_USED_OFFSET = 128;
    static final long NEXT_SLOT_OFFSET = 132;

    static final long DOOR_OFFSET = 192;

    /** Where the space keeps its own words, up to the end of the page. */
    public static final long SPACE_HEADER_OFFSET = 1024;

    static final long PAGE = 4096;
    static final long SLOTS_OFFSET = PAGE;
    static final long SLOT_SIZE = 128;

    /** How many processes a domain can have at a time. */
    public static final int SLOTS = 4096;

    /** Where the slots end. */
    public static final long END = SLOTS_OFFSET + SLOTS * SLOT_SIZE;

    static final long WORD = 0;
    static final long PID = 4;
    static final long PID_NAMESPACE = 8;
    static final long PARENT = 16;
    static final long NAME_LENGTH = 20;
    static final long LIFE = 24;
    static final long ARRIVALS = 28;
    static final long NAME = 32;
    static final int NAME_LIMIT = 96;

    static final int LIFE_WAITERS = Futex.FUTEX_WAITERS;
    static final int LIFE_ENDED = Futex.FUTEX_OWNER_DIED;

    static final int FREE = 0;
    static final int LIVE = 1;
    static final int DEAD = 2;
    static final int LEFT = 3;
    static final int STATE_BITS = 2;
    static final int SLOT_BITS = 12;
    static final int GENERATION_LIMIT = (1 << 17) - 1;

    static final int OPEN = 0;
    static final int CLOSING = 1 << 30;
    static final int CLOSED = 1 << 31;
    static final int CLOSER = (1 << 29) - 1;

    static final long LIVE_BYTES = 1L << 60;
    static final long LEASE_BYTES = LIVE_BYTES + SLOTS;

    private DomainLayout() {}

    static long slotOffset(int slot) {
        return SLOTS_OFFSET + slot * SLOT_SIZE;
    }

    static int state(int word) {
        return word & (1 << STATE_BITS) - 1;
    }

    static int generation(int word) {
        return word >>> STATE_BITS;
    }

    static int word(int generation, int state) {
        return generation << STATE_BITS | state;
    }

    static int id(int slot, int generation) {
        return generation << SLOT_BITS | slot;
    }

    /** {@return the slot in a process's id} */
    public static int slotOf(int id) {
        return id & SLOTS - 1;
    }

    static int generationOf(int id) {
        return id >>> SLOT_BITS;
    }
}
