// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.os;

import java.lang.ref.Cleaner;

/** Closes descriptors whose owners were forgotten. */
public final class DescriptorCleaner {

    private static final Cleaner CLEANER = Cleaner.create();

    private DescriptorCleaner() {}

    /** {@return what closes the descriptor, once, when it is told to or when the owner has become unreachable} */
    public static Cleaner.Cleanable closeWhenUnreachable(Object owner, int descriptor) {
        return cleanWhenUnreachable(owner, () -> Descriptors.close(descriptor));
    }

    /** {@return what cleans up, once, when it is told to or when the owner has become unreachable} {@code action} does not refer to the owner. */
    public static Cleaner.Cleanable cleanWhenUnreachable(Object owner, Runnable action) {
        return CLEANER.register(owner, action);
    }
}
