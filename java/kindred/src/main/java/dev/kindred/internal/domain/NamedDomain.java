// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.domain;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntToLongFunction;

import dev.kindred.internal.crash.CrashPoint;
import dev.kindred.internal.os.FileStatus;
import org.jspecify.annotations.Nullable;

/**
 * This process's membership in a domain that unrelated processes find by its name.
 *
 * <p>Its file is made without a name and gets it when all is in it, its maker's slot included, so nobody finds it half made and a maker
 * that is killed leaves nothing. The last to leave removes the name ({@link Door}). If all members die, the file stays, and the next to
 * enter recovers them and goes on with what is in it.
 */
public final class NamedDomain {

    private static final long PAUSE_NANOSECONDS = 1_000_000;

    /** How long whoever enters waits for one that is about to remove the name, which takes that one two system calls. */
    private static final long PATIENCE_NANOSECONDS = 10_000_000_000L;

    private final NamedFile named;
    private final Domain domain;
    private final Door door;

    private NamedDomain(NamedFile named, Domain domain) {
        this.named = named;
        this.domain = domain;
        this.door = new Door(named.file().words(), domain.table(), named);
    }

    /**
     * Enters the domain of a name, which is made if there is none. To be followed by {@link Domain#announceEntry} or, if that fails, by
     * {@link #leave}.
     *
     * @param name    its name
     * @param process what messages are to call this process
     * @param regions how many regions a new file is to have room for
     * @param size    how large a file with room for so many regions is
     * @throws IllegalStateException                  if the file is another user's, or of another version, or none of a domain; if the
     *     domain has as many processes as it can have; if a process that is about to remove it does not get on with that
     * @throws dev.kindred.OutOfSharedMemoryException if there is no room for it
     */
    public static NamedDomain enter(String name, String process, int regions, IntToLongFunction size) {
        while (true) {
            NamedFile found = NamedFile.open(name, size);
            CrashPoint.NAMED_LOOKED_FOR.pass();
            NamedFile named = found != null ? found : NamedFile.create(name, regions, size);
            NamedDomain entered = join(named, process);
            boolean inside = false;
            try {
                inside = found == null ? entered.publish() : entered.passDoor();
            } finally {
                if (!inside) {
                    entered.abandon();
                }
            }
            if (inside) {
                return entered;
            }
        }
    }

    private static NamedDomain join(NamedFile named, String process) {
        try {
            return new NamedDomain(named, Domain.join(named.file(), process, 0));
        } catch (RuntimeException e) {
            named.file().discard();
            throw e;
        }
    }

    private boolean publish() {
        CrashPoint.NAMED_PREPARED.pass();
        boolean published = named.publish();
        CrashPoint.NAMED_PUBLISHED.pass();
        return published;
    }

    /** {@return whether this process is in; false if the name is gone} */
    private boolean passDoor() {
        CrashPoint.NAMED_JOINED.pass();
        long deadline = System.nanoTime() + PATIENCE_NANOSECONDS;
        while (true) {
            Door.Entry entry = door.tryEnter();
            if (entry != Door.Entry.LATER) {
                return entry == Door.Entry.INSIDE;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException(named + " is being removed by " + domain.describe(door.closer()) + ", which does not get on with it"
                        + ": if it is stopped, let it go on, or end it");
            }
            LockSupport.parkNanos(this, PAUSE_NANOSECONDS);
        }
    }

    /** Takes back that this process has joined a file in which it does not stay. */
    private void abandon() {
        domain.table().leave(domain.id());
        domain.table().dropLive(domain.id());
        named.file().discard();
    }

    /**
     * Leaves the domain, whose words this process has left before ({@link dev.kindred.internal.words.MappedWords#leave}). For the others it
     * is as if this process had died. The last to leave removes the name, unless it is still needed.
     *
     * @param isNeeded whether the name is to stay for those who come later; asked if this process is the last
     * @throws dev.kindred.SystemCallException if this process has no descriptor left to close its mapping with; it has left all the same
     */
    public void leave(BooleanSupplier isNeeded) {
        domain.leave();
        try {
            door.leave(domain.id(), isNeeded);
        } finally {
            CrashPoint.NAMED_LEAVING.pass();
            named.file().detach();
            // From here on another may take the slot, and what this process could reach may be given to others.
            domain.table().dropLive(domain.id());
        }
    }

    /** {@return this process's membership} */
    public Domain domain() {
        return domain;
    }

    /** {@return the domain's file as the system knows it} To be called before this process leaves. */
    public FileStatus status() {
        return named.status();
    }
}
