// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row of the table.
 *
 * @param name   begins the row's line; a name that goes on from another's after a dot, and that of {@code of}, is a variant of it
 * @param of     the name of the row this one is a variant of, with which it is played, or its own
 * @param unit   of the figures
 * @param target what the figures should be
 * @param task   what our process plays
 * @param peer   the peer's name and how to start it, or null where there is none
 */
record Row(String name, String of, String unit, Target target, Class<? extends Task> task, @Nullable Peer peer) {

    /** How to start a peer. */
    @FunctionalInterface
    interface Start {
        /** {@return the command} */
        List<String> command(Machine machine) throws MissingPeerException, IOException;
    }

    /** A peer's name, which is one word, and how to start it. */
    record Peer(String name, Start start) {}

    /** A row with a peer. */
    static Row beside(String name, String unit, Target target, Class<? extends Task> task, String peer, Start start) {
        return new Row(name, name, unit, target, task, new Peer(peer, start));
    }

    /** A row without a peer. */
    static Row alone(String name, String unit, Target target, Class<? extends Task> task) {
        return new Row(name, name, unit, target, task, null);
    }

    /** {@return this row as a variant of another, with which it is played} */
    Row variantOf(String other) {
        return new Row(name, other, unit, target, task, peer);
    }
}
