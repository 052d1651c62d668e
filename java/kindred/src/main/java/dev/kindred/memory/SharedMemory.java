// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.memory;

import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamException;
import java.io.Serial;
import java.io.Serializable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import java.util.function.Function;

import dev.kindred.SystemCallException;
import dev.kindred.internal.inheritance.Inheritance;
import dev.kindred.internal.os.Descriptors;
import dev.kindred.internal.os.SharedObjects;
import org.jspecify.annotations.Nullable;

/**
 * Memory that processes share, as a mapping of its own: plain bytes, of any size.
 *
 * {@snippet :
 * try (var written = SharedMemory.create("greeting", 64)) {
 *     written.segment().setString(0, "hello");
 *     try (var read = SharedMemory.open("greeting")) { // here, or in any other process
 *         System.out.println(read.segment().getString(0));
 *     }
 *     written.unlink();
 * }
 * }
 *
 * <p>There are two kinds.
 * <ul>
 * <li>A <i>named</i> one ({@link #create(String, long)}, {@link #open(String)}) is POSIX shared memory: any process of
 *     the same user and machine opens it by name, CPython's {@code multiprocessing.shared_memory.SharedMemory} too. It
 *     travels anywhere where objects are serialized, as its name. It exists until somebody calls {@link #unlink()}: no
 *     other process and no end of a process does. Nobody keeps a list of names, so that it is the program that decides
 *     who unlinks; usually the process that created it, when all are done or as soon as all have opened it. (A CPython
 *     before 3.13, and a later one unless told {@code track=False}, unlinks what it has opened when it ends.)
 * <li>An <i>anonymous</i> one ({@link #anonymous(long)}) has no name and leaves nothing behind however its processes
 *     end. Child processes get it at their start, as a capture or argument of their task.
 * </ul>
 *
 * <p><b>Room is reserved at creation.</b> When /dev/shm or the memory cgroup is full, creating throws {@link
 * dev.kindred.OutOfSharedMemoryException} and leaves nothing behind; an access never fails for want of memory. Opening
 * one that its creator did not reserve, as CPython does not, reserves it then, also for reading only. One thing alone
 * can still make an access fail, as an {@link InternalError}: another process shrinks a named one (an anonymous one is
 * sealed against that).
 *
 * <p><b>Closing is final.</b> After {@link #close()} every access, also through segments and buffers handed out before,
 * throws {@link IllegalStateException}; other processes are not concerned. A SharedMemory that is never closed stays
 * mapped until its process ends.
 *
 * <p>All methods may be called by any thread. The bytes have no lock: use one that goes to the processes with the
 * memory, or the atomic access modes of {@link java.lang.invoke.VarHandle} on {@link #segment()}, which mean between
 * processes what they mean between threads.
 */
public final class SharedMemory implements AutoCloseable, Serializable {

    @Serial
    private static final long serialVersionUID = 1;

    private static final int NO_DESCRIPTOR = -1;

    /** How many bytes the JDK lets a buffer of a segment have. */
    private static final int BUFFER_LIMIT = Integer.MAX_VALUE - 8;

    /** Its name, null for an anonymous one. */
    private final transient @Nullable String name;

    private final transient long size;
    private final transient boolean readOnly;
    private final transient boolean created;

    /** What an anonymous one is handed to a child by; a named one needs none once it is mapped. */
    private final transient int descriptor;

    private final transient Arena arena;
    private final transient MemorySegment segment;

    @SuppressWarnings("MustBeClosedChecker") // close() closes the arena
    private SharedMemory(@Nullable String name, SharedMemoryFile file, boolean created) {
        this.name = name;
        this.size = file.size();
        this.readOnly = file.isReadOnly();
        this.created = created;
        this.arena = Arena.ofShared();
        this.segment = file.map(arena);
        this.descriptor = name == null ? file.keepDescriptor() : NO_DESCRIPTOR;
    }

    /**
     * Creates an anonymous one, filled with zeros.
     *
     * @param size how many bytes
     * @return the memory, to be closed
     * @throws IllegalArgumentException               if {@code size} is not positive
     * @throws dev.kindred.OutOfSharedMemoryException if there is no room; nothing was created
     */
    public static SharedMemory anonymous(long size) {
        requirePositive(size);
        try (SharedMemoryFile file = SharedMemoryFile.createAnonymous(size)) {
            return new SharedMemory(null, file, true);
        }
    }

    /**
     * Creates a named one, filled with zeros, under a free name that is chosen here.
     *
     * @param size how many bytes
     * @return the memory, to be closed, and to be unlinked by somebody
     * @throws IllegalArgumentException               if {@code size} is not positive
     * @throws dev.kindred.OutOfSharedMemoryException if there is no room; nothing was created
     */
    public static SharedMemory create(long size) {
        return underFreeName(name -> create(name, size));
    }

    /** {@return what is created under a name that is chosen here} */
    static <T> T underFreeName(Function<String, T> creation) {
        while (true) {
            try {
                return creation.apply(SharedMemoryNames.random());
            } catch (SharedMemoryExistsException taken) {
                // One of four billion names, and somebody has it: the next one will do.
            }
        }
    }

    /**
     * Creates a named one, filled with zeros. Processes of this user only (mode 0600) can open it. The name appears
     * with all of its bytes and their room: if this process is killed meanwhile, there is no name, or one that can be
     * opened. Of several that create it at once, each needs the room for a moment.
     *
     * @param name its name: at most 255 bytes in UTF-8, without '/' and NUL
     * @param size how many bytes
     * @return the memory, to be closed, and to be unlinked by somebody
     * @throws IllegalArgumentException               if the name is not possible or {@code size} is not positive
     * @throws SharedMemoryExistsException            if the name exists
     * @throws dev.kindred.OutOfSharedMemoryException if there is no room; nothing was created
     */
    public static SharedMemory create(String name, long size) {
        return create(name, size, _ -> {});
    }

    /**
     * Creates a named one whose bytes are complete when it gets its name, so that nobody ever finds less, even if this
     * process is killed.
     *
     * @param content writes them
     */
    static SharedMemory create(String name, long size, Consumer<SharedMemory> content) {
        SharedMemoryNames.check(name);
        requirePositive(size);
        try (SharedMemoryFile file = SharedMemoryFile.create(name, size)) {
            SharedMemory memory = new SharedMemory(name, file, true);
            try {
                content.accept(memory);
                file.giveName(name);
                return memory;
            } catch (Throwable failure) {
                memory.close();
                throw failure;
            }
        }
    }

    /**
     * Opens a named one for reading and writing.
     *
     * @param name its name
     * @return the memory, of the size it has, to be closed
     * @throws IllegalArgumentException               if the name is not possible
     * @throws SharedMemoryNotFoundException          if the name does not exist
     * @throws IllegalStateException                  if it belongs to another user, is no file, or has no size: its
     *                                                creator died before it set one
     * @throws dev.kindred.OutOfSharedMemoryException if its creator did not reserve it, and there is no room
     * @throws SystemCallException                    if this user may not open it
     */
    public static SharedMemory open(String name) {
        return open(name, false);
    }

    /**
     * Opens a named one for reading: writing to it is an {@link IllegalArgumentException}, or a {@link
     * java.nio.ReadOnlyBufferException}.
     *
     * @param name its name
     * @return the memory, of the size it has, to be closed
     * @throws IllegalArgumentException               if the name is not possible
     * @throws SharedMemoryNotFoundException          if the name does not exist
     * @throws IllegalStateException                  if it belongs to another user, is no file, or has no size: its
     *                                                creator died before it set one
     * @throws dev.kindred.OutOfSharedMemoryException if its creator did not reserve it, and there is no room
     * @throws SystemCallException                    if this user may not open it
     */
    public static SharedMemory openReadOnly(String name) {
        return open(name, true);
    }

    /**
     * Opens a named one, or creates it if the name is free. Of several processes that do so at once, one creates it.
     *
     * @param name its name
     * @param size how many bytes it has, or, if it exists, has at least
     * @return the memory, to be closed; {@link #isCreator()} says which of the two was done
     * @throws IllegalArgumentException               if the name is not possible or {@code size} is not positive
     * @throws IllegalStateException                  if it exists and is smaller, or for any reason for which {@link
     *                                                #open(String)} throws it
     * @throws dev.kindred.OutOfSharedMemoryException if there is no room
     */
    public static SharedMemory createOrOpen(String name, long size) {
        requirePositive(size);
        while (true) {
            try {
                SharedMemory existing = open(name);
                if (existing.size < size) {
                    existing.close();
                    throw new IllegalStateException("SharedMemory '" + name + "' exists and has " + existing.size
                            + " bytes, fewer than the " + size + " asked for");
                }
                return existing;
            } catch (SharedMemoryNotFoundException free) {
                try {
                    return create(name, size);
                } catch (SharedMemoryExistsException taken) {
                    // Somebody created it in between: open that one.
                }
            }
        }
    }

    private static SharedMemory open(String name, boolean readOnly) {
        SharedMemoryNames.check(name);
        try (SharedMemoryFile file = SharedMemoryFile.open(name, readOnly)) {
            return new SharedMemory(name, file, false);
        }
    }

    /** {@return its name, or null if it is anonymous} */
    public @Nullable String name() {
        return name;
    }

    /** {@return how many bytes it has} */
    public long size() {
        return size;
    }

    /** {@return whether it was opened for reading only} */
    public boolean isReadOnly() {
        return readOnly;
    }

    /** {@return whether this object created the memory; false if it opened what was there} */
    public boolean isCreator() {
        return created;
    }

    /** {@return whether it is closed} */
    public boolean isClosed() {
        return !arena.scope().isAlive();
    }

    /**
     * {@return its bytes, which every thread may access until the memory is closed}
     *
     * @throws IllegalStateException if it is closed
     */
    public MemorySegment segment() {
        if (isClosed()) {
            throw new IllegalStateException(this + ": its bytes cannot be accessed any more");
        }
        return segment;
    }

    /**
     * {@return its bytes as a buffer in native byte order, which every thread may access until the memory is closed}
     *
     * @throws IllegalStateException         if it is closed
     * @throws UnsupportedOperationException if it has more than 2^31 - 9 bytes, which no buffer can have
     */
    public ByteBuffer buffer() {
        if (size > BUFFER_LIMIT) {
            throw new UnsupportedOperationException(this + " has more bytes than a ByteBuffer can have, " + BUFFER_LIMIT
                    + ": use buffer(offset, length) or segment()");
        }
        return buffer(0, (int) size);
    }

    /**
     * {@return a part of its bytes as a buffer in native byte order, which every thread may access until the memory is
     * closed}
     *
     * @param offset where the part begins
     * @param length how many bytes it has, at most 2^31 - 9
     * @throws IllegalArgumentException  if no buffer can have so many bytes
     * @throws IndexOutOfBoundsException if the memory does not have this part
     * @throws IllegalStateException     if it is closed
     */
    public ByteBuffer buffer(long offset, int length) {
        if (length > BUFFER_LIMIT) {
            throw new IllegalArgumentException("a ByteBuffer cannot have " + length + " bytes, but at most "
                    + BUFFER_LIMIT);
        }
        return segment().asSlice(offset, length).asByteBuffer().order(ByteOrder.nativeOrder());
    }

    /**
     * Closes this mapping of the memory. Every later access to it, by whatever segment or buffer, throws {@link
     * IllegalStateException}; the memory itself and others who have it open are not concerned. Closing again does
     * nothing.
     *
     * @throws IllegalStateException if a thread is inside of an I/O operation on a segment or buffer of this memory,
     *                               such as a channel's read or write; it is not closed then, and can be closed when
     *                               that is over
     */
    @Override
    public void close() {
        synchronized (arena) {
            if (isClosed()) {
                return;
            }
            try {
                arena.close();
            } catch (IllegalStateException busy) {
                throw new IllegalStateException(this + " cannot be closed: an I/O operation on its bytes is under way",
                        busy);
            }
            if (descriptor != NO_DESCRIPTOR) {
                Descriptors.close(descriptor);
            }
        }
    }

    /**
     * Removes the name, open or closed. Who has the memory open goes on using it; its bytes are given back when the
     * last has closed it or ended.
     *
     * @throws SharedMemoryNotFoundException if the name does not exist any more
     * @throws UnsupportedOperationException if it is anonymous and has no name
     */
    public void unlink() {
        if (name == null) {
            throw new UnsupportedOperationException(
                    this + " has no name to unlink: its bytes are given back when the last process closes it");
        }
        SharedMemoryFile.unlink(name);
    }

    /**
     * Removes a name without opening what it names.
     *
     * @param name the name
     * @throws IllegalArgumentException      if the name is not possible
     * @throws SharedMemoryNotFoundException if the name does not exist
     * @see #unlink()
     */
    public static void unlink(String name) {
        SharedMemoryFile.unlink(SharedMemoryNames.check(name));
    }

    /** {@return its name and size, and whether it is read-only or closed} */
    @Override
    public String toString() {
        return "SharedMemory[" + (name == null ? "anonymous" : name) + ", " + size + " bytes"
                + (readOnly ? ", read-only" : "") + (isClosed() ? ", closed" : "") + "]";
    }

    private static void requirePositive(long size) {
        if (size <= 0) {
            throw new IllegalArgumentException("the size of a SharedMemory must be positive, not " + size);
        }
    }

    @Serial
    private Object writeReplace() throws ObjectStreamException {
        if (name != null) {
            return new NamedTicket(name, readOnly);
        }
        synchronized (arena) {
            if (isClosed()) {
                throw new InvalidObjectException(this + " cannot go to a child");
            }
            return new AnonymousTicket(Inheritance.travel(this, descriptor));
        }
    }

    @Serial
    private void readObject(ObjectInputStream stream) throws InvalidObjectException {
        throw new InvalidObjectException("a SharedMemory travels as its name or its descriptor");
    }

    /** What travels of a named one. */
    private record NamedTicket(String name, boolean readOnly) implements Serializable {

        @Serial
        private Object readResolve() {
            return open(name, readOnly);
        }
    }

    /** What travels of an anonymous one: which of the descriptors that the child gets is its. */
    private record AnonymousTicket(int index) implements Serializable {

        @Serial
        private Object readResolve() throws InvalidObjectException {
            try (SharedMemoryFile file = SharedMemoryFile.inherited(Inheritance.descriptor(index))) {
                return new SharedMemory(null, file, false);
            }
        }
    }
}
