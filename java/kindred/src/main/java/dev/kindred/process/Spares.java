// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import java.time.Duration;

/**
 * The spares: JVMs that are started ahead of need, so that a child starts in a few milliseconds instead of a few dozen.
 *
 * <p>A spare has loaded the library, joined the family and linked what a task will need; it waits for one task and
 * becomes one child. It fits a child with equal class path, module path, options, environment and working folder. One
 * that is used is replaced in the background. A spare costs about 40 MB and no processor time while it waits; it leaves
 * when nobody has used it for a while, or with its parent.
 *
 * {@snippet :
 * Spares.prepare(4);                      // at the program's start: four children are going to be needed at once
 * }
 *
 * <p>Two system properties say how many and how long: {@code kindred.spares}, how many of a kind are kept when one has
 * been used (default 1; 0 for none; at most {@value #LIMIT}), and {@code kindred.spares.seconds}, how long one waits
 * for a use (default 60).
 *
 * <p>All methods may be called from any thread.
 */
public final class Spares {

    /** The most spares a process has. */
    public static final int LIMIT = 64;

    static final int KEPT = number("kindred.spares", 1, 0, LIMIT);

    static final Duration IDLE_LIMIT = Duration.ofSeconds(number("kindred.spares.seconds", 60, 1, 1_000_000));

    private Spares() {}

    /**
     * Starts spares for children with all settings at their defaults. Does not wait until they are ready. {@link
     * ChildProcessBuilder#prepareSpares(int)} does it for other settings.
     *
     * @param count how many there shall be at least, 0 to {@value #LIMIT}
     * @throws IllegalArgumentException if {@code count} is out of bounds
     * @throws IllegalStateException    if this process may not start children
     * @throws dev.kindred.SystemCallException if the system does not let them start
     * @throws dev.kindred.UnsupportedPlatformException if no child can be started from this kind of JVM or application
     */
    public static void prepare(int count) {
        ChildProcess.builder().prepareSpares(count);
    }

    /** {@return how many spares wait for a task, those included that are still coming up} */
    public static int waiting() {
        return SparePool.INSTANCE.count();
    }

    /**
     * Lets all spares end that wait for a task, and starts no others until another child has been started. Does not
     * wait for their end.
     */
    public static void dismiss() {
        SparePool.INSTANCE.dismiss();
    }

    static void checkCount(int count) {
        if (count < 0 || count > LIMIT) {
            throw new IllegalArgumentException(count + " spares were asked for, but a process has 0 to " + LIMIT);
        }
    }

    private static int number(String property, int standard, int least, int most) {
        String text = System.getProperty(property, Integer.toString(standard));
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // Said below.
        }
        throw new IllegalArgumentException("system property " + property + " is '" + text
                + "' instead of a number from " + least + " to " + most);
    }
}
