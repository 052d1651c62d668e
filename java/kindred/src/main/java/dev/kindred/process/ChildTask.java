// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import java.io.Serializable;

/**
 * What a child process does.
 *
 * <p>A task is serialized when the child is started. What it captures travels with it: shared objects (values, arrays,
 * locks, {@linkplain dev.kindred.channel.Descriptor descriptors}) arrive as the same objects, everything else as a copy. A lambda
 * expression or method reference that is passed where a {@code ChildTask} is expected is serializable; a lambda in an
 * instance method that uses a field captures its {@code this}.
 */
@FunctionalInterface
public interface ChildTask extends Serializable {

    /**
     * Runs in the child, on its main thread.
     *
     * @throws Exception any; the child prints it with its own name and ends with exit code 1
     */
    void run() throws Exception;
}
