// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import java.nio.ByteBuffer;

/**
 * The family a new JVM belongs to. The descriptor of the family's file goes with it.
 *
 * @param parentId the parent's id in that family
 */
record JoinMessage(int parentId) {

    Frame toFrame(int familyDescriptor) {
        byte[] body = ByteBuffer.allocate(Integer.BYTES).putInt(parentId).array();
        return new Frame(Frame.Kind.JOIN, body, new int[] {familyDescriptor});
    }

    static JoinMessage of(Frame frame) {
        return new JoinMessage(ByteBuffer.wrap(frame.body()).getInt());
    }
}
