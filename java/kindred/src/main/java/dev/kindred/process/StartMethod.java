// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

/**
 * Where the JVM of a child comes from.
 *
 * <p>A JVM cannot fork, because only the calling thread would survive in the copy. A child is always a new JVM that has
 * initialised its classes anew; the methods differ only in when that JVM was started.
 */
public enum StartMethod {

    /**
     * The task goes to a JVM that was started ahead of need, if one with equal class path, module path, options,
     * environment and working folder is there; if none is, this is {@link #SPAWN}. The default. {@link Spares} says how
     * many are kept and for how long.
     */
    SPARE,

    /**
     * A JVM is started when the child is: the child is certainly alone with what its parent gave it, and slower to
     * come.
     */
    SPAWN
}
