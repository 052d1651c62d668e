// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.memory;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * What the format and the code of an item in a {@link ShareableList} say together: what the item is, and how many bytes
 * it is made of.
 *
 * @param kind   what the item is
 * @param length how many bytes of its slot count
 */
record ShareableFormat(ShareableItem.Kind kind, long length) {

    /** {@return what is to be written for an item of a kind in a slot of so many bytes} */
    static ShareableFormat of(ShareableItem.Kind kind, long slot) {
        return new ShareableFormat(kind, kind.isBytes() ? slot : ShareableListLayout.SLOT_UNIT);
    }

    /**
     * Understands what was read.
     *
     * @param format the format, filled up with NUL
     * @param code   the code
     * @param slot   the length of the item's slot
     * @return what they say, or null if this is nonsense
     */
    static @Nullable ShareableFormat parse(byte[] format, byte code, long slot) {
        String text = text(format);
        for (ShareableItem.Kind kind : ShareableItem.Kind.values()) {
            if (kind.code() == code) {
                long length = kind.isBytes() ? lengthOfBytes(text) : ShareableListLayout.SLOT_UNIT;
                ShareableFormat candidate = new ShareableFormat(kind, length);
                if (length <= slot && candidate.text().equals(text)) {
                    return candidate;
                }
            }
        }
        return null;
    }

    /** {@return the text of a format that is filled up with NUL} */
    static String text(byte[] format) {
        int length = format.length;
        while (length > 0 && format[length - 1] == 0) {
            length--;
        }
        return new String(format, 0, length, StandardCharsets.ISO_8859_1);
    }

    /** {@return the format as Python's struct module writes it} */
    String text() {
        return kind.isBytes() ? length + kind.format() : kind.format();
    }

    /** {@return the format, filled up with NUL} */
    byte[] bytes() {
        return Arrays.copyOf(text().getBytes(StandardCharsets.ISO_8859_1), ShareableListLayout.FORMAT_LENGTH);
    }

    /**
     * {@return the number that a format begins with, 0 if it does not begin with one} Eight characters cannot overflow
     * an int.
     */
    private static long lengthOfBytes(String text) {
        int digits = 0;
        int length = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            length = 10 * length + text.charAt(digits) - '0';
            digits++;
        }
        return length;
    }
}
