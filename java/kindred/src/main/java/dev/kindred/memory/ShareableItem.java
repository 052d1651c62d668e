// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.memory;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * One item on its way into a {@link ShareableList}: what its slot will hold, how long the slot must be, and how
 * Python's struct module calls it. An item that a list cannot give back as it was is refused.
 */
final class ShareableItem {

    /** What an item can be: one of the codes of the layout, or one of the three types that share a code. */
    enum Kind {
        /** A number of 64 bits. */
        INTEGER("q", ShareableListLayout.CODE_PLAIN),
        /** A double. */
        FLOAT("d", ShareableListLayout.CODE_PLAIN),
        /** True or false. */
        BOOLEAN("xxxxxxx?", ShareableListLayout.CODE_PLAIN),
        /** A text; its format says how long its slot is. */
        TEXT("s", ShareableListLayout.CODE_TEXT),
        /** Bytes; their format says how long their slot is. */
        BYTES("s", ShareableListLayout.CODE_BYTES),
        /** Python's None. */
        NONE("xxxxxx?x", ShareableListLayout.CODE_NONE);

        private final String format;
        private final byte code;

        Kind(String format, byte code) {
            this.format = format;
            this.code = code;
        }

        /** {@return how Python's struct module calls it, of a text or bytes what comes after the length} */
        String format() {
            return format;
        }

        /** {@return what tells Python how to make an object of the bytes} */
        byte code() {
            return code;
        }

        /** {@return whether it is bytes, of which the slot may hold more or fewer} */
        boolean isBytes() {
            return this == TEXT || this == BYTES;
        }
    }

    private static final byte[] EMPTY = {};

    private final Kind kind;
    private final long number;
    private final byte[] content;

    private ShareableItem(Kind kind, long number, byte[] content) {
        this.kind = kind;
        this.number = number;
        this.content = content;
    }

    /**
     * Makes an item of an object.
     *
     * @throws IllegalArgumentException if a list cannot hold it, or could not give it back as it is
     */
    static ShareableItem of(@Nullable Object value) {
        return switch (value) {
            case null -> number(Kind.NONE, 0);
            case Long number -> number(Kind.INTEGER, number);
            case Integer number -> number(Kind.INTEGER, number);
            case Short number -> number(Kind.INTEGER, number);
            case Byte number -> number(Kind.INTEGER, number);
            case Double number -> number(Kind.FLOAT, Double.doubleToRawLongBits(number));
            case Float number -> number(Kind.FLOAT, Double.doubleToRawLongBits(number));
            case Boolean truth -> number(Kind.BOOLEAN, truth ? 1 : 0);
            case String text -> bytes(Kind.TEXT, Utf8.encode(text, "an item of a ShareableList"));
            case byte[] bytes -> bytes(Kind.BYTES, bytes);
            default -> throw new IllegalArgumentException("a ShareableList holds Long, Integer, Short, Byte, Double, "
                    + "Float, Boolean, String, byte[] and null; not " + value.getClass().getName() + ": " + value);
        };
    }

    /** {@return what it is} */
    Kind kind() {
        return kind;
    }

    /** {@return an integer, the bits of a float, or 1 for true} */
    long number() {
        return number;
    }

    /** {@return the bytes of a text or of bytes, else none} They are not to be changed. */
    byte[] content() {
        return content;
    }

    /** {@return the length of the slot that CPython would give this item} */
    long slot() {
        return kind.isBytes() ? ShareableListLayout.slotFor(content.length) : ShareableListLayout.SLOT_UNIT;
    }

    /** {@return how an object equal to {@code value} comes back from a list; {@code value} itself if none could} */
    static @Nullable Object normalized(@Nullable Object value) {
        return switch (value) {
            case Integer number -> number.longValue();
            case Short number -> number.longValue();
            case Byte number -> number.longValue();
            case Float number -> number.doubleValue();
            case null, default -> value;
        };
    }

    private static ShareableItem number(Kind kind, long number) {
        return new ShareableItem(kind, number, EMPTY);
    }

    private static ShareableItem bytes(Kind kind, byte[] content) {
        if (content.length > 0 && content[content.length - 1] == 0) {
            throw new IllegalArgumentException("a ShareableList cannot hold a String or byte[] that ends in a zero "
                    + "byte, because it cuts trailing zeros off when it is read: " + content.length + " bytes "
                    + Arrays.toString(Arrays.copyOfRange(content, Math.max(0, content.length - 8), content.length))
                    + " at the end");
        }
        return new ShareableItem(kind, 0, content);
    }
}
