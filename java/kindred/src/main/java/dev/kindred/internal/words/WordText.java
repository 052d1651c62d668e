// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.words;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Texts in shared words: UTF-8, padded with NUL to a whole number of longs, with the length in an int elsewhere. All accesses are plain. */
public final class WordText {

    private WordText() {}

    /**
     * Writes a text, and then its length.
     *
     * @param lengthOffset where the length goes
     * @param offset       where the text goes
     * @param room         how many bytes there are for it, a multiple of eight; what is longer is cut
     */
    public static void write(Words words, long lengthOffset, long offset, int room, String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        long[] padded = padded(encoded, room);
        for (int i = 0; i < padded.length; i++) {
            words.setLongPlain(offset + (long) i * Long.BYTES, padded[i]);
        }
        words.setPlain(lengthOffset, Math.min(encoded.length, room));
    }

    /** {@return the text that was written there} Read while another writes, it may be a mixture of two. */
    public static String read(Words words, long lengthOffset, long offset, int room) {
        ByteBuffer bytes = ByteBuffer.allocate(room).order(ByteOrder.nativeOrder());
        for (int i = 0; i < room; i += Long.BYTES) {
            bytes.putLong(i, words.getLongPlain(offset + i));
        }
        int length = Math.clamp(words.getPlain(lengthOffset), 0, room);
        return new String(bytes.array(), 0, length, StandardCharsets.UTF_8);
    }

    /** {@return a text as it lies in the words, for {@link #isThere}} */
    public static long[] padded(String text, int room) {
        return padded(text.getBytes(StandardCharsets.UTF_8), room);
    }

    private static long[] padded(byte[] encoded, int room) {
        ByteBuffer bytes = ByteBuffer.wrap(Arrays.copyOf(encoded, room)).order(ByteOrder.nativeOrder());
        long[] padded = new long[room / Long.BYTES];
        for (int i = 0; i < padded.length; i++) {
            padded[i] = bytes.getLong(i * Long.BYTES);
        }
        return padded;
    }

    /** {@return whether that text lies there} */
    public static boolean isThere(Words words, long offset, long[] padded) {
        for (int i = 0; i < padded.length; i++) {
            if (words.getLongPlain(offset + (long) i * Long.BYTES) != padded[i]) {
                return false;
            }
        }
        return true;
    }
}
