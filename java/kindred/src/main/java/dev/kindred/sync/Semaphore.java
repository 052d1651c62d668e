// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.sync;

import java.io.ObjectStreamException;
import java.io.Serial;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.function.Supplier;

import dev.kindred.Space;
import dev.kindred.internal.inheritance.Inheritance;
import dev.kindred.internal.space.Block;
import dev.kindred.internal.space.NamedObject;
import dev.kindred.internal.sync.CountingSemaphore;
import dev.kindred.internal.sync.LibrarySemaphores;
import dev.kindred.internal.sync.SemaphoreLayout;

/**
 * A number of permits that threads of several processes take and give back.
 *
 * {@snippet :
 * Semaphore ready = new Semaphore(0);
 * ChildProcess child = ChildProcess.start(() -> {
 *     System.out.println("the child has done its part");
 *     ready.release();
 * });
 * ready.acquire();
 * child.join();
 * }
 *
 * <p>Permits have no owners: any thread of any process may release one, whether it has taken one or not. A permit goes to whoever is first
 * to ask when there is one; but a process that has waited for a millisecond goes before those who come new. Where there are permits, taking
 * one is one compare-and-set, as is giving one back where nobody waits, without a call into the kernel and without garbage.
 *
 * <p><b>Who can reach it:</b> threads and virtual threads of all processes of a family. Children get it by inheritance: captured in a
 * child's task or passed as an argument when the child is started, it is the same semaphore there. Processes that are not related {@linkplain
 * #open open} it by its name in a {@link Space}; every call on such a one throws a {@link dev.kindred.SpaceClosedException}, also while it
 * waits, once this process has left the space. Besides, on glibc, C code to which somebody gives its {@linkplain #segment() address}; C
 * programs and CPython reach a {@link NamedSemaphore} by its name. Its 64 bytes are freed when no process can reach it any more and it has
 * no name.
 *
 * <p><b>What a crash leaves behind:</b> whoever dies between taking a permit and giving it back has taken it for good, as nobody knows that
 * it was to come back ({@link RobustSemaphore} does). Everything else goes on: a permit that was released is there even if its releaser
 * died before it woke anybody, and who waits for it gets it. A process that dies waiting takes no permit; it makes every later release call
 * into the kernel, which takes a few hundred nanoseconds. A process that is merely stopped may have been woken for a permit without taking
 * it; others that wait then find it within a second.
 *
 * <p><b>Fairness:</b> as of a {@link Lock}: a permit goes to whoever is first, but who has waited for a millisecond goes before those who come new.
 *
 * <p><b>Memory consistency effects:</b> what a thread did before it released happens-before what another, of whatever process, does after
 * it has acquired a permit released then or later, on all memory that the two share.
 */
public sealed class Semaphore extends AbstractSemaphore permits BoundedSemaphore {

    @Serial
    private static final long serialVersionUID = 1;

    private final transient Block block;

    /** Each use of it keeps the block allocated meanwhile. */
    private final transient CountingSemaphore semaphore;

    /**
     * Creates a semaphore.
     *
     * @param permits how many permits it has at first
     * @throws IllegalArgumentException               if {@code permits} is negative
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    public Semaphore(int permits) {
        this(allocate(requirePermits("Semaphore", permits), SemaphoreLayout.VALUE_MAX));
    }

    /**
     * Opens the semaphore of a name in a space, which is created if there is none. However many processes do so at once, they get the same
     * semaphore.
     *
     * @param space   where
     * @param name    1 to 128 ASCII letters, digits, dots, dashes and underscores
     * @param permits how many permits it has at first if it is created
     * @return the semaphore
     * @throws IllegalArgumentException               if that is no name for an object, or {@code permits} is negative
     * @throws IllegalStateException                  if something else than such a semaphore has the name
     * @throws dev.kindred.SpaceClosedException       if the space is closed
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left for a new one
     */
    public static Semaphore open(Space space, String name, int permits) {
        int value = requirePermits("Semaphore", permits);
        return new Semaphore(open(space, new NamedObject(name, "Semaphore", "", false), value, SemaphoreLayout.VALUE_MAX));
    }

    static Block open(Space space, NamedObject object, int permits, int limit) {
        return NamedBlocks.openOrCreate(space, object, SemaphoreLayout.SIZE,
                (words, offset) -> CountingSemaphore.initialize(words, offset, permits, limit));
    }

    Semaphore(Block block) {
        this.block = block;
        this.semaphore = CountingSemaphore.at(block.words(), block.offset());
    }

    static Block allocate(int permits, int limit) {
        Block block = dev.kindred.internal.space.Space.current().allocate(SemaphoreLayout.SIZE);
        CountingSemaphore.initialize(block.words(), block.offset(), permits, limit);
        return block;
    }

    @Override
    final int attempt(long deadline, boolean interruptible) {
        try {
            int outcome = semaphore.acquire(deadline, interruptible);
            block.requireMembership();
            return outcome;
        } finally {
            Reference.reachabilityFence(block);
        }
    }

    /**
     * Adds a permit, and wakes one who waits for it. Any thread of any process may do so. The interrupt status is neither looked at nor
     * changed.
     *
     * @throws IllegalStateException            if it has as many permits as it can have, which for one that is not bounded is 2147483647;
     *                                          nothing is changed then
     * @throws dev.kindred.SpaceClosedException if it is of a space that this process has left
     */
    public final void release() {
        add(1);
    }

    /**
     * Adds permits, all at once, and wakes as many of those who wait. Any thread of any process may do so. The interrupt status is neither
     * looked at nor changed.
     *
     * @param permits how many; for 0 nothing is done
     * @throws IllegalArgumentException         if {@code permits} is negative
     * @throws IllegalStateException            if it would have more permits than it can have, which for one that is not bounded is
     *                                          2147483647; nothing is changed then
     * @throws dev.kindred.SpaceClosedException if it is of a space that this process has left
     */
    public final void release(int permits) {
        if (permits < 0) {
            throw new IllegalArgumentException("a semaphore cannot be released " + permits + " times");
        }
        if (permits > 0) {
            add(permits);
        }
    }

    private void add(int permits) {
        int result;
        try {
            result = semaphore.release(permits);
            block.requireMembership();
        } finally {
            Reference.reachabilityFence(block);
        }
        if (result != CountingSemaphore.RELEASED) {
            throw overflow(this, permits, result, semaphore.limit());
        }
    }

    @Override
    public final int getValue() {
        try {
            int value = semaphore.value();
            block.requireMembership();
            return value;
        } finally {
            Reference.reachabilityFence(block);
        }
    }

    /** {@return the most permits that it can have} */
    final int limit() {
        return semaphore.limit();
    }

    /**
     * Gives its first 32 bytes, which are a {@code sem_t} of glibc's that processes share: C code may {@code sem_wait}, {@code
     * sem_trywait}, {@code sem_timedwait}, {@code sem_post} and {@code sem_getvalue} it, as long as the segment is reachable; not {@code
     * sem_destroy}. C code is not told of deaths: where a process was woken for a permit and died before it took it, C code that sleeps is
     * not woken instead of it.
     *
     * @return the bytes, which keep the semaphore allocated
     * @throws dev.kindred.UnsupportedPlatformException if the C library is not glibc
     * @throws dev.kindred.SpaceClosedException         if it is of a space that this process has left. If it leaves the space later, the
     *                                                  segment is zeros that nobody shares
     */
    public final MemorySegment segment() {
        LibrarySemaphores.requireSameLayout("Semaphore.segment()");
        block.requireMembership();
        return block.view().asSlice(0, SemaphoreLayout.LIBRARY_SIZE);
    }

    /** {@return the type and the number of permits} */
    @Override
    public String toString() {
        return describe(() -> "Semaphore[value " + getValue() + "]");
    }

    final String describe(Supplier<String> text) {
        return NamedBlocks.describe(getClass(), block, text);
    }

    /**
     * Gives way to a ticket while a child is being started.
     *
     * @return the ticket
     * @throws ObjectStreamException at any other time
     */
    @Serial
    final Object writeReplace() throws ObjectStreamException {
        boolean bounded = this instanceof BoundedSemaphore;
        return new SemaphoreTicket(Inheritance.travel(this, block), bounded ? SemaphoreTicket.Kind.BOUNDED : SemaphoreTicket.Kind.COUNTING);
    }
}
