// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import java.io.Serializable;

import dev.kindred.bench.Round;
import dev.kindred.bench.Task;

/**
 * Some processes put and others take, each pinned to a core. Figure: nanoseconds a message, from the moment all began until all had ended.
 *
 * @param <S> what they share
 */
abstract class Transfer<S extends Serializable> implements Task {

    private final int messages;
    private final Ensemble<S> ensemble;

    /**
     * Starts the other processes.
     *
     * @param messages how many a round has, of all who put together
     * @param part     what a process puts or takes
     */
    Transfer(int processes, S shared, int messages, Ensemble.Part<S> part) {
        this.messages = messages;
        ensemble = Ensemble.start(processes, shared, part);
    }

    @Override
    public final Round play() throws Exception {
        return Round.of(ensemble.play() / messages);
    }
}
