// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.memory;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** UTF-8 that refuses what it cannot say, where {@link String} puts a question mark. */
final class Utf8 {

    private Utf8() {}

    /**
     * {@return the bytes of a text}
     *
     * @param text the text
     * @param what what it is, for the message
     * @throws IllegalArgumentException if it has half a surrogate pair
     */
    static byte[] encode(String text, String what) {
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (CharacterCodingException unpaired) {
            throw new IllegalArgumentException(what + " has half a surrogate pair, which UTF-8 cannot say", unpaired);
        }
    }

    /**
     * {@return the text of bytes}
     *
     * @param bytes the bytes
     * @throws CharacterCodingException if they are not UTF-8
     */
    static String decode(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }
}
