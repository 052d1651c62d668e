// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.space;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import dev.kindred.internal.words.MappedWords;

/**
 * A block of the space that this process can reach as long as this object is reachable. Whoever works on the block's words by offset keeps this
 * object alive while doing so ({@link java.lang.ref.Reference#reachabilityFence}): else the block may be another's before the work is done.
 */
public final class Block {

    private final Space space;
    private final long offset;
    private final long length;

    Block(Space space, long offset, long length) {
        this.space = space;
        this.offset = offset;
        this.length = length;
    }

    /** {@return where the block lies in {@link #words()} and {@link #memory()}} */
    public long offset() {
        return offset;
    }

    /** {@return how many bytes it has; of an adopted block, rounded up to a multiple of 64} */
    public long length() {
        return length;
    }

    /** {@return the space it is of} */
    public Space space() {
        return space;
    }

    /**
     * Ends a call that may have worked on the block after this process had left its space, when nothing it did has reached anybody. To be
     * called after the work: a check before it would not tell.
     *
     * @throws dev.kindred.SpaceClosedException if this process has left the space
     */
    public void requireMembership() {
        space.words().requireMembership();
    }

    /** {@return the words of the whole space} */
    public MappedWords words() {
        return space.words();
    }

    /** {@return the mapping of the whole space, never to be given to a user} */
    public MemorySegment memory() {
        return space.memory();
    }

    /** {@return the block's bytes, as a segment that keeps the block allocated as long as it is reachable} */
    @SuppressWarnings("restricted")
    public MemorySegment view() {
        MemorySegment bytes = MemorySegment.ofAddress(memory().address() + offset);
        return bytes.reinterpret(length, Arena.ofAuto(), _ -> keepUntilHere());
    }

    /** Does nothing: that the clean-up of a view refers to it is what keeps this object reachable as long as the view is. */
    private void keepUntilHere() {}
}
