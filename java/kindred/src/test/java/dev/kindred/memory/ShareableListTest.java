// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a list promises within one process; what it promises to CPython is tested where CPython is. */
final class ShareableListTest {

    private static final long SEED = 20_260_101;

    private static final List<@Nullable Object> ITEMS = Arrays.asList("howdy", "bytes".getBytes(StandardCharsets.UTF_8),
            -273.154, 100L, null, true, 42L, "grüße", "", new byte[0], "12345678");

    @Test
    void givesBackWhatItGot() {
        try (ShareableList list = create(ITEMS)) {
            assertEquals(ITEMS.size(), list.size());
            for (int index = 0; index < ITEMS.size(); index++) {
                assertItem(ITEMS.get(index), list.get(index));
            }
            assertEquals("8s8sdqxxxxxx?xxxxxxxx?q8s8s8s16s", list.format());
        }
    }

    /** The same bytes as CPython's {@code ShareableList(['a', 7, True, None])}, written down from there. */
    @Test
    void writesTheBytesOfCpython() {
        byte[] expected = bytes(
                "0400000000000000",
                "0000000000000000", "0800000000000000", "1000000000000000", "1800000000000000", "2000000000000000",
                "6100000000000000", "0700000000000000", "0000000000000001", "0000000000000000",
                "3873000000000000", "7100000000000000", "787878787878783f", "7878787878783f78",
                "01000003");
        try (ShareableList list = create(Arrays.asList("a", 7, true, null))) {
            assertArrayEquals(expected, list.sharedMemory().segment().toArray(ValueLayout.JAVA_BYTE));
        }
    }

    @Test
    void takesSmallNumbersAsTheLargeOnesTheyAre() {
        try (ShareableList list = create(List.of(1, (short) 2, (byte) 3, 4.5f))) {
            assertEquals(Arrays.asList(1L, 2L, 3L, 4.5), list);
            assertEquals(0, list.indexOf(1));
            assertEquals(3, list.indexOf(4.5f));
        }
    }

    @Test
    void replacesItemsAlsoByOthersOfOtherTypes() {
        try (ShareableList list = create(ITEMS)) {
            assertEquals("howdy", list.set(0, 1));
            assertEquals(1L, list.set(0, "12345678"));
            assertEquals("12345678", list.get(0));
            list.set(1, null);
            assertEquals(null, list.get(1));
            list.set(4, "8 bytes.");
            assertEquals("8 bytes.", list.get(4));
            list.set(10, "x");
            assertEquals("x", list.set(10, false));
            list.set(10, "sixteen bytes it");
            assertEquals("sixteen bytes it", list.get(10));
            assertEquals("16s", list.format().substring(list.format().length() - 3));
        }
    }

    @Test
    void countsBytesAndNotCharacters() {
        try (ShareableList list = create(List.of("üüüü"))) {
            assertEquals(16, list.capacity(0), "eight bytes and room for one more");
            list.set(0, "üüüüüüüü");
            assertEquals("üüüüüüüü", list.get(0));
            IllegalArgumentException tooLong =
                    assertThrows(IllegalArgumentException.class, () -> list.set(0, "üüüüüüüüx"));
            assertTrue(String.valueOf(tooLong.getMessage()).contains("item 0 does not fit: it needs 17 bytes"),
                    tooLong.getMessage());
            assertTrue(String.valueOf(tooLong.getMessage()).contains("has 16"), tooLong.getMessage());
            assertEquals("üüüüüüüü", list.get(0), "untouched");
        }
    }

    @Test
    void refusesWhatItCouldNotGiveBack() {
        for (Object impossible : List.of("ends in\0", new byte[] {1, 0}, "half\ud800", BigInteger.TEN, List.of(),
                'c')) {
            assertThrows(IllegalArgumentException.class, () -> create(List.of(impossible)));
        }
        try (ShareableList list = create(List.of("nul\0inside"))) {
            assertEquals("nul\0inside", list.get(0));
        }
    }

    /** As a process leaves it that is killed between the new format and the new bytes. */
    @Test
    void replacesAnItemThatWasLeftHalfWritten() {
        try (ShareableList list = create(List.of("text", 1))) {
            MemorySegment segment = list.sharedMemory().segment();
            segment.set(ValueLayout.JAVA_BYTE, ShareableListLayout.codeOffset(2, 16, 0), ShareableListLayout.CODE_NONE);
            assertThrows(IllegalStateException.class, () -> list.get(0));
            assertThrows(IllegalStateException.class, () -> list.set(0, "new"));
            list.put(0, "new");
            assertEquals(List.of("new", 1L), list);
        }
    }

    @Test
    void refusesIndexesItDoesNotHave() {
        try (ShareableList list = create(List.of(1, 2))) {
            for (int index : new int[] {-1, 2, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
                assertThrows(IndexOutOfBoundsException.class, () -> list.get(index));
                assertThrows(IndexOutOfBoundsException.class, () -> list.set(index, 1));
                assertThrows(IndexOutOfBoundsException.class, () -> list.put(index, 1));
                assertThrows(IndexOutOfBoundsException.class, () -> list.capacity(index));
            }
            assertThrows(UnsupportedOperationException.class, () -> list.add(3));
            assertThrows(UnsupportedOperationException.class, () -> list.remove(0));
        }
    }

    @Test
    void findsAndCounts() {
        byte[] bytes = {1, 2, 3};
        try (ShareableList list = create(Arrays.asList(5, "five", bytes, 5, null))) {
            assertEquals(0, list.indexOf(5L));
            assertEquals(3, list.lastIndexOf(5));
            assertEquals(2, list.count(5));
            assertEquals(2, list.indexOf(bytes.clone()));
            assertEquals(4, list.indexOf(null));
            assertEquals(-1, list.indexOf("six"));
            assertTrue(list.contains("five"));
            assertEquals(0, list.count(5.0));
        }
    }

    @Test
    void canBeEmpty() {
        try (ShareableList list = create(List.of())) {
            assertEquals(0, list.size());
            assertEquals(16, list.sharedMemory().size());
            assertEquals("", list.format());
        }
    }

    @Test
    void travelsByName() throws IOException, ClassNotFoundException {
        try (ShareableList list = ShareableList.create(ITEMS)) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
                out.writeObject(list);
            }
            assertTrue(bytes.size() < 500, "only the name: " + bytes.size());
            try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()));
                    ShareableList copy = (ShareableList) in.readObject()) {
                copy.set(0, "hello");
                assertEquals("hello", list.get(0));
            }
            list.unlink();
        }
    }

    @Test
    void cannotBeUsedOnceClosed() {
        ShareableList list = create(ITEMS);
        list.close();
        assertThrows(IllegalStateException.class, () -> list.get(0));
        assertThrows(IllegalStateException.class, () -> list.set(0, 1));
    }

    /**
     * Whatever stands in the memory, opening and reading either work or say what is wrong; nothing is read or written
     * outside.
     */
    @Test
    void survivesAnyBytes() {
        Random random = new Random(SEED);
        try (ShareableList original = create(ITEMS)) {
            byte[] sound = original.sharedMemory().segment().toArray(ValueLayout.JAVA_BYTE);
            int refused = 0;
            for (int round = 0; round < 3000; round++) {
                byte[] broken = sound.clone();
                for (int changes = random.nextInt(4); changes >= 0; changes--) {
                    broken[random.nextInt(broken.length)] =
                            (byte) (random.nextBoolean() ? random.nextInt() : random.nextInt(10));
                }
                int length = random.nextInt(8) == 0 ? 1 + random.nextInt(broken.length) : broken.length;
                refused += isRefused(Arrays.copyOf(broken, length), random) ? 1 : 0;
            }
            assertTrue(refused > 300, "seed " + SEED + ": only " + refused + " were refused");
        }
    }

    @Test
    void refusesCountsAndOffsetsThatDoNotFit() {
        try (ShareableList original = create(List.of(1, 2, 3))) {
            byte[] sound = original.sharedMemory().segment().toArray(ValueLayout.JAVA_BYTE);
            long[][] changes = {{0, -1}, {0, 4}, {0, Long.MAX_VALUE}, {8, 8}, {16, 0}, {16, 7}, {16, -8}, {24, 8},
                    {32, 32}, {32, Long.MAX_VALUE - 7}};
            for (long[] change : changes) {
                byte[] broken = sound.clone();
                MemorySegment.ofArray(broken).set(ValueLayout.JAVA_LONG_UNALIGNED, change[0], change[1]);
                assertTrue(isRefused(broken, new Random(SEED)), Arrays.toString(change));
            }
        }
    }

    private static boolean isRefused(byte[] bytes, Random random) {
        try (SharedMemory memory = SharedMemory.create(bytes.length)) {
            memory.segment().copyFrom(MemorySegment.ofArray(bytes));
            try (ShareableList list = ShareableList.open(String.valueOf(memory.name()))) {
                for (int index = 0; index < list.size(); index++) {
                    list.get(index);
                    list.set(index, random.nextLong());
                }
                return false;
            } catch (IllegalStateException refused) {
                return true;
            } finally {
                memory.unlink();
            }
        }
    }

    private static ShareableList create(List<? extends @Nullable Object> items) {
        ShareableList list = ShareableList.create(items);
        list.unlink();
        return list;
    }

    private static void assertItem(@Nullable Object expected, @Nullable Object actual) {
        if (expected instanceof byte[] bytes && actual instanceof byte[] others) {
            assertArrayEquals(bytes, others);
        } else {
            assertEquals(expected, actual);
        }
    }

    private static byte[] bytes(String... hexadecimal) {
        return HexFormat.of().parseHex(String.join("", hexadecimal));
    }
}
