// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.space;

import dev.kindred.internal.words.MappedWords;

/** Makes an object of a new block. */
@FunctionalInterface
public interface BlockInitializer {

    /**
     * Writes what the object begins with, before anybody else can find it.
     *
     * @param words  the words of the space
     * @param offset where the block lies, all zeros
     */
    void initialize(MappedWords words, long offset);
}
