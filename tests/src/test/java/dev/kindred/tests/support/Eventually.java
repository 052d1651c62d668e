// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.support;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Waits until something has become true. Nothing depends on how long that takes, only on that it happens before the
 * deadline.
 */
public final class Eventually {

    private static final long POLL_NANOSECONDS = TimeUnit.MILLISECONDS.toNanos(2);

    private Eventually() {}

    /**
     * Waits until a condition holds, at most {@link Delays#LONG}.
     *
     * @param what      what is waited for, for the message
     * @param condition asked again and again on this thread
     * @throws AssertionError when the time is up
     */
    public static void holds(final String what, final Callable<Boolean> condition) {
        holds(what, Delays.LONG, condition);
    }

    /**
     * Waits until a condition holds.
     *
     * @param what      what is waited for, for the message
     * @param limit     how long at most
     * @param condition asked again and again on this thread
     * @throws AssertionError when the time is up
     */
    public static void holds(final String what, final Duration limit, final Callable<Boolean> condition) {
        if (!holdsWithin(limit, condition)) {
            throw new AssertionError("after " + limit + " still not: " + what);
        }
    }

    /**
     * Waits until a value satisfies a condition, at most {@link Delays#LONG}.
     *
     * @param what      what is waited for, for the message, to which the last value is added
     * @param value     read again and again on this thread
     * @param condition what it must satisfy
     * @param <T>       the value's type
     * @return the value that satisfied it
     * @throws AssertionError when the time is up
     */
    public static <T> T becomes(final String what, final Supplier<T> value, final Predicate<? super T> condition) {
        final long deadline = System.nanoTime() + Delays.LONG.toNanos();
        while (true) {
            final T current = value.get();
            if (condition.test(current)) {
                return current;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("after " + Delays.LONG + " still not: " + what + "; last seen: " + current);
            }
            LockSupport.parkNanos(POLL_NANOSECONDS);
        }
    }

    /**
     * {@return whether a condition came to hold in time}
     *
     * @param limit     how long at most
     * @param condition asked again and again on this thread, at least once
     */
    public static boolean holdsWithin(final Duration limit, final Callable<Boolean> condition) {
        final long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            try {
                if (condition.call()) {
                    return true;
                }
            } catch (final RuntimeException failed) {
                throw failed;
            } catch (final Exception failed) {
                throw new AssertionError("the condition itself failed", failed);
            }
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("interrupted while waiting for a condition (by the watchdog, most likely)");
            }
            LockSupport.parkNanos(POLL_NANOSECONDS);
        }
    }
}
