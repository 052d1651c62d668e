// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.domain;

import static dev.kindred.internal.domain.DomainLayout.NAME;
import static dev.kindred.internal.domain.DomainLayout.NAME_LENGTH;
import static dev.kindred.internal.domain.DomainLayout.NAME_LIMIT;
import static dev.kindred.internal.domain.DomainLayout.PARENT;
import static dev.kindred.internal.domain.DomainLayout.PID;
import static dev.kindred.internal.domain.DomainLayout.PID_NAMESPACE;

import dev.kindred.internal.words.WordText;
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
        WordText.write(words, slot + NAME_LENGTH, slot + NAME, NAME_LIMIT, name);
    }

    static ProcessRecord read(Words words, long slot) {
        String name = WordText.read(words, slot + NAME_LENGTH, slot + NAME, NAME_LIMIT);
        return new ProcessRecord(name, words.getPlain(slot + PID), words.getLongPlain(slot + PID_NAMESPACE), words.getPlain(slot + PARENT));
    }
}
