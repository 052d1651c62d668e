// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

/**
 * What goes over the socket between a parent and its child: frames, each a head and a body. Descriptors go with the
 * first byte of the head.
 *
 * <pre>
 *   0        4        6      8           12              16
 *  +--------+---------+------+-----------+----------------+------------------+
 *  | magic  | version | kind | length of | number of      | body ...         |
 *  | (int)  | (short) |(short)| body (int)| descriptors (int) |               |
 *  +--------+---------+------+-----------+----------------+------------------+
 * </pre>
 *
 * <p>All numbers are in the machine's own byte order, as both ends are on one machine.
 */
final class FrameLayout {

    /** "KIND". */
    static final int MAGIC = 0x4b494e44;

    /** To be raised with every change of a frame's content. */
    static final short VERSION = 2;

    static final int MAGIC_OFFSET = 0;
    static final int VERSION_OFFSET = 4;
    static final int KIND_OFFSET = 6;
    static final int LENGTH_OFFSET = 8;
    static final int DESCRIPTORS_OFFSET = 12;
    static final int HEAD_SIZE = 16;

    /** The longest body: 1 GiB. */
    static final int LENGTH_LIMIT = 1 << 30;

    /** The most descriptors that go with one frame; the kernel's limit is 253. */
    static final int DESCRIPTORS_LIMIT = 240;

    private FrameLayout() {}
}
