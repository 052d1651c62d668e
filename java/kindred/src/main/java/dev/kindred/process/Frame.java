// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import org.jspecify.annotations.Nullable;

/** One message between a parent and its child. */
final class Frame {

    private static final byte[] NO_BYTES = {};
    private static final int[] NO_DESCRIPTORS = {};

    /** What a frame says. */
    enum Kind {
        /** To the child: the family it belongs to; {@link JoinMessage}, with the descriptor of the family's file. */
        JOIN(1),

        /** To the child: who it is; {@link StartMessage}, with descriptors that it inherits. */
        START(2),

        /** To the child, after START: descriptors for which there was no room before. */
        DESCRIPTORS(3),

        /** To the child, last: what it does; the task, serialized. */
        TASK(4),

        /** To the parent: the task is there and holds all that travelled with it. */
        ADOPTED(5),

        /** To the parent: the number of the signal (a byte) that makes the child end. */
        ENDING(6);

        private final short number;

        Kind(int number) {
            this.number = (short) number;
        }

        /** {@return what stands for it in a frame's head} */
        short number() {
            return number;
        }

        /** {@return the kind with that number, or null if there is none} */
        static @Nullable Kind of(short number) {
            for (Kind kind : values()) {
                if (kind.number == number) {
                    return kind;
                }
            }
            return null;
        }
    }

    private final Kind kind;
    private final byte[] body;
    private final int[] descriptors;

    /** The arrays are taken over, not copied. */
    Frame(Kind kind, byte[] body, int[] descriptors) {
        this.kind = kind;
        this.body = body;
        this.descriptors = descriptors;
    }

    static Frame of(Kind kind) {
        return new Frame(kind, NO_BYTES, NO_DESCRIPTORS);
    }

    static Frame of(Kind kind, byte[] body) {
        return new Frame(kind, body, NO_DESCRIPTORS);
    }

    static Frame of(Kind kind, int[] descriptors) {
        return new Frame(kind, NO_BYTES, descriptors);
    }

    Kind kind() {
        return kind;
    }

    /** {@return its content, encoded as its kind asks} */
    byte[] body() {
        return body;
    }

    /** {@return what came with it; whoever takes the frame owns them} */
    int[] descriptors() {
        return descriptors;
    }
}
