// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.domain;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import dev.kindred.tests.support.WordFile;

/** What the words of a family's file say of its processes, for a person who looks for the cause of a hang. */
public final class DomainDump {

    private static final String[] STATES = {"FREE", "LIVE", "DEAD", "(no state)"};

    private DomainDump() {}

    /**
     * {@return whether a file is one of a family}
     *
     * @param file which one
     * @throws IOException if it cannot be read
     */
    public static boolean isFamily(final WordFile file) throws IOException {
        return file.longAt(DomainLayout.MAGIC_OFFSET) == DomainLayout.MAGIC;
    }

    /**
     * {@return the head and all slots that were ever taken, a line each}
     *
     * @param file a family's
     * @throws IOException if it cannot be read
     */
    public static String of(final WordFile file) throws IOException {
        final int used = Math.clamp(file.intAt(DomainLayout.SLOTS_USED_OFFSET), 0, DomainLayout.SLOTS);
        final StringBuilder text = new StringBuilder(String.format("version %d, death epoch %d, %d slots in use%n",
                file.intAt(DomainLayout.VERSION_OFFSET), file.intAt(DomainLayout.EPOCH_OFFSET), used));
        for (int slot = 0; slot < used; slot++) {
            final ByteBuffer words = file.bytes(DomainLayout.slotOffset(slot), (int) DomainLayout.SLOT_SIZE);
            final int word = words.getInt((int) DomainLayout.WORD);
            text.append(String.format("slot %d: %s, generation %d, id %x, live byte %s, lease byte %s, pid %d, "
                    + "parent's id %x, life %08x, '%s'%n",
                    slot, STATES[DomainLayout.state(word)], DomainLayout.generation(word),
                    DomainLayout.id(slot, DomainLayout.generation(word)), held(file, DomainLayout.LIVE_BYTES + slot),
                    held(file, DomainLayout.LEASE_BYTES + slot), words.getInt((int) DomainLayout.PID),
                    words.getInt((int) DomainLayout.PARENT), words.getInt((int) DomainLayout.LIFE), name(words)));
        }
        return text.toString();
    }

    private static String held(final WordFile file, final long offset) {
        return file.isLocked(offset) ? "held" : "free";
    }

    private static String name(final ByteBuffer slot) {
        final int length = Math.clamp(slot.getInt((int) DomainLayout.NAME_LENGTH), 0, DomainLayout.NAME_LIMIT);
        return new String(slot.array(), (int) DomainLayout.NAME, length, StandardCharsets.UTF_8);
    }
}
