// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.space;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.function.IntToLongFunction;

import dev.kindred.OutOfSharedMemoryException;
import dev.kindred.SpaceClosedException;
import dev.kindred.internal.domain.Domain;
import dev.kindred.internal.domain.DomainFile;
import dev.kindred.internal.sync.Mutex;
import dev.kindred.internal.os.MemoryLimit;
import dev.kindred.internal.os.Scarcity;
import dev.kindred.internal.words.MappedWords;
import org.jspecify.annotations.Nullable;

/** The memory from which the small objects of a family or of a named space are cut, as this process sees it. */
public final class Space {

    private static final Cleaner CLEANER = Cleaner.create(new CleanerThreads());

    private static volatile @Nullable Space current;

    // No lambdas here, nor in what else a child does before its task runs: each takes a new JVM most of a millisecond, the first far more.

    private static final class CleanerThreads implements ThreadFactory {
        @Override
        public Thread newThread(Runnable cleaning) {
            Thread thread = new Thread(cleaning, "kindred-cleaner");
            thread.setDaemon(true);
            return thread;
        }
    }

    /** How large a file is that has room for so many regions. */
    static final class FileSize implements IntToLongFunction {
        @Override
        public long applyAsLong(int regions) {
            return SpaceLayout.fileSize(regions);
        }
    }

    /** Says that a handle on a block is gone. */
    private record Release(Space space, long offset, @Nullable Runnable forgotten) implements Runnable {
        @Override
        public void run() {
            space.release(offset);
            if (forgotten != null) {
                forgotten.run();
            }
        }
    }

    /** The memory of the heap. */
    private record FileMemory(DomainFile file) implements Memory {
        @Override
        public void reserve(long offset, long length) {
            file.reserve(offset, length, "shared objects");
        }

        @Override
        public void punch(long offset, long length) {
            file.punch(offset, length);
        }
    }

    private final @Nullable String name;
    private final Domain domain;
    private final MappedWords words;
    private final SpaceLayout layout;
    private final Heap heap;
    private final int parent;

    /** How many handles this process has on each block that it adopted. */
    private final Map<Long, Integer> adopted = new HashMap<>();

    /**
     * The space of a domain that this process has joined.
     *
     * @param parent the id of this process's parent in it, 0 for none
     * @param name   its name, null for a family's
     */
    Space(Domain domain, int parent, @Nullable String name) {
        this.name = name;
        DomainFile file = domain.file();
        this.words = file.words();
        this.layout = new SpaceLayout(file.regions());
        this.parent = parent;
        this.domain = domain;
        this.heap = new Heap(words, layout, new FileMemory(file), domain, domain.id());
        domain.watch(heap);
    }

    /** {@return the space of this process's family} The first call in a process that nobody's child is founds a family. */
    public static Space current() {
        Space space = current;
        return space != null ? space : found();
    }

    private static synchronized Space found() {
        Space space = current;
        if (space == null) {
            DomainFile file = DomainFile.create(SpaceLayout.MOST_REGIONS, new FileSize());
            try {
                space = new Space(Domain.join(file, "main", 0), 0, null);
            } catch (RuntimeException e) {
                file.discard();
                throw e;
            }
            current = space;
        }
        return space;
    }

    /**
     * Joins the family of the parent, as a child does before anything else.
     *
     * @param descriptor of the family's file; it stays open
     * @param name       of this process
     * @param parent     the parent's id
     */
    public static synchronized Space join(int descriptor, String name, int parent) {
        if (current != null) {
            throw new IllegalStateException("this process has a family already; it cannot join another");
        }
        Space space = new Space(Domain.join(DomainFile.open(descriptor, new FileSize()), name, parent), parent, null);
        current = space;
        return space;
    }

    /** {@return the name that this process's parent gave it, or null if it is nobody's child} */
    static @Nullable String childName() {
        Space space = current;
        return space == null || space.parent == 0 ? null : space.domain.name();
    }

    /**
     * Allocates a block of zeros, aligned to 64 bytes. It is freed some time after no process of the family can reach it any more; where room
     * is short, this process collects its garbage first.
     *
     * @throws IllegalArgumentException   if {@code bytes} is negative
     * @throws OutOfSharedMemoryException if there is no room for it
     */
    public Block allocate(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("a shared object cannot have " + bytes + " bytes");
        }
        long limit = (long) layout.regions() * SpaceLayout.REGION;
        if (bytes > limit) {
            throw new OutOfSharedMemoryException(bytes, "a shared object of " + bytes + " bytes does not fit: the shared space is limited to "
                    + limit + " bytes of address space; use SharedMemory for larger data");
        }
        return block(allocateAfterCollecting(bytes), Math.max(bytes, 1));
    }

    /** Tries again, where there is no room, after a garbage collection has freed the blocks that nobody reaches any more. */
    private long allocateAfterCollecting(long bytes) {
        Scarcity scarcity = null;
        while (true) {
            try {
                MemoryLimit.requireRoom(bytes, "a shared object");
                return heap.allocate(bytes);
            } catch (OutOfSharedMemoryException e) {
                scarcity = scarcity == null ? new Scarcity() : scarcity;
                if (!scarcity.awaitRelief()) {
                    throw e;
                }
            }
        }
    }

    /**
     * Takes over a block that this process's parent passed on.
     *
     * @throws IllegalStateException if the parent died before, or no block begins there
     */
    public Block adopt(long offset) {
        return adopt(offset, parent, null);
    }

    /**
     * Takes over a block that another process passed on.
     *
     * @param other     the id of that process, whose own mark keeps the block until then
     * @param forgotten what to do when the block is not reachable any more, null for nothing
     * @throws IllegalStateException if that process died before, or no block begins there
     */
    Block adopt(long offset, int other, @Nullable Runnable forgotten) {
        synchronized (adopted) {
            addHandle(offset, heap.adopt(offset, other));
        }
        return block(offset, heap.lengthAt(offset), forgotten);
    }

    private void addHandle(long offset, boolean markedBefore) {
        int handles = adopted.getOrDefault(offset, markedBefore ? 1 : 0);
        adopted.put(offset, handles + 1);
    }

    /**
     * Finds the block of a name, which is made if there is none. However many do so at once, one block gets the name, and it is initialised
     * by then.
     *
     * @param object      what it is to be
     * @param bytes       how many bytes a new one has
     * @param initializer what makes an object of a new one's zeros
     * @throws IllegalStateException      if something else has the name, or there are as many names as there can be
     * @throws OutOfSharedMemoryException if there is no room for a new one
     * @throws SpaceClosedException       if this process has left the space
     */
    public Block open(NamedObject object, long bytes, BlockInitializer initializer) {
        Heap.Found found;
        synchronized (adopted) {
            found = heap.open(object);
            if (found != null && found.object().isAs(object)) {
                addHandle(found.offset(), found.markedBefore());
            }
        }
        return found == null ? create(object, bytes, initializer) : blockOf(found, object);
    }

    private Block create(NamedObject object, long bytes, BlockInitializer initializer) {
        long offset = allocateAfterCollecting(bytes);
        Heap.Found found = null;
        try {
            initializer.initialize(words, offset);
            synchronized (adopted) {
                found = heap.name(object, offset);
                if (found.offset() != offset && found.object().isAs(object)) {
                    addHandle(found.offset(), found.markedBefore());
                }
            }
        } finally {
            if (found == null || found.offset() != offset) {
                heap.release(offset);
            }
        }
        return blockOf(found, object);
    }

    private Block blockOf(Heap.Found found, NamedObject wanted) {
        if (!found.object().isAs(wanted)) {
            throw new IllegalStateException("'" + wanted.name() + "' in space '" + name + "' exists as " + found.object().description()
                    + ", and was asked for as " + wanted.description() + ": all who use a name must mean the same by it");
        }
        return block(found.offset(), heap.lengthAt(found.offset()));
    }

    /** {@return the name of the block at an offset, or null if it has none} */
    public @Nullable String nameOf(long offset) {
        return heap.nameOf(offset);
    }

    /** Removes a name. {@return whether there was such a name} */
    boolean removeName(String name) {
        return heap.removeName(name);
    }

    /** {@return all that has a name} */
    List<NamedObject> named() {
        return heap.named();
    }

    /** {@return the parcels that a block of this space holds} */
    public Parcels parcels(Block holder) {
        return new Parcels(this, heap, holder);
    }

    /** Allocates a block without a handle: the caller consigns or releases it. */
    long allocateBare(long bytes) {
        return allocateAfterCollecting(bytes);
    }

    private Block block(long offset, long length) {
        return block(offset, length, null);
    }

    private Block block(long offset, long length, @Nullable Runnable forgotten) {
        Block block = new Block(this, offset, length);
        CLEANER.register(block, new Release(this, offset, forgotten));
        return block;
    }

    private void release(long offset) {
        synchronized (adopted) {
            int others = adopted.getOrDefault(offset, 1) - 1;
            if (others > 0) {
                adopted.put(offset, others);
                return;
            }
            adopted.remove(offset);
            try {
                heap.release(offset);
            } catch (SpaceClosedException left) {
                // Whoever recovers this process's slot clears all its marks.
            }
        }
    }

    /** {@return whether whoever comes next must be told that the owner of a lock has died; {@link Heap#isAnyPoisonableHeld} says when to ask} */
    boolean isAnyPoisonableHeld() {
        return heap.isAnyPoisonableHeld();
    }

    /** Lets nothing of this process begin in the space any more, and waits until what has begun in the heap is done. */
    void leave(String name) {
        words.leave(name);
        heap.awaitQuiet();
    }

    /** {@return a mutex on a word of the space} */
    public Mutex mutex(long offset, int owner, boolean takeOver) {
        return new Mutex(words, offset, owner, takeOver, domain);
    }

    /** {@return its name, or null if it is a family's} */
    public @Nullable String name() {
        return name;
    }

    /** {@return this process's membership in the domain} */
    public Domain domain() {
        return domain;
    }

    /** {@return the domain's file as words} */
    public MappedWords words() {
        return words;
    }

    /** {@return the whole mapping; what is given out of it to a user goes through {@link Block#view()}} */
    public MemorySegment memory() {
        return words.memory();
    }

    /** {@return how many bytes all blocks have} */
    public long takenBytes() {
        return heap.takenBytes();
    }

    /** {@return how many bytes are free in what the heap has grown to} */
    public long freeBytes() {
        return heap.freeBytes();
    }
}
