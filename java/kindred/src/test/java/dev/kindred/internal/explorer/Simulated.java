// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.explorer;

/** An object in the hands of actors that belongs to the explorer: it has no state of its own, what it stands for is part of the world. */
interface Simulated {

    /** {@return what tells it from others of its class; the same in each run} */
    long identity();
}
