// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.domain;

import static dev.kindred.internal.domain.DomainLayout.CLOSED;
import static dev.kindred.internal.domain.DomainLayout.CLOSER;
import static dev.kindred.internal.domain.DomainLayout.CLOSING;
import static dev.kindred.internal.domain.DomainLayout.DOOR_OFFSET;
import static dev.kindred.internal.domain.DomainLayout.OPEN;

import java.util.function.BooleanSupplier;

import dev.kindred.internal.crash.CrashPoint;
import dev.kindred.internal.words.Words;

/**
 * How processes enter a named domain and leave it, so that the last to leave removes its file's name, and nobody who has entered is in a
 * file that others no longer find.
 *
 * <p>Whoever enters makes its slot LIVE and then looks at the door. Whoever leaves takes its slot out of those that are LIVE, then writes
 * CLOSING with its id on the door, and then looks for LIVE slots. So of one that enters and one that leaves at the same time, at least one
 * sees the other (this is what J. Dekker's algorithm rests on): whoever enters makes the door OPEN again, and whoever sees a LIVE slot does
 * so, too. Of several that leave, the last to write its id has seen what all others had done before. If it finds no LIVE slot, and its word
 * still stands, it makes it CLOSED; from then on nobody enters, and it removes the name.
 *
 * <p>The closer's live byte is the lock under which the name is removed: it is held until that is done. Whoever finds the door CLOSED and
 * that byte free opens the door again, as the closer has died; until then it waits. So only a closer that is stopped between two system
 * calls holds up others.
 */
final class Door {

    /** The file's name. */
    interface Name {
        /** {@return whether it was removed} */
        boolean isGone();

        /** Removes it. */
        void remove();
    }

    /** What came of an attempt to enter. */
    enum Entry {
        /** The caller is in. */
        INSIDE,
        /** The name is gone, and the caller must leave and start over. */
        GONE,
        /** Another is about to remove the name: the caller must try again. */
        LATER
    }

    private final Words words;
    private final SlotTable table;
    private final Name name;

    Door(Words words, SlotTable table, Name name) {
        this.words = words;
        this.table = table;
        this.name = name;
    }

    /** Enters, once the calling process's slot is LIVE. */
    Entry tryEnter() {
        while (true) {
            // Pairs with the looking for LIVE slots of whoever leaves.
            int word = words.getVolatile(DOOR_OFFSET);
            if (word == OPEN) {
                return name.isGone() ? Entry.GONE : Entry.INSIDE;
            }
            if ((word & CLOSED) != 0) {
                // Asked before the name is looked for: the byte is free only after the name was removed, or by death.
                boolean exists = table.exists(word & CLOSER);
                if (name.isGone()) {
                    return Entry.GONE;
                }
                if (exists) {
                    return Entry.LATER;
                }
            }
            if (words.compareAndSet(DOOR_OFFSET, word, OPEN)) {
                CrashPoint.NAMED_DOOR_OPENED.pass();
            }
        }
    }

    /** {@return the id of the process that is about to remove the name; 0 for none} */
    int closer() {
        int word = words.getVolatile(DOOR_OFFSET);
        return (word & CLOSED) != 0 ? word & CLOSER : 0;
    }

    /**
     * Removes the name if nobody is left. To be called by a process that has left the table but holds its live byte.
     *
     * @param self     its id
     * @param isNeeded whether the name is to stay all the same; asked when nobody else is in, or whoever is will see that the door is OPEN
     */
    void leave(int self, BooleanSupplier isNeeded) {
        if (!claim(self)) {
            return;
        }
        // Those of the dead are no longer LIVE after this.
        table.findDead(DomainLayout.slotOf(self));
        boolean last = table.liveCount() == 0 && !isNeeded.getAsBoolean();
        int next = last ? CLOSED | self : OPEN;
        // Fails if somebody has entered meanwhile, or another who leaves has taken the matter over.
        if (words.compareAndSet(DOOR_OFFSET, CLOSING | self, next) && last) {
            CrashPoint.NAMED_DOOR_CLOSED.pass();
            name.remove();
            CrashPoint.NAMED_REMOVED.pass();
        }
    }

    private boolean claim(int self) {
        while (true) {
            int word = words.getVolatile(DOOR_OFFSET);
            if ((word & CLOSED) != 0) {
                return false;
            }
            // Pairs with the look at the door of whoever enters.
            if (words.compareAndSet(DOOR_OFFSET, word, CLOSING | self)) {
                CrashPoint.NAMED_DOOR_CLAIMED.pass();
                return true;
            }
        }
    }
}
