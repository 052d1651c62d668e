// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.space;

import java.io.IOException;
import java.nio.ByteBuffer;

import dev.kindred.internal.domain.DomainLayout;
import dev.kindred.tests.support.WordFile;

/** What lies in a family's space, for a person who looks for the cause of a hang: the words of locks and of whatever else is small. */
public final class SpaceDump {

    /** More would hide what there is to see. */
    private static final int MOST_BLOCKS = 400;

    private static final int WORDS = 8;

    private SpaceDump() {}

    /**
     * {@return the space's own words, and the first of every block in which something is}
     *
     * @param file a family's
     * @throws IOException if it cannot be read
     */
    public static String of(final WordFile file) throws IOException {
        final SpaceLayout layout = new SpaceLayout(file.intAt(DomainLayout.REGIONS_OFFSET));
        final int used = Math.clamp(file.intAt(SpaceLayout.REGIONS_USED), 0, layout.regions());
        final StringBuilder text = new StringBuilder(String.format(
                "the heap's mutex %08x, intent %d of slot %d at granule %d, %d regions in use%n",
                file.intAt(SpaceLayout.MUTEX), file.intAt(SpaceLayout.INTENT), file.intAt(SpaceLayout.INTENT_SLOT),
                file.longAt(SpaceLayout.INTENT_GRANULE), used));
        int shown = 0;
        for (int region = 0; region < used; region++) {
            final ByteBuffer starts = file.bytes(layout.starts(region), SpaceLayout.GRANULES / Byte.SIZE);
            for (int index = 0; index < SpaceLayout.GRANULES && shown < MOST_BLOCKS; index++) {
                if ((starts.getLong(index / Long.SIZE * Long.BYTES) & 1L << index) != 0 && append(file, layout, region, index, text)) {
                    shown++;
                }
            }
        }
        return shown < MOST_BLOCKS ? text.toString() : text.append("(and more)\n").toString();
    }

    /** {@return whether something is in the block, which is shown then} */
    private static boolean append(final WordFile file, final SpaceLayout layout, final int region, final int index,
            final StringBuilder text) throws IOException {
        final long offset = layout.granuleOffset((long) region * SpaceLayout.GRANULES + index);
        final ByteBuffer words = file.bytes(offset, WORDS * Integer.BYTES);
        final StringBuilder line = new StringBuilder("block at ").append(Long.toHexString(offset)).append(':');
        boolean something = false;
        for (int i = 0; i < WORDS; i++) {
            final int word = words.getInt(i * Integer.BYTES);
            something |= word != 0;
            line.append(String.format(" %08x", word));
        }
        if (something) {
            text.append(line).append('\n');
        }
        return something;
    }
}
