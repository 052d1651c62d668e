// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred;

import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;

import org.jspecify.annotations.Nullable;

/** Thrown instead of waiting at a barrier of which one process has ended, killed or not: the others would wait for it for ever. */
public class PartyDiedException extends BrokenBarrierException {

    private static final long serialVersionUID = 1;

    /** The process that ended, null when it is no longer known. */
    private final @Nullable String name;

    /** Its process number, 0 when it is no longer known. */
    private final long pid;

    /**
     * Creates one.
     *
     * @param party the process that ended, or null when the family no longer remembers it
     */
    public PartyDiedException(@Nullable ProcessIdentity party) {
        super("Barrier: " + (party == null ? "a process" : party) + " ended that was of it; call reset() to use it without that process, "
                + "or let a process that need not come any more call deregister() before it ends");
        this.name = party == null ? null : party.name();
        this.pid = party == null ? 0 : party.pid();
    }

    /** {@return the process that ended, or empty when so many have come and gone since that the family no longer remembers it} */
    public final Optional<ProcessIdentity> party() {
        return Optional.ofNullable(name).map(known -> new ProcessIdentity(known, pid));
    }
}
