// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.space;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

import dev.kindred.OutOfSharedMemoryException;
import dev.kindred.internal.domain.DomainFile;
import dev.kindred.internal.os.Descriptors;
import dev.kindred.internal.words.Words;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the heap promises on a real file, in one process. */
class HeapTest {

    private static final int SELF = 1 << 12;
    private static final int OTHER = 1 << 12 | 1;
    private static final int REGIONS = 64;

    private final DomainFile file = DomainFile.create(REGIONS, SpaceLayout::fileSize);
    private final Words words = file.words();
    private final Heap heap = heap(SELF);

    private Heap heap(int id, Integer... dead) {
        Memory memory = new Memory() {
            @Override
            public void reserve(long offset, long length) {
                file.reserve(offset, length, "a test");
            }

            @Override
            public void punch(long offset, long length) {
                file.punch(offset, length);
            }
        };
        return new Heap(words, new SpaceLayout(file.regions()), memory, new KnownDeaths(Set.of(dead)), id);
    }

    @AfterEach
    void close() {
        Descriptors.close(file.descriptor());
    }

    private record Held(long offset, long bytes) {}

    @Test
    void aMillionRandomAllocationsAndReleasesEndWhereTheyBegan() {
        heap.release(heap.allocate(64));
        long blocksBefore = Descriptors.status(file.descriptor()).blocks();
        long freeBefore = heap.freeBytes();
        SplittableRandom random = new SplittableRandom(42);
        List<Held> held = new ArrayList<>();
        for (int i = 0; i < 1_000_000; i++) {
            if (held.size() < 1_000 && random.nextInt(held.size() + 1) < 500) {
                long bytes = size(random);
                long offset = heap.allocate(bytes);
                assertEquals(0, offset % 64);
                assertEquals(0, words.getLongPlain(offset), "a block on reuse is zero at its beginning");
                assertEquals(0, words.getLongPlain(lastLong(offset, bytes)), "a block on reuse is zero at its end");
                words.setLongPlain(offset, offset);
                words.setLongPlain(lastLong(offset, bytes), offset);
                held.add(new Held(offset, bytes));
            } else {
                releaseOne(held, random.nextInt(held.size()));
            }
        }
        while (!held.isEmpty()) {
            releaseOne(held, held.size() - 1);
        }
        assertTrue(heap.regionsUsed() <= 2, heap.regionsUsed() + " regions are in use");
        assertEquals(freeBefore, heap.freeBytes() - (heap.regionsUsed() - 1L) * SpaceLayout.REGION);
        long growth = (Descriptors.status(file.descriptor()).blocks() - blocksBefore) * 512;
        assertTrue(growth <= (1 << 20) + 3 * SpaceLayout.MAPS, "the file has grown by " + growth + " bytes");
    }

    private static long size(SplittableRandom random) {
        return switch (random.nextInt(100)) {
            case 0 -> 1 + random.nextInt(1 << 18);
            case 1, 2, 3 -> 1 + random.nextInt(1 << 14);
            default -> 1 + random.nextInt(300);
        };
    }

    private static long lastLong(long offset, long bytes) {
        return offset + (Math.max(bytes, Long.BYTES) - Long.BYTES) / Long.BYTES * Long.BYTES;
    }

    private void releaseOne(List<Held> held, int index) {
        Held block = held.get(index);
        held.set(index, held.getLast());
        held.removeLast();
        assertEquals(block.offset, words.getLongPlain(block.offset), "another block was laid over this one's beginning");
        assertEquals(block.offset, words.getLongPlain(lastLong(block.offset, block.bytes)), "another block was laid over this one's end");
        heap.release(block.offset);
    }

    @Test
    void aBlockIsNotReusedWhileAnotherProcessCanReachIt() {
        Heap other = heap(OTHER);
        long shared = heap.allocate(64);
        other.adopt(shared, SELF);
        words.setLongPlain(shared, 7);
        heap.release(shared);
        List<Long> later = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            later.add(heap.allocate(64));
        }
        assertTrue(!later.contains(shared));
        assertEquals(7, words.getLongPlain(shared));
        other.release(shared);
        assertEquals(shared, heap.allocate(64), "the lowest free granule is used first");
        assertEquals(0, words.getLongPlain(shared));
    }

    @Test
    void ofTheDeadNothingIsTakenOverButWhatOneCanReachAnyway() {
        long shared = heap.allocate(64);
        long own = heap.allocate(64);
        Heap other = heap(OTHER);
        assertFalse(other.adopt(own, SELF));
        Heap orphan = heap(OTHER, SELF);
        assertThrows(IllegalStateException.class, () -> orphan.adopt(shared, SELF));
        assertTrue(orphan.adopt(own, SELF));
    }

    @Test
    void whenThereIsNoRoomNothingChanges() {
        long most = (long) REGIONS * SpaceLayout.REGION;
        long before = heap.freeBytes();
        assertThrows(OutOfSharedMemoryException.class, () -> heap.allocate(most + 1));
        long large = heap.allocate(most - SpaceLayout.REGION);
        heap.allocate(64);
        assertThrows(OutOfSharedMemoryException.class, () -> heap.allocate(SpaceLayout.REGION));
        heap.release(large);
        assertTrue(heap.freeBytes() >= before);
        heap.release(heap.allocate(most - SpaceLayout.REGION));
    }

    @Test
    void largeRunsGoBackToTheSystem() {
        long before = Descriptors.status(file.descriptor()).blocks();
        long large = heap.allocate(32L << 20);
        assertTrue((Descriptors.status(file.descriptor()).blocks() - before) * 512 >= 32L << 20, "room is reserved at once");
        heap.release(large);
        long left = (Descriptors.status(file.descriptor()).blocks() - before) * 512;
        assertTrue(left < 1 << 20, left + " bytes were kept");
    }

    @Test
    void aMillionLocksTakeAtMostSeventyTwoBytesEach() {
        long before = Descriptors.status(file.descriptor()).blocks();
        for (int i = 0; i < 1_000_000; i++) {
            heap.allocate(4);
        }
        double each = (Descriptors.status(file.descriptor()).blocks() - before) * 512 / 1e6;
        assertTrue(each <= 72, each + " bytes");
    }

    @Test
    void releasingWhatIsNoBlockIsAnError() {
        long block = heap.allocate(256);
        assertThrows(IllegalStateException.class, () -> heap.release(block + 64));
        assertThrows(IllegalStateException.class, () -> heap.release(12));
        heap.release(block);
        assertThrows(IllegalStateException.class, () -> heap.release(block));
    }
}
