// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

import java.io.Serial;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import dev.kindred.Space;
import dev.kindred.internal.ring.FixedRing;
import dev.kindred.internal.space.Block;
import dev.kindred.internal.space.NamedObject;
import dev.kindred.internal.words.MappedWords;
import dev.kindred.internal.words.Words;

/** What the queues of numbers have in common: all but the one number that comes or goes. */
abstract sealed class AbstractNumberQueue extends AbstractRingQueue permits IntQueue, LongQueue, DoubleQueue {

    @Serial
    private static final long serialVersionUID = 1;

    final transient FixedRing ring;
    final transient MappedWords words;
    private final transient ValueLayout layout;

    /** {@code layout} is that of a number. */
    AbstractNumberQueue(String type, Block block, ValueLayout layout) {
        this(type, block, layout, new FixedRing(block.words(), block.offset(), block.space().domain().id(), block.space().domain()));
    }

    private AbstractNumberQueue(String type, Block block, ValueLayout layout, FixedRing ring) {
        super(type, block, ring);
        this.ring = ring;
        this.words = block.words();
        this.layout = layout;
    }

    static Block create(String type, int elements, int bytes) {
        int most = QueueSizes.requireElements(type, elements);
        return QueueBlocks.create(FixedRing.size(most, bytes), (words, offset) -> FixedRing.initialize(words, offset, most, bytes));
    }

    static Block open(String type, Space space, String name, int elements, int bytes) {
        int most = QueueSizes.requireElements(type, elements);
        return QueueBlocks.openOrCreate(space, new NamedObject(name, type, "of " + most + " elements", false), FixedRing.size(most, bytes),
                (words, offset) -> FixedRing.initialize(words, offset, most, bytes));
    }

    /** Puts numbers of an array of the right type. */
    final void putAllOf(Object numbers, int from, int count) throws InterruptedException {
        core.beginInterruptibly();
        int put = 0;
        while (put < count) {
            if (core.isDone(ring.claim(Words.NO_DEADLINE, true))) {
                int room = ring.room(count - put);
                write(numbers, from + put, room);
                ring.publish(room);
                put += room;
            }
        }
    }

    private void write(Object numbers, int from, int count) {
        int written = 0;
        while (written < count) {
            int together = ring.contiguousClaimed(written, count - written);
            MemorySegment.copy(numbers, from + written, words.memory(), layout, ring.claimed(written), together);
            written += together;
        }
    }

    /** Waits for a number and takes as many as there are and are wanted, into an array of the right type. */
    final int awaitUpTo(Object numbers, int from, int most) throws InterruptedException {
        core.beginInterruptibly();
        return most > 0 && core.isDone(ring.find(Words.NO_DEADLINE, true)) ? takeFound(numbers, from, most) : 0;
    }

    /** Takes as many numbers as there are and are wanted, into an array of the right type. */
    final int takeUpToAtOnce(Object numbers, int from, int most) {
        core.requireOpen();
        return most > 0 && core.isDoneAtOnce(ring.find(Words.AT_ONCE, false)) ? takeFound(numbers, from, most) : 0;
    }

    private int takeFound(Object numbers, int from, int most) {
        int count = ring.available(most);
        int read = 0;
        while (read < count) {
            int together = ring.contiguousFound(read, count - read);
            MemorySegment.copy(words.memory(), layout, ring.found(read), numbers, from + read, together);
            read += together;
        }
        ring.take(count);
        return count;
    }
}
