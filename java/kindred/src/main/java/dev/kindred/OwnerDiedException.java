// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred;

import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * Thrown instead of acquiring a lock whose owner's process ended while holding it, killed or not.
 *
 * <p>What the lock protects may be half changed. Until somebody calls the lock's {@code recover()} and repairs that, everybody who asks for the
 * lock gets this exception, which leaves the lock as it is. The interrupt status of the thread is left as it is, too.
 *
 * <p>Only a wait for a condition throws it with the lock held, as such a wait always ends: so that a {@code finally} that unlocks is
 * right. If the thread unlocks it without calling {@code recover()}, the lock is refused to others as before.
 */
public class OwnerDiedException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    /** The process that died, null when it is no longer known. */
    private final @Nullable String name;

    /** Its process number, 0 when it is no longer known. */
    private final long pid;

    /**
     * Creates one.
     *
     * @param lock  what was to be acquired
     * @param owner the process that died holding it, or null when the family no longer remembers which
     */
    public OwnerDiedException(String lock, @Nullable ProcessIdentity owner) {
        super(lock + ": its owner " + (owner == null ? "" : owner + " ") + "ended while holding it; call recover() to take it over, then repair "
                + "what it protects");
        this.name = owner == null ? null : owner.name();
        this.pid = owner == null ? 0 : owner.pid();
    }

    /** {@return the process that died, or empty when so many have come and gone since that the family no longer remembers which} */
    public final Optional<ProcessIdentity> owner() {
        return Optional.ofNullable(name).map(known -> new ProcessIdentity(known, pid));
    }
}
