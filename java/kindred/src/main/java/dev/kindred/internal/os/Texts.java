// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.os;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** How texts go to the operating system and come back. */
final class Texts {

    /**
     * The encoding that the JDK itself uses for file names, arguments and variables. In the POSIX locale that is ASCII, in which most names
     * cannot be written; what other programs use there is UTF-8.
     */
    private static final Charset CHARSET = charset(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private Texts() {}

    private static Charset charset(String name) {
        Charset charset = Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.UTF_8;
        return charset.equals(StandardCharsets.US_ASCII) ? StandardCharsets.UTF_8 : charset;
    }

    /**
     * {@return the bytes of a text, without a NUL at the end}
     *
     * @throws IllegalArgumentException if the text holds a NUL, which would end it in the eyes of the system
     */
    static byte[] bytes(String text) {
        int nul = text.indexOf('\0');
        if (nul >= 0) {
            throw new IllegalArgumentException(
                    "text has a NUL at index " + nul + " of " + text.length() + ": " + text.replace('\0', '?'));
        }
        return text.getBytes(CHARSET);
    }

    /**
     * {@return the bytes of a text and a NUL}
     *
     * @throws IllegalArgumentException if the text holds a NUL itself
     */
    static byte[] terminated(String text) {
        byte[] bytes = bytes(text);
        byte[] terminated = new byte[bytes.length + 1];
        System.arraycopy(bytes, 0, terminated, 0, bytes.length);
        return terminated;
    }

    /** {@return the text before the first NUL} */
    static String text(byte[] bytes) {
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        return new String(bytes, 0, length, CHARSET);
    }

    /**
     * {@return the names of the bits that are set, such as {@code O_RDWR|O_CREAT}, those without a name in hexadecimal}
     *
     * @param bits          the bits
     * @param none          what to say when none is set
     * @param namesAndBits  names, each followed by its bit
     */
    static String bitNames(int bits, String none, Object... namesAndBits) {
        StringBuilder text = new StringBuilder();
        int rest = bits;
        for (int i = 0; i < namesAndBits.length; i += 2) {
            int bit = (Integer) namesAndBits[i + 1];
            if ((rest & bit) == bit) {
                text.append(text.isEmpty() ? "" : "|").append(namesAndBits[i]);
                rest &= ~bit;
            }
        }
        if (rest != 0) {
            text.append(text.isEmpty() ? "" : "|").append("0x").append(Integer.toHexString(rest));
        }
        return text.isEmpty() ? none : text.toString();
    }

    /** {@return permissions as everybody writes them, such as {@code 0600}} */
    static String mode(int mode) {
        return "0" + Integer.toOctalString(mode);
    }
}
