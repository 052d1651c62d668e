// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.os;

/**
 * What is done last in the life of a JVM: after all shutdown hooks have run, because these may still need everything.
 *
 * <p>The JDK runs what stands at its ten places one after the other, the hooks of programs at the second.
 */
public final class JvmEnd {

    /** The place of what leaves the named spaces. */
    public static final int SPACES = 8;

    /** The place of what ends the threads that wait in the kernel: the last. */
    static final int KERNEL_THREADS = 9;

    private JvmEnd() {}

    /**
     * Has an action run when the JVM ends in order, be it by a signal that it obeys.
     *
     * @param place  one of this class's, each of which takes one action
     * @param action what to do, on the thread that ends the JVM
     * @return false if it will not be run: in another JDK, because the place is taken, or because the JVM has come too far in ending
     */
    public static boolean call(int place, Runnable action) {
        try {
            Native.addShutdownHook(place, action);
            return true;
        } catch (LinkageError | InternalError | IllegalStateException e) {
            return false;
        }
    }
}
