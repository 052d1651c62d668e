// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

/** Checks how large a queue is to be. */
final class QueueSizes {

    private static final long LEAST_BYTES = 256;
    private static final long MOST_BYTES = 1L << 31;
    private static final int MOST_ELEMENTS = 1 << 24;

    private QueueSizes() {}

    static long requireBytes(String type, long bytes) {
        if (bytes < LEAST_BYTES || bytes > MOST_BYTES) {
            throw new IllegalArgumentException("a " + type + " cannot be bounded by " + bytes + " bytes: from " + LEAST_BYTES + " to " + MOST_BYTES
                    + " are possible");
        }
        return bytes;
    }

    static int requireElements(String type, int elements) {
        if (elements < 1 || elements > MOST_ELEMENTS) {
            throw new IllegalArgumentException("a " + type + " cannot be bounded by " + elements + " elements: from 1 to " + MOST_ELEMENTS
                    + " are possible");
        }
        return elements;
    }
}
