// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import org.jspecify.annotations.Nullable;

/**
 * A task and its two arguments, which travel together.
 *
 * @param <A>    the first argument's type
 * @param <B>    the second argument's type
 * @param task   the task
 * @param first  its first argument
 * @param second its second argument
 */
record TaskWithArguments<A extends @Nullable Object, B extends @Nullable Object>(
        ChildBiConsumer<A, B> task, A first, B second)
        implements ChildTask {

    @Override
    public void run() throws Exception {
        task.accept(first, second);
    }
}
