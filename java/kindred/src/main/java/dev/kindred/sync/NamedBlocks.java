// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.sync;

import java.util.function.Supplier;

import dev.kindred.Space;
import dev.kindred.SpaceClosedException;
import dev.kindred.internal.space.Block;
import dev.kindred.internal.space.BlockInitializer;
import dev.kindred.internal.space.NamedObject;
import dev.kindred.internal.space.NamedSpaces;

/** The blocks of objects that have a name in a space. */
final class NamedBlocks {

    private NamedBlocks() {}

    /**
     * Finds the block of a name, which is made if there is none. However many processes do so at once, one block gets the name.
     *
     * @param space       where
     * @param object      what it is to be
     * @param bytes       how many bytes a new one has
     * @param initializer what makes an object of a new one's zeros; it is done before anybody finds the block
     * @throws SpaceClosedException                   if the space is closed
     * @throws IllegalStateException                  if something else has the name, or there are as many names as there can be
     * @throws dev.kindred.OutOfSharedMemoryException if there is no room for a new one
     */
    static Block openOrCreate(Space space, NamedObject object, long bytes, BlockInitializer initializer) {
        if (!space.isOpen()) {
            throw new SpaceClosedException(space.name());
        }
        return NamedSpaces.open(space.name(), object, bytes, initializer);
    }

    /** {@return the text of an object; if this process has left its space, one that says that instead} */
    static String describe(Class<?> type, Block block, Supplier<String> text) {
        try {
            return text.get();
        } catch (SpaceClosedException left) {
            return type.getSimpleName() + "[of the space '" + block.space().name() + "', which this process has left]";
        }
    }
}
