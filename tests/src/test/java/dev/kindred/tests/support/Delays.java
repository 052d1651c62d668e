// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.support;

import java.time.Duration;

/**
 * The only durations tests may use, all under one factor: {@code -Dkindred.test.scale=3} gives a slow machine three
 * times as long.
 *
 * <p>A test waits {@link #LONG} for what must happen, and {@link #SHORT} where it looks whether something happens that
 * must not.
 */
public final class Delays {

    private static final double SCALE = Double.parseDouble(System.getProperty("kindred.test.scale", "1"));

    /** Too short for a person to notice: how long a test watches that nothing happens. */
    public static final Duration SHORT = scaled(50);

    /** Longer than {@link #SHORT} by enough that the order of the two is certain. */
    public static final Duration SMALL = scaled(250);

    /** Longer than what a busy machine takes to start a thread and slower than no child is to start. */
    public static final Duration MEDIUM = scaled(1_000);

    /** What no right program reaches: the deadline for everything that must happen. */
    public static final Duration LONG = scaled(15_000);

    private Delays() {}

    /**
     * {@return a duration under the factor of this run}
     *
     * @param milliseconds how long on a machine of usual speed
     */
    public static Duration scaled(final long milliseconds) {
        return Duration.ofNanos((long) (milliseconds * 1e6 * SCALE));
    }
}
