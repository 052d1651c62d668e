// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Messages that begin with their number, so that one that is lost, doubled or torn is seen. */
public final class Numbered {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private long expected;

    /**
     * Numbers a message.
     *
     * @param message gets it
     * @param number  the number
     */
    public static void set(byte[] message, long number) {
        LONG.set(message, 0, number);
    }

    /** {@return the number of a message} */
    public static long get(byte[] message) {
        return (long) LONG.get(message, 0);
    }

    /**
     * Checks the next message.
     *
     * @param number of it
     * @throws IllegalStateException if it is not the one that was to come next
     */
    public void check(long number) {
        if (number != expected) {
            throw new IllegalStateException("message " + number + " came instead of " + expected);
        }
        expected++;
    }

    /** {@return how many have come} */
    public long count() {
        return expected;
    }
}
