// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

import dev.kindred.NotInheritableException;
import dev.kindred.OutOfSharedMemoryException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What shared memory promises within one process. */
final class SharedMemoryTest {

    private static final Path FOLDER = Path.of("/dev/shm");

    private final String name = "kindred-test-" + ProcessHandle.current().pid();

    @AfterEach
    void removeName() throws IOException {
        Files.deleteIfExists(FOLDER.resolve(name));
    }

    @Test
    void isSeenByEverybodyWhoOpensIt() {
        try (SharedMemory created = SharedMemory.create(name, 10); SharedMemory opened = SharedMemory.open(name)) {
            assertEquals(10, opened.size());
            assertEquals(name, opened.name());
            assertTrue(created.isCreator());
            assertFalse(opened.isCreator());
            created.segment().set(ValueLayout.JAVA_BYTE, 9, (byte) 42);
            assertEquals(42, opened.segment().get(ValueLayout.JAVA_BYTE, 9));
        }
    }

    @Test
    void beginsWithZerosAndBelongsToThisUserOnly() throws IOException {
        try (SharedMemory memory = SharedMemory.create(name, 10_000)) {
            assertEquals(-1, memory.segment().mismatch(MemorySegment.ofArray(new byte[10_000])));
            Path file = FOLDER.resolve(name);
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        }
    }

    /** CPython's size of ten bytes stays ten bytes, and nothing behind them can be reached. */
    @Test
    void endsWhereItsSizeSays() {
        try (SharedMemory memory = SharedMemory.create(name, 10)) {
            assertThrows(IndexOutOfBoundsException.class, () -> memory.segment().get(ValueLayout.JAVA_BYTE, 10));
            assertThrows(IndexOutOfBoundsException.class, () -> memory.buffer().get(10));
            assertThrows(IndexOutOfBoundsException.class, () -> memory.buffer(5, 6));
        }
    }

    @Test
    void choosesNamesLikeCpython() {
        try (SharedMemory one = SharedMemory.create(1); SharedMemory other = SharedMemory.create(1)) {
            assertTrue(String.valueOf(one.name()).matches("psm_[0-9a-f]{8}"), one.name());
            assertNotEquals(one.name(), other.name());
            one.unlink();
            other.unlink();
        }
    }

    /** Of the names that are chosen here there are four billion, so that a second one is hardly ever needed; but then it is. */
    @Test
    void triesAnotherNameWhereOneIsTaken() {
        List<String> tried = new ArrayList<>();
        try (SharedMemory first = SharedMemory.create(name, 1);
                SharedMemory second = SharedMemory.underFreeName(random -> {
                    tried.add(random);
                    return SharedMemory.create(tried.size() == 1 ? name : random, 2);
                })) {
            assertEquals(2, tried.size());
            assertEquals(tried.getLast(), second.name());
            assertEquals(1, first.size());
            second.unlink();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "/", "a/b", "/leading", "nul\0inside", "half\ud800pair"})
    void refusesNamesThatCannotBe(String impossible) {
        assertThrows(IllegalArgumentException.class, () -> SharedMemory.create(impossible, 1));
        assertThrows(IllegalArgumentException.class, () -> SharedMemory.open(impossible));
        assertThrows(IllegalArgumentException.class, () -> SharedMemory.createOrOpen(impossible, 1));
        assertThrows(IllegalArgumentException.class, () -> SharedMemory.unlink(impossible));
    }

    @ParameterizedTest
    @ValueSource(strings = {"with:colon", "with\nnewline", "with space", "ümläut", "...", "-"})
    void takesNamesThatOnlyLookOdd(String odd) {
        try (SharedMemory memory = SharedMemory.create(odd, 1)) {
            SharedMemory.open(odd).close();
            memory.unlink();
        }
    }

    @Test
    void countsTheLengthOfANameInBytes() {
        String longest = "x".repeat(255);
        try (SharedMemory memory = SharedMemory.create(longest, 1)) {
            memory.unlink();
        }
        for (String tooLong : List.of("x".repeat(256), "ü".repeat(128))) {
            assertMessage("256 bytes",
                    assertThrows(IllegalArgumentException.class, () -> SharedMemory.create(tooLong, 1)));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void refusesSizesThatAreNotPositive(long size) {
        assertMessage(Long.toString(size),
                assertThrows(IllegalArgumentException.class, () -> SharedMemory.create(name, size)));
        assertThrows(IllegalArgumentException.class, () -> SharedMemory.anonymous(size));
        assertThrows(IllegalArgumentException.class, () -> SharedMemory.createOrOpen(name, size));
        assertFalse(Files.exists(FOLDER.resolve(name)));
    }

    /** More than the machine has is refused at once, not when the rest of it is used up. */
    @Test
    void refusesSizesForWhichThereIsNoRoom() {
        long size = 1L << 50;
        OutOfSharedMemoryException refused =
                assertThrows(OutOfSharedMemoryException.class, () -> SharedMemory.create(name, size));
        assertEquals(size, refused.requested());
        assertMessage(Long.toString(size), refused);
        assertThrows(OutOfSharedMemoryException.class, () -> SharedMemory.anonymous(size));
        assertFalse(Files.exists(FOLDER.resolve(name)));
    }

    @Test
    void saysThatANameExistsOrDoesNot() {
        assertMessage(name, assertThrows(SharedMemoryNotFoundException.class, () -> SharedMemory.open(name)));
        try (SharedMemory memory = SharedMemory.create(name, 1)) {
            assertMessage(name, assertThrows(SharedMemoryExistsException.class, () -> SharedMemory.create(name, 1)));
            memory.unlink();
            assertMessage(name, assertThrows(SharedMemoryNotFoundException.class, memory::unlink));
            assertMessage(name, assertThrows(SharedMemoryNotFoundException.class, () -> SharedMemory.unlink(name)));
        }
    }

    @Test
    void livesOnWithoutItsName() {
        try (SharedMemory first = SharedMemory.create(name, 8)) {
            first.segment().set(ValueLayout.JAVA_LONG, 0, 1);
            first.unlink();
            try (SharedMemory second = SharedMemory.create(name, 8)) {
                assertEquals(0, second.segment().get(ValueLayout.JAVA_LONG, 0));
                assertEquals(1, first.segment().get(ValueLayout.JAVA_LONG, 0));
            }
        }
    }

    @Test
    void canBeUnlinkedWhenClosed() {
        SharedMemory memory = SharedMemory.create(name, 1);
        memory.close();
        memory.unlink();
        assertFalse(Files.exists(FOLDER.resolve(name)));
    }

    @Test
    void isCreatedOrOpened() {
        try (SharedMemory created = SharedMemory.createOrOpen(name, 100);
                SharedMemory opened = SharedMemory.createOrOpen(name, 50)) {
            assertTrue(created.isCreator());
            assertFalse(opened.isCreator());
            assertEquals(100, opened.size());
            IllegalStateException tooSmall = assertThrows(IllegalStateException.class,
                    () -> SharedMemory.createOrOpen(name, 101));
            assertMessage("100 bytes, fewer than the 101", tooSmall);
        }
    }

    @Test
    void isCreatedByOneOfManyThatTryAtOnce() throws InterruptedException {
        int threads = 8;
        SharedMemory[] memories = new SharedMemory[threads];
        CountDownLatch start = new CountDownLatch(1);
        Thread[] racers = new Thread[threads];
        for (int index = 0; index < threads; index++) {
            int own = index;
            racers[index] = Thread.ofPlatform().start(() -> {
                awaitQuietly(start);
                memories[own] = SharedMemory.createOrOpen(name, 5000);
            });
        }
        start.countDown();
        int creators = 0;
        for (int index = 0; index < threads; index++) {
            racers[index].join();
            creators += memories[index].isCreator() ? 1 : 0;
            assertEquals(5000, memories[index].size());
            memories[index].close();
        }
        assertEquals(1, creators);
    }

    @Test
    void opensForReadingOnly() {
        try (SharedMemory memory = SharedMemory.create(name, 8);
                SharedMemory readOnly = SharedMemory.openReadOnly(name)) {
            memory.segment().set(ValueLayout.JAVA_LONG, 0, 7);
            assertTrue(readOnly.isReadOnly());
            assertEquals(7, readOnly.segment().get(ValueLayout.JAVA_LONG, 0));
            assertThrows(IllegalArgumentException.class, () -> readOnly.segment().set(ValueLayout.JAVA_LONG, 0, 8));
            assertThrows(ReadOnlyBufferException.class, () -> readOnly.buffer().putLong(0, 8));
        }
    }

    @Test
    void givesBuffersInNativeOrder() {
        try (SharedMemory memory = SharedMemory.anonymous(16)) {
            ByteBuffer buffer = memory.buffer(8, 8);
            assertEquals(ByteOrder.nativeOrder(), buffer.order());
            buffer.putLong(0, 0x0102030405060708L);
            assertEquals(0x0102030405060708L, memory.segment().get(ValueLayout.JAVA_LONG, 8));
        }
    }

    @Test
    void anonymousHasNoName() throws IOException {
        try (SharedMemory memory = SharedMemory.anonymous(5000)) {
            assertEquals(null, memory.name());
            assertEquals(5000, memory.size());
            assertThrows(UnsupportedOperationException.class, memory::unlink);
            assertThrows(NotInheritableException.class, () -> roundTrip(memory));
        }
    }

    /** Sealed: not even this user's other programs can take a page away under somebody who is about to touch it. */
    @Test
    void anonymousKeepsItsSize() throws IOException {
        try (SharedMemory memory = SharedMemory.anonymous(5000); Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            List<Path> files = descriptors.filter(SharedMemoryTest::isAnonymousMemory).toList();
            assertEquals(1, files.size());
            try (FileChannel channel = FileChannel.open(files.getFirst(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                assertThrows(IOException.class, () -> channel.truncate(0));
                assertThrows(IOException.class, () -> channel.write(ByteBuffer.allocate(1), 10_000));
            }
            assertEquals(0, memory.segment().get(ValueLayout.JAVA_BYTE, 4999));
        }
    }

    private static boolean isAnonymousMemory(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("/memfd:kindred-memory");
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }

    @Test
    void everyAccessAfterCloseThrows() {
        SharedMemory memory = SharedMemory.create(name, 8);
        MemorySegment segment = memory.segment();
        ByteBuffer buffer = memory.buffer();
        memory.close();
        memory.close();
        assertTrue(memory.isClosed());
        assertThrows(IllegalStateException.class, () -> segment.get(ValueLayout.JAVA_LONG, 0));
        assertThrows(IllegalStateException.class, () -> buffer.getLong(0));
        assertMessage(name, assertThrows(IllegalStateException.class, memory::segment));
        assertMessage(name, assertThrows(IllegalStateException.class, memory::buffer));
        assertMessage("closed", memory.toString());
    }

    /** Readers never see anything but their bytes or the exception, and no two closers trip over each other. */
    @Test
    void mayBeClosedWhileOthersReadAndClose() throws InterruptedException {
        for (int round = 0; round < 20; round++) {
            SharedMemory memory = SharedMemory.anonymous(4096);
            MemorySegment segment = memory.segment();
            Thread reader = Thread.ofPlatform().start(() -> {
                try {
                    long sum = 0;
                    while (sum == 0) {
                        sum += segment.get(ValueLayout.JAVA_LONG, 0);
                    }
                } catch (IllegalStateException closed) {
                    return;
                }
                throw new AssertionError("read something else than zeros");
            });
            Thread closer = Thread.ofPlatform().start(memory::close);
            memory.close();
            closer.join();
            reader.join();
            assertTrue(memory.isClosed());
        }
    }

    @Test
    void goesThroughChannels() throws IOException {
        Path file = Files.createTempFile("kindred", ".bytes");
        try (SharedMemory memory = SharedMemory.anonymous(4096);
                FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            memory.segment().fill((byte) 'k');
            assertEquals(4096, channel.write(memory.buffer()));
            assertEquals("k".repeat(4096), Files.readString(file));
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void travelsAnywhereByName() throws IOException, ClassNotFoundException {
        try (SharedMemory memory = SharedMemory.create(name, 8);
                SharedMemory readOnly = SharedMemory.openReadOnly(name)) {
            try (SharedMemory copy = roundTrip(memory); SharedMemory readOnlyCopy = roundTrip(readOnly)) {
                copy.segment().set(ValueLayout.JAVA_LONG, 0, 5);
                assertEquals(5, memory.segment().get(ValueLayout.JAVA_LONG, 0));
                assertTrue(readOnlyCopy.isReadOnly());
            }
            memory.unlink();
            assertThrows(SharedMemoryNotFoundException.class, () -> roundTrip(memory));
        }
    }

    /** A name without a size is what a creator leaves that is killed between its first two calls. */
    @Test
    void doesNotWaitForEverForASize() throws IOException {
        Files.createFile(FOLDER.resolve(name));
        assertMessage("has no size", assertThrows(IllegalStateException.class, () -> SharedMemory.open(name)));
    }

    @Test
    void waitsForACreatorThatIsAboutToSetTheSize() throws IOException, InterruptedException {
        Path file = Files.createFile(FOLDER.resolve(name));
        Thread opener = Thread.currentThread();
        Thread creator = Thread.ofPlatform().daemon().start(() -> {
            while (opener.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            grow(file, 4096);
        });
        try (SharedMemory memory = SharedMemory.open(name)) {
            assertEquals(4096, memory.size());
        }
        creator.join();
    }

    @Test
    void reservesWhatItsCreatorDidNot() throws IOException {
        Path file = FOLDER.resolve(name);
        Files.createFile(file);
        grow(file, 1 << 20);
        assertEquals(4096, allocated(file), "one page: that of the byte by which it grew");
        SharedMemory.openReadOnly(name).close();
        assertEquals(1 << 20, allocated(file));
    }

    @Test
    void refusesAFolderByName() throws IOException {
        Path folder = Files.createDirectory(FOLDER.resolve(name));
        assertMessage("folder", assertThrows(IllegalStateException.class, () -> SharedMemory.openReadOnly(name)));
        assertTrue(Files.isDirectory(folder));
    }

    private static void grow(Path file, int size) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1), size - 1L);
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private static long allocated(Path file) throws IOException {
        Process du = new ProcessBuilder("du", "--block-size=1", file.toString()).start();
        String output = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return Long.parseLong(output.split("\\s")[0]);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private static void assertMessage(String part, Throwable failure) {
        assertMessage(part, String.valueOf(failure.getMessage()));
    }

    private static void assertMessage(String part, String message) {
        assertTrue(message.contains(part), message);
    }

    private static SharedMemory roundTrip(SharedMemory memory) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(memory);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (SharedMemory) in.readObject();
        }
    }
}
