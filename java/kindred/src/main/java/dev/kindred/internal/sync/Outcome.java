// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.sync;

/** What became of the attempt to have something that one may have to wait for. A primitive may have further outcomes of its own. */
public final class Outcome {

    /** It is had now. */
    public static final int ACQUIRED = 0;

    /** Not had: the deadline came. */
    public static final int TIMED_OUT = 3;

    /** Not had: the thread was interrupted; its interrupt status was cleared. */
    public static final int INTERRUPTED = 4;

    private Outcome() {}
}
