// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred;

import java.util.List;

import dev.kindred.internal.space.NamedObject;
import dev.kindred.internal.space.NamedSpaces;

/**
 * A named place where processes that are not related meet, and share locks and the like by name.
 *
 * {@snippet :
 * try (Space space = Space.open("orders")) {
 *     Lock lock = Lock.open(space, "book");
 *     lock.lock();
 *     try {
 *         System.out.println("only one of us at a time");
 *     } finally {
 *         lock.unlock();
 *     }
 * }
 * }
 *
 * <p>Whoever opens the name first makes the space, and all others of the same user on the same machine find it. Its objects are made and
 * found by the {@code open} methods of their types, and conditions by {@code openCondition} of their locks; one that exists already is found
 * as it is, whoever had made it. Whoever asks for it as something else is refused. There is room for 8 GiB, and for 16384 names. A space
 * opened several times in one process is one membership, which ends when it was closed as often.
 *
 * <p><b>How long it lasts.</b> The space, with all its objects, exists as long as a process has it open. The last to close it removes it,
 * unless one of its locks is poisoned, or is by that closing: then the space stays, and the next to open it is told by the lock. A JVM
 * that ends in order, be it by SIGTERM, closes what it has open after its shutdown hooks have run. If the last to have it open is killed or
 * crashes, the space stays, and the next to open it finds its objects as they were. It takes a few hundred KiB of /dev/shm until then, and
 * is removed by hand by deleting the file that {@link #toString()} names, while nobody has it open.
 *
 * <p><b>When a process dies</b> that has it open, the others go on, and what it held is poisoned or let go as its type says, as within a
 * family. A process that closes the space does to the others what its death would do: a lock that it holds is poisoned. Its own threads
 * that wait for objects of the space, or use one later, get a {@link SpaceClosedException}.
 *
 * <p><b>Children</b> inherit the objects of a space as they do others, by capture or as an argument, and have the space open as long as
 * they have the objects. A space itself does not travel: a child opens it by its name.
 *
 * <p>The space is a file in /dev/shm that only its user can open; it is refused if it is another user's, or was made by another version of
 * Kindred. Unlike a family's memory it cannot be sealed: a program of the same user that makes the file shorter crashes all who have it
 * open.
 *
 * <p>All methods may be called by any thread at any time. Opening a space that somebody has closed happens-after that closing.
 */
public final class Space implements AutoCloseable {

    private final String name;
    private final NamedSpaces.Use use;
    private volatile boolean open = true;

    private Space(String name, NamedSpaces.Use use) {
        this.name = name;
        this.use = use;
    }

    /**
     * Opens the space of a name, which is made if there is none. Of all who do so at once, one makes it. If the processes that had it open
     * last have all died, they are recovered now. The call waits only for another process that is about to remove the space, which is done
     * in a moment; the interrupt status is left as it is.
     *
     * @param name 1 to 128 ASCII letters, digits, dots, dashes and underscores
     * @return the space, to be closed
     * @throws IllegalArgumentException   if that is no name for a space
     * @throws IllegalStateException      if the name is that of another user's space, of one of another version of Kindred, or of a file
     *     that is no space or was damaged; if 4096 processes have it open; or if a process has been stopped while it was removing it
     * @throws OutOfSharedMemoryException if there is no room for it
     */
    public static Space open(String name) {
        return new Space(name, NamedSpaces.open(name));
    }

    /**
     * Says how this space is called.
     *
     * @return the name it was opened by
     */
    public String name() {
        return name;
    }

    /**
     * Says whether this object can be used.
     *
     * @return false once it is closed
     */
    public boolean isOpen() {
        return open;
    }

    /**
     * Says which objects have names in this space.
     *
     * @return the names, sorted
     * @throws SpaceClosedException if this space is closed
     */
    public List<String> names() {
        requireOpen();
        return use.space().objects().stream().map(NamedObject::name).sorted().toList();
    }

    /**
     * Takes an object's name away. Whoever has the object goes on using it, and shares it with those who have it; whoever asks for the name
     * from now on gets a new object. The object's memory is free when nobody can reach it any more.
     *
     * @param object the object's name
     * @return whether there was an object of that name
     * @throws IllegalArgumentException if that is no name for an object
     * @throws SpaceClosedException     if this space is closed
     */
    public boolean remove(String object) {
        requireOpen();
        return use.space().remove(object);
    }

    /**
     * Says which processes have this space open.
     *
     * @return those whose death is not known yet, this one among them, in no particular order
     * @throws SpaceClosedException if this space is closed
     */
    public List<ProcessIdentity> members() {
        requireOpen();
        return use.space().members().stream().map(member -> new ProcessIdentity(member.name(), member.pid())).toList();
    }

    private void requireOpen() {
        if (!open) {
            throw new SpaceClosedException(name);
        }
    }

    /**
     * Closes this space. Closing it again does nothing. When all who have opened it in this process have closed it, the process leaves the
     * space: threads that wait for its objects get a {@link SpaceClosedException}, and so does who uses them later; locks that the process
     * holds are poisoned. If no other process has it open, it is removed, unless a lock in it is poisoned.
     *
     * <p>Objects on their way to a child that is being started keep the space open until the child has them.
     *
     * @throws SystemCallException if the space cannot be removed, or this process may have no more descriptors; it has left the space all
     *     the same
     */
    @Override
    public void close() {
        open = false;
        use.close();
    }

    /** {@return the type, the name, the file, and how many processes have it open} */
    @Override
    public String toString() {
        String text = "Space[" + name + ", /dev/shm/kindred." + name;
        try {
            return text + (open ? ", processes: " + use.space().members().size() : ", closed") + "]";
        } catch (SpaceClosedException closedMeanwhile) {
            return text + ", closed]";
        }
    }
}
