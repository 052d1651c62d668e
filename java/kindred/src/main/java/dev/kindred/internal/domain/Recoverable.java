// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.domain;

/** What keeps traces of a process that must be removed before another takes its slot. */
@FunctionalInterface
public interface Recoverable {

    /**
     * Removes them. Done again from the start by another process if this one dies while at it.
     *
     * @return false when it could not be done now and must be tried again later
     */
    boolean recover(int slot);
}
