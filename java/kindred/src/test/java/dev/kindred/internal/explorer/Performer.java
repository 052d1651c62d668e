// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.explorer;

/** Who answers the operations of an actor. */
@FunctionalInterface
interface Performer {

    /** {@return the answer} */
    long perform(Operation operation);
}
