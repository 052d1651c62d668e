// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import java.io.IOException;

/** From the call of start to the child's first line. */
public final class StartSpareRun extends StartSpare {

    /**
     * Starts a first child.
     *
     * @throws IOException          if a core cannot be chosen
     * @throws InterruptedException if the thread is interrupted
     */
    public StartSpareRun() throws IOException, InterruptedException {
        super(Starts.Times::firstLine);
    }
}
