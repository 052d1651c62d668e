// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import org.jspecify.annotations.Nullable;

/**
 * A task and its argument, which travel together.
 *
 * @param <A>      the argument's type
 * @param task     the task
 * @param argument its argument
 */
record TaskWithArgument<A extends @Nullable Object>(ChildConsumer<A> task, A argument) implements ChildTask {

    @Override
    public void run() throws Exception {
        task.accept(argument);
    }
}
