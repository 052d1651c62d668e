// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.os;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Processes#spawn} starts.
 *
 * @param arguments   the arguments, the first of which is the path of the program
 * @param environment {@code NAME=value} for each variable; there are no others
 * @param folder      the working folder, or null for this process's
 * @param descriptors descriptor {@code i} of the new process is {@code descriptors.get(i)} of this one; -1 leaves {@code i} closed; no other
 *                    is open there; at most 1024
 * @param deathSignal the signal the new process gets when the thread that starts it ends, 0 for none
 */
public record SpawnRequest(
        List<String> arguments, List<String> environment, @Nullable String folder, List<Integer> descriptors, int deathSignal) {

    /** Copies the lists. */
    public SpawnRequest {
        arguments = List.copyOf(arguments);
        environment = List.copyOf(environment);
        descriptors = List.copyOf(descriptors);
        if (arguments.isEmpty()) {
            throw new IllegalArgumentException("no program to start: the list of arguments is empty");
        }
    }
}
