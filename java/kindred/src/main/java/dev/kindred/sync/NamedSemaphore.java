// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.sync;

import java.io.InvalidObjectException;
import java.io.ObjectStreamException;
import java.io.Serial;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

import dev.kindred.SpaceClosedException;
import dev.kindred.internal.space.Space;
import dev.kindred.internal.sync.CountingSemaphore;
import dev.kindred.internal.sync.SemaphoreLayout;
import dev.kindred.internal.words.MappedWords;

/**
 * A semaphore that any process of the same user and machine reaches by its name.
 *
 * {@snippet :
 * try (NamedSemaphore orders = NamedSemaphore.createOrOpen("orders", 0)) {
 *     orders.release();
 *     orders.acquire();    // or another process does, which has opened "orders"
 * }
 * NamedSemaphore.unlink("orders");
 * }
 *
 * <p>It is a semaphore of the C library, as {@code sem_open} makes them, and needs glibc. Permits have no owners: any thread of any process
 * may release one, whether it has taken one or not. A permit goes to whoever is first to ask when there is one, without any order. Where
 * there are permits, taking one is one compare-and-set, as is giving one back where nobody waits, without a call into the kernel and
 * without garbage.
 *
 * <p><b>Who can reach it:</b> every process of this user that opens it by name: C programs by {@code sem_open("/orders", ...)}, CPython,
 * whose {@code multiprocessing} uses the same semaphores, and Java programs, of the same family or not. It travels anywhere where objects
 * are serialized, as its name. It exists until somebody calls {@link #unlink}: no end of a process does, and nobody keeps a list of names.
 *
 * <p><b>What a crash leaves behind:</b> whoever dies between taking a permit and giving it back has taken it for good, as nobody knows that
 * it was to come back. Its name stays. A permit that was released is there even if its releaser died before it woke anybody, and so is one
 * for which somebody was woken who died; who waits for it in this library finds it, after the death of a process of the same family at
 * once, after that of another, or while one is merely stopped, within a second. C code and CPython look only when they are woken. A process
 * that dies waiting takes no permit; it makes every later release call into the kernel, which takes a few hundred nanoseconds.
 *
 * <p><b>Closing</b> one lets go of it in this process, and only there: every later call throws {@link IllegalStateException}, and so does
 * every call that waits for a permit by this object.
 *
 * <p><b>Fairness:</b> that of the C library's semaphores: a permit goes to whoever is first, be it one who comes new, for ever.
 *
 * <p><b>Memory consistency effects:</b> what a thread did before it released happens-before what another, of whatever process, does after
 * it has acquired a permit released then or later, on all memory that the two share.
 */
public final class NamedSemaphore extends AbstractSemaphore implements AutoCloseable {

    @Serial
    private static final long serialVersionUID = 1;

    private final transient String name;
    private final transient boolean created;

    /** What keeps the semaphore open; each use of it keeps it reachable meanwhile. */
    private final transient MemorySegment memory;

    private final transient MappedWords words;
    private final transient CountingSemaphore semaphore;
    private transient volatile boolean closed;

    private NamedSemaphore(String name, MemorySegment memory, boolean created) {
        this.name = name;
        this.created = created;
        this.memory = memory;
        this.words = Space.current().words().outside(memory);
        this.semaphore = CountingSemaphore.ofLibrary(words, 0);
    }

    /**
     * Creates a semaphore that processes of this user (mode 0600) can open.
     *
     * @param name    its name: at most 251 bytes in UTF-8, without '/' and NUL
     * @param permits how many permits it has at first
     * @return the semaphore, to be closed, and to be unlinked by somebody
     * @throws IllegalArgumentException                  if the name is not possible or {@code permits} is negative
     * @throws NamedSemaphoreExistsException             if the name exists
     * @throws dev.kindred.OutOfSharedMemoryException    if there is no room; nothing was created
     * @throws dev.kindred.UnsupportedPlatformException  if the C library is not glibc
     */
    public static NamedSemaphore create(String name, int permits) {
        SemaphoreNames.check(name);
        requirePermits("NamedSemaphore", permits);
        return new NamedSemaphore(name, SemaphoreMapping.create(name, permits), true);
    }

    /**
     * Opens a semaphore that exists.
     *
     * @param name its name
     * @return the semaphore, with the permits that it has, to be closed
     * @throws IllegalArgumentException                 if the name is not possible
     * @throws NamedSemaphoreNotFoundException          if the name does not exist
     * @throws IllegalStateException                    if it belongs to another user, or is no semaphore
     * @throws dev.kindred.SystemCallException          if this user may not open it
     * @throws dev.kindred.UnsupportedPlatformException if the C library is not glibc
     */
    public static NamedSemaphore open(String name) {
        SemaphoreNames.check(name);
        return new NamedSemaphore(name, SemaphoreMapping.open(name), false);
    }

    /**
     * Opens a semaphore, or creates it if the name is free. Of several processes that do so at once, one creates it.
     *
     * @param name    its name
     * @param permits how many permits it has at first if it is created
     * @return the semaphore, to be closed; {@link #isCreator()} says which of the two was done
     * @throws IllegalArgumentException                 if the name is not possible or {@code permits} is negative
     * @throws IllegalStateException                    if it exists and belongs to another user, or is no semaphore
     * @throws dev.kindred.OutOfSharedMemoryException   if there is no room; nothing was created
     * @throws dev.kindred.SystemCallException          if this user may not open it
     * @throws dev.kindred.UnsupportedPlatformException if the C library is not glibc
     */
    public static NamedSemaphore createOrOpen(String name, int permits) {
        requirePermits("NamedSemaphore", permits);
        while (true) {
            try {
                return open(name);
            } catch (NamedSemaphoreNotFoundException free) {
                try {
                    return create(name, permits);
                } catch (NamedSemaphoreExistsException taken) {
                    // Somebody created it in between: open that one.
                }
            }
        }
    }

    /**
     * Removes a name. Who has the semaphore open goes on using it; a later {@link #create} makes another.
     *
     * @param name the name
     * @throws IllegalArgumentException        if the name is not possible
     * @throws NamedSemaphoreNotFoundException if the name does not exist
     * @throws dev.kindred.SystemCallException if this user may not remove it
     */
    public static void unlink(String name) {
        SemaphoreMapping.unlink(SemaphoreNames.check(name));
    }

    @Override
    int attempt(long deadline, boolean interruptible) {
        requireOpen();
        try {
            return semaphore.acquire(deadline, interruptible);
        } catch (SpaceClosedException closedMeanwhile) {
            throw new IllegalStateException(this + " while a thread waited for a permit", closedMeanwhile);
        } finally {
            Reference.reachabilityFence(memory);
        }
    }

    /**
     * Adds a permit, and wakes one who waits for it. Any thread of any process may do so. The interrupt status is neither looked at nor
     * changed.
     *
     * @throws IllegalStateException if it is closed, or has 2147483647 permits, which is the most; nothing is changed then
     */
    public void release() {
        add(1);
    }

    /**
     * Adds permits, all at once, and wakes as many of those who wait. Any thread of any process may do so. The interrupt status is neither
     * looked at nor changed.
     *
     * @param permits how many; for 0 nothing is done
     * @throws IllegalArgumentException if {@code permits} is negative
     * @throws IllegalStateException    if it is closed, or would have more than 2147483647 permits; nothing is changed then
     */
    public void release(int permits) {
        if (permits < 0) {
            throw new IllegalArgumentException("a semaphore cannot be released " + permits + " times");
        }
        if (permits > 0) {
            add(permits);
        }
    }

    private void add(int permits) {
        requireOpen();
        int result;
        try {
            result = semaphore.release(permits);
        } finally {
            Reference.reachabilityFence(memory);
        }
        if (result != CountingSemaphore.RELEASED) {
            throw overflow(this, permits, result, SemaphoreLayout.VALUE_MAX);
        }
    }

    @Override
    public int getValue() {
        requireOpen();
        return value();
    }

    private int value() {
        try {
            return semaphore.value();
        } finally {
            Reference.reachabilityFence(memory);
        }
    }

    /** {@return its name} */
    public String name() {
        return name;
    }

    /** {@return whether this object created the semaphore; false if it opened what was there} */
    public boolean isCreator() {
        return created;
    }

    /** {@return whether it is closed} */
    public boolean isClosed() {
        return closed;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException(this + " cannot be used any more");
        }
    }

    /** Lets go of the semaphore in this process, and ends the calls that wait for a permit. Closing again does nothing. */
    @Override
    public void close() {
        closed = true;
        words.letGo(name);
        try {
            semaphore.endWaits();
        } finally {
            Reference.reachabilityFence(memory);
        }
    }

    /** {@return its name, and the number of permits or that it is closed} */
    @Override
    public String toString() {
        return "NamedSemaphore[" + name + (closed ? ", closed]" : ", value " + value() + "]");
    }

    @Serial
    private Object writeReplace() throws ObjectStreamException {
        if (closed) {
            throw new InvalidObjectException(this + " cannot go to another process");
        }
        return new Ticket(name);
    }

    /** What travels. */
    private record Ticket(String name) implements Serializable {

        @Serial
        private Object readResolve() {
            return open(name);
        }
    }
}
