// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.domain;

import static dev.kindred.internal.domain.DomainLayout.NAME;
import static dev.kindred.internal.domain.DomainLayout.NAME_LENGTH;
import static dev.kindred.internal.domain.DomainLayout.NAME_LIMIT;
import static dev.kindred.internal.domain.DomainLayout.PARENT;
import static dev.kindred.internal.domain.DomainLayout.PID;
import static dev.kindred.internal.domain.DomainLayout.PID_NAMESPACE;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

import dev.kindred.internal.words.Words;

/**
 * What a process says of itself to its family.
 *
 * @param name         its name, which is cut to 96 bytes of UTF-8
 * @param pid          its number in its own pid namespace
 * @param pidNamespace the inode of that namespace
 * @param parent       the id of its parent, 0 for none
 */
public record ProcessRecord(String name, int pid, long pidNamespace, int parent) {

    void write(Words words, long slot) {
        words.setPlain(slot + PID, pid);
        words.setLongPlain(slot + PID_NAMESPACE, pidNamespace);
        words.setPlain(slot + PARENT, parent);
        byte[] encoded = name.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(encoded.length, NAME_LIMIT);
        ByteBuffer padded = ByteBuffer.allocate(NAME_LIMIT).order(ByteOrder.nativeOrder()).put(encoded, 0, length);
        for (int i = 0; i < NAME_LIMIT; i += Long.BYTES) {
            words.setLongPlain(slot + NAME + i, padded.getLong(i));
        }
        words.setPlain(slot + NAME_LENGTH, length);
    }

    static ProcessRecord read(Words words, long slot) {
        ByteBuffer bytes = ByteBuffer.allocate(NAME_LIMIT).order(ByteOrder.nativeOrder());
        for (int i = 0; i < NAME_LIMIT; i += Long.BYTES) {
            bytes.putLong(i, words.getLongPlain(slot + NAME + i));
        }
        int length = Math.clamp(words.getPlain(slot + NAME_LENGTH), 0, NAME_LIMIT);
        String name = new String(bytes.array(), 0, length, StandardCharsets.UTF_8);
        return new ProcessRecord(name, words.getPlain(slot + PID), words.getLongPlain(slot + PID_NAMESPACE), words.getPlain(slot + PARENT));
    }
}
