// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.domain;

import dev.kindred.internal.words.Words;

/** The file of one named domain, and processes that enter and leave it one after the other by the steps of {@link NamedDomain}. */
final class DoorWorld {

    private final Words words;
    private final Runnable step;
    private final SlotTable.Reserve reserve;
    final SimulatedLocks locks;
    private boolean gone;

    /**
     * A world in which nobody is in.
     *
     * @param words   the file, its first page reserved
     * @param reserve how a slot is reserved
     * @param step    to be called at each step that is none of the words'
     */
    DoorWorld(Words words, SlotTable.Reserve reserve, Runnable step) {
        this.words = words;
        this.reserve = reserve;
        this.step = step;
        this.locks = new SimulatedLocks(step);
    }

    boolean isNameGone() {
        return gone;
    }

    /** One who enters and leaves. */
    final class Process {
        private final String name;
        private final SlotTable table;
        private final Door door;
        private int id;

        Process(String name) {
            this.name = name;
            this.table = new SlotTable(words, locks.of(name), (_, _) -> false, reserve);
            this.door = new Door(words, table, new Door.Name() {
                @Override
                public boolean isGone() {
                    step.run();
                    return gone;
                }

                @Override
                public void remove() {
                    step.run();
                    gone = true;
                }
            });
        }

        /** {@return whether this process is in; if not, the name is gone} */
        boolean enter() {
            id = table.join(new ProcessRecord(name, 1, 2, 0));
            Door.Entry entry = door.tryEnter();
            if (entry == Door.Entry.LATER) {
                throw new AssertionError(name + " waits for a closer, and nobody else acts");
            }
            if (entry == Door.Entry.GONE) {
                table.leave(id);
                table.dropLive(id);
                return false;
            }
            table.findDead(DomainLayout.slotOf(id));
            return true;
        }

        void leave(boolean keep) {
            table.leave(id);
            door.leave(id, () -> keep);
            table.dropLive(id);
        }

        /** Frees the slots of the dead, as the watching thread does. {@return whether nothing is left to be done} */
        boolean recover() {
            table.findDead(DomainLayout.slotOf(id));
            return table.freeDead(_ -> true);
        }

        int liveCount() {
            return table.liveCount();
        }
    }
}
