// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

/** The numbers of the signals that children are sent or that ask them to end; the same on every Linux. */
final class Signal {

    static final int HANG_UP = 1;
    static final int INTERRUPT = 2;
    static final int KILL = 9;
    static final int TERMINATE = 15;

    private Signal() {}
}
