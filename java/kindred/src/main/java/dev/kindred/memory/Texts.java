// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.memory;

import java.nio.charset.CharacterCodingException;
import java.util.Arrays;

/** Texts of C in arrays of characters: they end before the first zero, or where the array ends. */
final class Texts {

    private Texts() {}

    /**
     * {@return the elements that a text is made of}
     *
     * @throws IllegalArgumentException      if the text cannot be said
     * @throws UnsupportedOperationException if the type is no character
     */
    static int[] encode(CType type, String text) {
        requireCharacters(type);
        return type == CType.CHAR ? widen(Utf8.encode(text, "a text of C")) : codePoints(text);
    }

    /** {@return bytes as elements of type {@link CType#CHAR}} */
    static int[] widen(byte[] bytes) {
        int[] elements = new int[bytes.length];
        for (int index = 0; index < elements.length; index++) {
            elements[index] = Byte.toUnsignedInt(bytes[index]);
        }
        return elements;
    }

    /** Stores a text and, if there is room, a zero after it. */
    static void store(RawArray array, int[] text) {
        requireRoom(array, text.length);
        for (int index = 0; index < text.length; index++) {
            if (text[index] == 0) {
                throw new IllegalArgumentException("a text of C cannot have a zero in it, because it would end there: "
                        + "at " + index + " of " + text.length);
            }
        }
        array.put(0, text, 0, text.length);
        if (text.length < array.length()) {
            array.setInt(text.length, 0);
        }
    }

    /** {@return the text in an array} */
    static String decode(RawArray array) {
        requireCharacters(array.type());
        return array.type() == CType.CHAR ? decodeBytes(array) : decodeCodePoints(array);
    }

    /** {@return the bytes before the first zero} */
    static byte[] untilZero(byte[] bytes) {
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        return Arrays.copyOf(bytes, length);
    }

    static void requireRoom(RawArray array, int length) {
        if (length > array.length()) {
            throw new IllegalArgumentException(length + " characters do not fit an array of length " + array.length());
        }
    }

    static void requireChars(RawArray array) {
        if (array.type() != CType.CHAR) {
            throw new UnsupportedOperationException("only arrays of type " + CType.CHAR
                    + " have a value and raw bytes, not those of type " + array.type());
        }
    }

    private static void requireCharacters(CType type) {
        if (!type.isCharacter()) {
            throw new UnsupportedOperationException("only arrays of types " + CType.CHAR + " and " + CType.WIDE_CHAR
                    + " are texts, not those of type " + type);
        }
    }

    private static int[] codePoints(String text) {
        int[] points = text.codePoints().toArray();
        for (int point : points) {
            if (Character.getType(point) == Character.SURROGATE) {
                throw new IllegalArgumentException("a text of C has half a surrogate pair, which is no code point");
            }
        }
        return points;
    }

    private static String decodeBytes(RawArray array) {
        byte[] bytes = array.getValue();
        try {
            return Utf8.decode(bytes);
        } catch (CharacterCodingException malformed) {
            throw new IllegalStateException("the " + bytes.length
                    + " bytes of the text are not UTF-8: use getValue or getRaw", malformed);
        }
    }

    private static String decodeCodePoints(RawArray array) {
        StringBuilder text = new StringBuilder();
        for (long index = 0; index < array.length(); index++) {
            long point = array.getLong(index);
            if (point == 0) {
                break;
            }
            if (point > Character.MAX_CODE_POINT) {
                throw new IllegalStateException("element " + index + " of the text is no code point: " + point);
            }
            text.appendCodePoint((int) point);
        }
        return text.toString();
    }
}
