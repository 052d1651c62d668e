// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.memory;

import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serial;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.CharacterCodingException;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;

import dev.kindred.internal.crash.CrashPoint;
import org.jspecify.annotations.Nullable;

/**
 * A list of fixed length in a {@link SharedMemory} of its own, laid out as CPython's {@code ShareableList}, so that
 * Java and Python processes read and write the same list.
 *
 * {@snippet :
 * try (var list = ShareableList.create(List.of("howdy", 273.154, 100, true))) {
 *     list.set(1, 42.5);
 *     System.out.println(list.sharedMemory().name() + " holds " + list);
 *     list.unlink();
 * }
 * }
 *
 * <p>Items are {@code Long}, {@code Double}, {@code Boolean}, {@code String}, {@code byte[]} and null; {@code Integer},
 * {@code Short} and {@code Byte} go in as {@code Long} and {@code Float} as {@code Double}, and come out so. An item
 * can be replaced by one of another type. A text or bytes must fit the slot that the list got when it was created: 8
 * bytes for any other item, and for text and bytes the next multiple of 8 above their length in UTF-8. Trailing zero
 * bytes are not kept by the format, so that an item that ends in one is refused.
 *
 * <p><b>Concurrency.</b> The list has no lock, and an item is written in several steps: a reader at the same time can
 * see the new bytes with the old type, or half of the new bytes. Guard a list that is written and read at once with a
 * {@code Lock} that goes to the processes with it. A process that is killed while it writes an item leaves that item
 * half-written and all others as they were.
 *
 * <p><b>Trust.</b> Every offset, format and code is checked before it is used, when the list is opened and at each
 * access. What does not fit is an {@link IllegalStateException} that says what was found; nothing outside of the list's
 * memory is ever read or written.
 *
 * <p>A list travels anywhere where objects are serialized, by the name of its memory; what arrives is the same list,
 * opened again, and is to be closed there. It is not equal to a {@code List} of the same items if it holds {@code
 * byte[]}, whose equality is identity.
 */
public final class ShareableList extends AbstractList<@Nullable Object>
        implements RandomAccess, Serializable, AutoCloseable {

    @Serial
    private static final long serialVersionUID = 1;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

    private final transient SharedMemory memory;
    private final transient MemorySegment segment;

    /**
     * Where the slots begin, from the start of the data, and at the end the length of the data: read once, so that
     * nobody can move them.
     */
    private final transient long[] offsets;

    private ShareableList(SharedMemory memory, long[] offsets) {
        this.memory = memory;
        this.segment = memory.segment();
        this.offsets = offsets;
    }

    /**
     * Creates a list in a new shared memory with a name that is chosen here.
     *
     * @param items what the list holds; its length and the room of each slot are set by them
     * @return the list, to be closed, and its memory to be unlinked by somebody when no one needs it any more
     * @throws IllegalArgumentException                 if an item is of another type, or could not be given back as it
     *                                                  is
     * @throws dev.kindred.OutOfSharedMemoryException   if there is no room
     */
    public static ShareableList create(List<? extends @Nullable Object> items) {
        ShareableItem[] encoded = encode(items);
        return SharedMemory.underFreeName(name -> create(name, encoded));
    }

    /**
     * Creates a list in a new shared memory. The name appears when all items are written: nobody ever opens a part of a
     * list, also if this process is killed meanwhile.
     *
     * @param name  the name of the memory
     * @param items what the list holds; its length and the room of each slot are set by them
     * @return the list, to be closed, and its memory to be unlinked by somebody when no one needs it any more
     * @throws IllegalArgumentException                 if the name is not possible, or an item is of another type or
     *                                                  could not be given back
     * @throws SharedMemoryExistsException              if the name exists
     * @throws dev.kindred.OutOfSharedMemoryException   if there is no room
     */
    public static ShareableList create(String name, List<? extends @Nullable Object> items) {
        return create(name, encode(items));
    }

    private static ShareableList create(String name, ShareableItem[] items) {
        SharedMemory memory = SharedMemory.create(name, size(items), unnamed -> write(unnamed, items));
        return new ShareableList(memory, offsets(items));
    }

    /**
     * Opens a list that exists.
     *
     * @param name the name of its memory
     * @return the list, to be closed
     * @throws IllegalArgumentException      if the name is not possible
     * @throws IllegalStateException         if what the memory holds is not a list
     * @throws SharedMemoryNotFoundException if there is no memory of this name
     */
    public static ShareableList open(String name) {
        return over(SharedMemory.open(name));
    }

    private static ShareableList over(SharedMemory memory) {
        try {
            return new ShareableList(memory, readOffsets(memory));
        } catch (Throwable failure) {
            memory.close();
            throw failure;
        }
    }

    /** {@return the memory in which the list lies} */
    public SharedMemory sharedMemory() {
        return memory;
    }

    @Override
    public int size() {
        return offsets.length - 1;
    }

    /**
     * {@return the item at an index: a Long, Double, Boolean, String, byte[] or null}
     *
     * @param index which one
     * @throws IndexOutOfBoundsException if there is no such index
     * @throws IllegalStateException     if the memory was closed, or what lies there is not an item
     */
    @Override
    public @Nullable Object get(int index) {
        ShareableFormat format = readFormat(index);
        long data = dataOffset(index);
        return switch (format.kind()) {
            case INTEGER -> segment.get(LONG, data);
            case FLOAT -> segment.get(DOUBLE, data);
            case BOOLEAN -> segment.get(BYTE, data + ShareableListLayout.BOOLEAN_OFFSET) != 0;
            case TEXT -> decode(index, readBytes(data, format.length()));
            case BYTES -> readBytes(data, format.length());
            case NONE -> null;
        };
    }

    /**
     * Replaces an item.
     *
     * @param index which one
     * @param value the new one, of any of the types a list holds
     * @return the old one
     * @throws IndexOutOfBoundsException if there is no such index
     * @throws IllegalArgumentException  if the new item is of another type, does not fit its slot, or could not be
     *                                   given back as it is
     * @throws IllegalStateException     if the memory was closed, or what lies there is not an item: {@link #put}
     *                                   replaces that, too
     */
    @Override
    public @Nullable Object set(int index, @Nullable Object value) {
        Object previous = get(index);
        put(index, value);
        return previous;
    }

    /**
     * Replaces an item without reading the old one, which may have been left half-written.
     *
     * @param index which one
     * @param value the new one, of any of the types a list holds
     * @throws IndexOutOfBoundsException if there is no such index
     * @throws IllegalArgumentException  if the new item is of another type, does not fit its slot, or could not be
     *                                   given back as it is
     * @throws IllegalStateException     if the memory was closed
     */
    public void put(int index, @Nullable Object value) {
        long capacity = capacity(index);
        ShareableItem item = ShareableItem.of(value);
        if (item.content().length > capacity) {
            throw new IllegalArgumentException("item " + index + " does not fit: it needs " + item.content().length
                    + " bytes, the slot it got when the list was created has " + capacity);
        }
        write(index, item);
    }

    /**
     * {@return how often an item occurs}
     *
     * @param value the item; bytes are compared by content
     */
    public int count(@Nullable Object value) {
        Object wanted = ShareableItem.normalized(value);
        int count = 0;
        for (int index = 0; index < size(); index++) {
            if (Objects.deepEquals(wanted, get(index))) {
                count++;
            }
        }
        return count;
    }

    /** {@return the first index of an item, or -1} Bytes are compared by content. */
    @Override
    public int indexOf(@Nullable Object value) {
        Object wanted = ShareableItem.normalized(value);
        for (int index = 0; index < size(); index++) {
            if (Objects.deepEquals(wanted, get(index))) {
                return index;
            }
        }
        return -1;
    }

    /** {@return the last index of an item, or -1} Bytes are compared by content. */
    @Override
    public int lastIndexOf(@Nullable Object value) {
        Object wanted = ShareableItem.normalized(value);
        for (int index = size() - 1; index >= 0; index--) {
            if (Objects.deepEquals(wanted, get(index))) {
                return index;
            }
        }
        return -1;
    }

    @Override
    public boolean contains(@Nullable Object value) {
        return indexOf(value) >= 0;
    }

    /** {@return the formats of all items, one after the other, as Python's struct module writes them} */
    public String format() {
        StringBuilder formats = new StringBuilder();
        for (int index = 0; index < size(); index++) {
            formats.append(readFormat(index).text());
        }
        return formats.toString();
    }

    /**
     * {@return how many bytes a text or bytes at an index may have}
     *
     * @param index which item
     * @throws IndexOutOfBoundsException if there is no such index
     */
    public long capacity(int index) {
        Objects.checkIndex(index, size());
        return offsets[index + 1] - offsets[index];
    }

    /** Closes the memory here; others go on using the list. See {@link SharedMemory#close()}. */
    @Override
    public void close() {
        memory.close();
    }

    /** Removes the name of the memory; who has opened the list goes on using it. See {@link SharedMemory#unlink()}. */
    public void unlink() {
        memory.unlink();
    }

    private static ShareableItem[] encode(List<? extends @Nullable Object> items) {
        ShareableItem[] encoded = new ShareableItem[items.size()];
        for (int index = 0; index < encoded.length; index++) {
            encoded[index] = ShareableItem.of(items.get(index));
            if (encoded[index].slot() > ShareableListLayout.SLOT_LIMIT) {
                throw new IllegalArgumentException("item " + index + " has " + encoded[index].content().length
                        + " bytes, a ShareableList holds items of fewer than " + ShareableListLayout.SLOT_LIMIT);
            }
        }
        return encoded;
    }

    private static long size(ShareableItem[] items) {
        long dataLength = 0;
        for (ShareableItem item : items) {
            dataLength += item.slot();
        }
        return ShareableListLayout.size(items.length, dataLength);
    }

    private static long[] offsets(ShareableItem[] items) {
        long[] offsets = new long[items.length + 1];
        for (int index = 0; index < items.length; index++) {
            offsets[index + 1] = offsets[index] + items[index].slot();
        }
        return offsets;
    }

    private static void write(SharedMemory memory, ShareableItem[] items) {
        ShareableList list = new ShareableList(memory, offsets(items));
        list.segment.set(LONG, ShareableListLayout.COUNT_OFFSET, items.length);
        for (int index = 0; index <= items.length; index++) {
            list.segment.set(LONG, ShareableListLayout.offsetOffset(index), list.offsets[index]);
        }
        CrashPoint.MEMORY_CONTENT_BEGUN.pass();
        for (int index = 0; index < items.length; index++) {
            list.write(index, items[index]);
        }
        CrashPoint.MEMORY_CONTENT_WRITTEN.pass();
    }

    /** Writes format and code, then the item, as CPython does. */
    private void write(int index, ShareableItem item) {
        byte[] format = ShareableFormat.of(item.kind(), capacity(index)).bytes();
        MemorySegment.copy(format, 0, segment, BYTE, formatOffset(index), format.length);
        segment.set(BYTE, codeOffset(index), item.kind().code());
        long data = dataOffset(index);
        switch (item.kind()) {
            case INTEGER, FLOAT, NONE -> segment.set(LONG, data, item.number());
            case BOOLEAN -> {
                segment.set(LONG, data, 0);
                segment.set(BYTE, data + ShareableListLayout.BOOLEAN_OFFSET, (byte) item.number());
            }
            case TEXT, BYTES -> {
                int length = item.content().length;
                MemorySegment.copy(item.content(), 0, segment, BYTE, data, length);
                segment.asSlice(data + length, capacity(index) - length).fill((byte) 0);
            }
        }
    }

    private ShareableFormat readFormat(int index) {
        Objects.checkIndex(index, size());
        byte[] bytes = segment.asSlice(formatOffset(index), ShareableListLayout.FORMAT_LENGTH).toArray(BYTE);
        byte code = segment.get(BYTE, codeOffset(index));
        ShareableFormat format = ShareableFormat.parse(bytes, code, capacity(index));
        if (format == null) {
            throw new IllegalStateException(describe(memory) + ": item " + index + " has format '"
                    + ShareableFormat.text(bytes) + "' and code " + code + " in a slot of " + capacity(index)
                    + " bytes: it is being written at this moment, was left half-written, or is not an item");
        }
        return format;
    }

    private byte[] readBytes(long data, long length) {
        byte[] bytes = segment.asSlice(data, length).toArray(BYTE);
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] == 0) {
            end--;
        }
        return Arrays.copyOf(bytes, end);
    }

    private String decode(int index, byte[] bytes) {
        try {
            return Utf8.decode(bytes);
        } catch (CharacterCodingException malformed) {
            throw new IllegalStateException(describe(memory) + ": item " + index + " is a text whose " + bytes.length
                    + " bytes are not UTF-8: it is being written at this moment, or was left half-written", malformed);
        }
    }

    private static long[] readOffsets(SharedMemory memory) {
        MemorySegment segment = memory.segment();
        boolean hasCount = memory.size() >= ShareableListLayout.minimumSize(0);
        long count = hasCount ? segment.get(LONG, ShareableListLayout.COUNT_OFFSET) : -1;
        if (count < 0 || count > Math.min(ShareableListLayout.countLimit(memory.size()), Integer.MAX_VALUE - 1)) {
            throw new IllegalStateException(describe(memory) + " holds no list: it has " + memory.size()
                    + " bytes, too few for " + count + " items");
        }
        long[] offsets = new long[Math.toIntExact(count) + 1];
        for (int index = 0; index < offsets.length; index++) {
            offsets[index] = segment.get(LONG, ShareableListLayout.offsetOffset(index));
            checkOffset(memory, offsets, index);
        }
        checkSize(memory, offsets);
        return offsets;
    }

    /** What its creator was killed in the middle of is often all zeros, which would be a list without items. */
    private static void checkSize(SharedMemory memory, long[] offsets) {
        int count = offsets.length - 1;
        long size = ShareableListLayout.size(count, offsets[count]);
        if (size != memory.size()) {
            throw new IllegalStateException(describe(memory) + " holds no list: it has " + memory.size() + " bytes, but "
                    + count + " items with " + offsets[count] + " bytes of data take " + size);
        }
    }

    private static void checkOffset(SharedMemory memory, long[] offsets, int index) {
        long offset = offsets[index];
        int count = offsets.length - 1;
        boolean follows = index == 0 ? offset == 0 : offset > offsets[index - 1];
        if (!follows || offset % ShareableListLayout.SLOT_UNIT != 0
                || offset > memory.size() - ShareableListLayout.size(count, 0)) {
            throw new IllegalStateException(describe(memory) + " holds no list: of " + count + " items in "
                    + memory.size() + " bytes, offset " + index + " is " + offset
                    + (index == 0 ? "" : ", after " + offsets[index - 1]));
        }
    }

    private static String describe(SharedMemory memory) {
        return "ShareableList in " + memory;
    }

    private long dataLength() {
        return offsets[size()];
    }

    private long dataOffset(int index) {
        return ShareableListLayout.dataOffset(size()) + offsets[index];
    }

    private long formatOffset(int index) {
        return ShareableListLayout.formatOffset(size(), dataLength(), index);
    }

    private long codeOffset(int index) {
        return ShareableListLayout.codeOffset(size(), dataLength(), index);
    }

    @Serial
    private Object writeReplace() {
        return new Ticket(memory);
    }

    @Serial
    private void readObject(ObjectInputStream stream) throws InvalidObjectException {
        throw new InvalidObjectException("a ShareableList travels as the name of its memory");
    }

    /** What travels: the memory, which travels by name. */
    private record Ticket(SharedMemory memory) implements Serializable {

        @Serial
        private Object readResolve() {
            return over(memory);
        }
    }
}
