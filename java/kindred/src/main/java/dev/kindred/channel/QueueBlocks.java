// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

import dev.kindred.Space;
import dev.kindred.SpaceClosedException;
import dev.kindred.internal.space.Block;
import dev.kindred.internal.space.BlockInitializer;
import dev.kindred.internal.space.NamedObject;
import dev.kindred.internal.space.NamedSpaces;

/** The blocks in which queues lie. */
final class QueueBlocks {

    private QueueBlocks() {}

    /** {@return a new block of the family's space} */
    static Block create(long bytes, BlockInitializer initializer) {
        Block block = dev.kindred.internal.space.Space.current().allocate(bytes);
        initializer.initialize(block.words(), block.offset());
        return block;
    }

    static Block openOrCreate(Space space, NamedObject object, long bytes, BlockInitializer initializer) {
        if (!space.isOpen()) {
            throw new SpaceClosedException(space.name());
        }
        return NamedSpaces.open(space.name(), object, bytes, initializer);
    }
}
