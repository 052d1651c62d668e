// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.os;

/** Descriptors that can be made ready to read: a bell for whoever polls. */
public final class Events {

    private Events() {}

    /**
     * {@return a descriptor that is not ready}
     *
     * @throws dev.kindred.SystemCallException if this process may have no more descriptors
     */
    public static int create() {
        int result = Native.eventCreate();
        if (result < 0) {
            throw Errno.failure(result, "eventfd");
        }
        return result;
    }

    /**
     * Makes it ready to read.
     *
     * @param descriptor the descriptor
     * @throws dev.kindred.SystemCallException if it is none of these
     */
    public static void signal(int descriptor) {
        int result = Native.eventSignal(descriptor);
        if (result < 0) {
            throw Errno.failure(result, "write", "eventfd", descriptor);
        }
    }

    /**
     * Makes it not ready.
     *
     * @param descriptor the descriptor
     * @return whether it was ready
     * @throws dev.kindred.SystemCallException if it is none of these
     */
    public static boolean clear(int descriptor) {
        int result = Native.eventClear(descriptor);
        if (result < 0) {
            throw Errno.failure(result, "read", "eventfd", descriptor);
        }
        return result > 0;
    }
}
