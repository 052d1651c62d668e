// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.space;

import static dev.kindred.internal.space.DirectoryLayout.ENTRIES;
import static dev.kindred.internal.space.DirectoryLayout.ENTRIES_A_PAGE;
import static dev.kindred.internal.space.DirectoryLayout.ENTRIES_USED;
import static dev.kindred.internal.space.DirectoryLayout.FREE;
import static dev.kindred.internal.space.DirectoryLayout.GRANULE;
import static dev.kindred.internal.space.DirectoryLayout.KIND;
import static dev.kindred.internal.space.DirectoryLayout.KIND_LENGTH;
import static dev.kindred.internal.space.DirectoryLayout.KIND_LIMIT;
import static dev.kindred.internal.space.DirectoryLayout.NAME;
import static dev.kindred.internal.space.DirectoryLayout.NAME_LENGTH;
import static dev.kindred.internal.space.DirectoryLayout.NAME_LIMIT;
import static dev.kindred.internal.space.DirectoryLayout.PARAMETERS;
import static dev.kindred.internal.space.DirectoryLayout.PARAMETERS_LENGTH;
import static dev.kindred.internal.space.DirectoryLayout.PARAMETERS_LIMIT;
import static dev.kindred.internal.space.DirectoryLayout.POISONABLE;
import static dev.kindred.internal.space.DirectoryLayout.STATE;
import static dev.kindred.internal.space.DirectoryLayout.USED;

import java.util.ArrayList;
import java.util.List;

import dev.kindred.internal.words.WordText;
import dev.kindred.internal.words.Words;

/**
 * The names of a space's blocks. Called only by the holder of the space's mutex.
 *
 * <p>An entry stands for something from the one store that makes it USED to the one that makes it FREE; what is in a FREE one means
 * nothing.
 */
final class Directory {

    private final Words words;
    private final Memory memory;

    Directory(Words words, Memory memory) {
        this.words = words;
        this.memory = memory;
    }

    /** {@return the index of the entry of that name, or -1 if there is none} */
    int find(String name) {
        long[] padded = WordText.padded(name, NAME_LIMIT);
        int used = used();
        for (int index = 0; index < used; index++) {
            long entry = DirectoryLayout.entry(index);
            if (isUsed(index) && words.getPlain(entry + NAME_LENGTH) == name.length() && WordText.isThere(words, entry + NAME, padded)) {
                return index;
            }
        }
        return -1;
    }

    /** {@return the index of the entry of the block that begins with that granule, or -1 if it has no name} */
    int findBlock(long granule) {
        int used = used();
        for (int index = 0; index < used; index++) {
            if (isUsed(index) && granule(index) == granule) {
                return index;
            }
        }
        return -1;
    }

    /**
     * {@return the index of a free entry}
     *
     * @throws IllegalStateException                  if there is none
     * @throws dev.kindred.OutOfSharedMemoryException if there is no room for it
     */
    int findFree() {
        int used = used();
        for (int index = 0; index < used; index++) {
            if (!isUsed(index)) {
                return index;
            }
        }
        if (used == ENTRIES) {
            throw new IllegalStateException("the space already has " + ENTRIES + " named objects, which is the limit; remove some");
        }
        if (used % ENTRIES_A_PAGE == 0) {
            memory.reserve(DirectoryLayout.entry(used), SpaceLayout.SMALL_PAGE);
        }
        words.setPlain(ENTRIES_USED, used + 1);
        return used;
    }

    /** Fills a free entry, which stays free. */
    void write(int index, NamedObject object, long granule) {
        long entry = DirectoryLayout.entry(index);
        words.setLongPlain(entry + GRANULE, granule);
        words.setPlain(entry + POISONABLE, object.isPoisonable() ? 1 : 0);
        WordText.write(words, entry + KIND_LENGTH, entry + KIND, KIND_LIMIT, object.kind());
        WordText.write(words, entry + PARAMETERS_LENGTH, entry + PARAMETERS, PARAMETERS_LIMIT, object.parameters());
        WordText.write(words, entry + NAME_LENGTH, entry + NAME, NAME_LIMIT, object.name());
    }

    void publish(int index) {
        words.setPlain(DirectoryLayout.entry(index) + STATE, USED);
    }

    void withdraw(int index) {
        words.setPlain(DirectoryLayout.entry(index) + STATE, FREE);
    }

    NamedObject object(int index) {
        long entry = DirectoryLayout.entry(index);
        return new NamedObject(WordText.read(words, entry + NAME_LENGTH, entry + NAME, NAME_LIMIT),
                WordText.read(words, entry + KIND_LENGTH, entry + KIND, KIND_LIMIT),
                WordText.read(words, entry + PARAMETERS_LENGTH, entry + PARAMETERS, PARAMETERS_LIMIT), isPoisonable(index));
    }

    boolean isPoisonable(int index) {
        return words.getPlain(DirectoryLayout.entry(index) + POISONABLE) != 0;
    }

    long granule(int index) {
        return words.getLongPlain(DirectoryLayout.entry(index) + GRANULE);
    }

    List<NamedObject> all() {
        List<NamedObject> objects = new ArrayList<>();
        int used = used();
        for (int index = 0; index < used; index++) {
            if (isUsed(index)) {
                objects.add(object(index));
            }
        }
        return objects;
    }

    boolean isUsed(int index) {
        return words.getPlain(DirectoryLayout.entry(index) + STATE) == USED;
    }

    int used() {
        return words.getPlain(ENTRIES_USED);
    }
}
