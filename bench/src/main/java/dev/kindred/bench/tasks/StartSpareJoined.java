// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import java.io.IOException;

/** From the call of start to the return of join: the process is gone. */
public final class StartSpareJoined extends StartSpare {

    /**
     * Starts a first child.
     *
     * @throws IOException          if a core cannot be chosen
     * @throws InterruptedException if the thread is interrupted
     */
    public StartSpareJoined() throws IOException, InterruptedException {
        super(Starts.Times::joined);
    }
}
