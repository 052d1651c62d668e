// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.memory;

import dev.kindred.internal.space.Block;

/**
 * Reads and writes whole structs.
 *
 * @param <R> what they are read and written as
 */
interface StructCodec<R> {

    /** {@return the struct at an offset of the space} */
    R read(Block block, long offset);

    /** Writes the struct at an offset of the space. */
    void write(Block block, long offset, R value);
}
