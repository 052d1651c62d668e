// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.space;

import static dev.kindred.internal.space.SpaceLayout.INTENT;
import static dev.kindred.internal.space.SpaceLayout.INTENT_ENTRY;
import static dev.kindred.internal.space.SpaceLayout.INTENT_GRANULE;
import static dev.kindred.internal.space.SpaceLayout.INTENT_GRANULES;
import static dev.kindred.internal.space.SpaceLayout.INTENT_NONE;
import static dev.kindred.internal.space.SpaceLayout.INTENT_SLOT;

import dev.kindred.internal.words.Words;

/**
 * What the holder of the space's mutex is about to do, in shared memory, for whoever takes the mutex over from it. Called only by the
 * holder.
 *
 * @param operation one of SpaceLayout's {@code INTENT_} constants
 * @param marker    whose mark is set or cleared
 * @param start     the block's first granule
 * @param granules  how many it has
 * @param entry     the entry of the directory that is published or removed, else 0
 */
record Intent(int operation, int marker, long start, long granules, int entry) {

    Intent(int operation, int marker, long start, long granules) {
        this(operation, marker, start, granules, 0);
    }

    /** {@return what is announced} Its operation is {@link SpaceLayout#INTENT_NONE} if nothing is. */
    static Intent read(Words words) {
        return new Intent(words.getPlain(INTENT), words.getPlain(INTENT_SLOT), words.getLongPlain(INTENT_GRANULE),
                words.getLongPlain(INTENT_GRANULES), words.getPlain(INTENT_ENTRY));
    }

    void announce(Words words) {
        words.setPlain(INTENT_SLOT, marker);
        words.setLongPlain(INTENT_GRANULE, start);
        words.setLongPlain(INTENT_GRANULES, granules);
        words.setPlain(INTENT_ENTRY, entry);
        words.setRelease(INTENT, operation);
        // No store of the operation may become visible before its announcement.
        words.fence();
    }

    /** Says that what was announced is done. */
    static void settle(Words words) {
        words.setRelease(INTENT, INTENT_NONE);
        // No store of the next announcement may become visible before: to a repairer it would be that of this operation.
        words.fence();
    }
}
