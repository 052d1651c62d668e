// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.ring;

/**
 * What a ring has more ({@link RingLayout}) whose elements stay until their takers say that they are done with them.
 *
 * <pre>
 *       +-------------------------------------+
 *    40 | death epoch after which nobody has  |
 *       | looked for takers that died         |
 *    44 | whether what they had is handed out |
 *       | again                               |
 *    48 | lost parcel that is being counted   |
 *    56 | its entry below                     |
 *    60 | how many that has, with it          |
 *       +-------------------------------------+
 *    64 | event count of those who join       |
 *       +-------------------------------------+
 *       | the ring's data                     |
 *       +-------------------------------------+
 *       | 16 entries for takers that died:    |
 *     0 | id                                  |
 *     4 | how many elements were lost with it |
 *     8 | pid                                 |
 *    16 | length of the name                  |
 *    24 | name, at most 40 bytes of UTF-8     |
 *       +-------------------------------------+
 * </pre>
 *
 * <p>The last entry is for all for whom there was no other.
 */
final class JoinableLayout {

    static final int EPOCH_SEEN = 40;
    static final int HANDS_OUT_AGAIN = 44;
    static final int LOST_PARCEL = 48;
    static final int LOST_ENTRY = 56;
    static final int LOST_COUNT = 60;
    static final int ALL_DONE = 64;

    static final int ENTRIES = 16;
    static final int ENTRY_SIZE = 64;
    static final int ENTRY_ID = 0;
    static final int ENTRY_COUNT = 4;
    static final int ENTRY_PID = 8;
    static final int ENTRY_NAME_LENGTH = 16;
    static final int ENTRY_NAME = 24;
    static final int ENTRY_NAME_LIMIT = 40;

    /** The id in the entry of all others; no process has it. */
    static final int OTHERS = -1;

    private JoinableLayout() {}
}
