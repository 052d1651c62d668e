// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import java.io.Serializable;

/**
 * A {@linkplain ChildTask task} with two arguments, so that a method reference will do where a lambda would have to
 * capture.
 *
 * @param <A> the first argument's type; the object must be serializable or inheritable
 * @param <B> the second argument's type; the object must be serializable or inheritable
 */
@FunctionalInterface
public interface ChildBiConsumer<A, B> extends Serializable {

    /**
     * Runs in the child, on its main thread.
     *
     * @param first  what the parent passed: the same object if it is a shared one, else a copy
     * @param second what the parent passed: the same object if it is a shared one, else a copy
     * @throws Exception any; the child prints it with its own name and ends with exit code 1
     */
    void accept(A first, B second) throws Exception;
}
