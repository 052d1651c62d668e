// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.soak;

import java.io.Serializable;
import java.util.SplittableRandom;

import dev.kindred.internal.os.Processes;
import dev.kindred.tests.soak.Ledger.Account;
import jnr.constants.platform.Signal;

/** What the workers do with one primitive, over and over, and what must be true of it all the same. */
interface Exercise extends Serializable {

    /** Of how many calls of {@link #perhapsDie} one does it. */
    int ONE_IN = 400;

    /** {@return what is exercised} */
    String name();

    /**
     * Does it once. Any thread of any worker calls this, and may be killed anywhere in it.
     *
     * @throws AssertionError if something is seen that must not be
     */
    void run(Account account, SplittableRandom random) throws Exception;

    /** Kills the calling process now and then: at a moment at which it holds something, which a kill from outside seldom meets. */
    static void perhapsDie(SplittableRandom random) {
        if (random.nextInt(ONE_IN) == 0) {
            Processes.raise(Signal.SIGKILL.intValue());
        }
    }

    /** Gives back what a thread that was killed held for certain, so that the others do not run out of it. The parent calls it. */
    default void inherit(Account dead) throws Exception {}

    /**
     * Compares what there is with what was done. The parent calls it when all workers have ended.
     *
     * @throws AssertionError if they differ
     */
    default void check(Ledger ledger, int index) throws Exception {}
}
