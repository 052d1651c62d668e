// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import dev.kindred.internal.os.Descriptors;
import java.lang.ref.Cleaner;

/** Closes descriptors whose owners were forgotten. */
final class DescriptorCleaner {

    private static final Cleaner CLEANER = Cleaner.create();

    private DescriptorCleaner() {}

    /** {@return what closes the descriptor, once, when it is told to or when the owner has become unreachable} */
    static Cleaner.Cleanable closeWhenUnreachable(Object owner, int descriptor) {
        return CLEANER.register(owner, () -> Descriptors.close(descriptor));
    }
}
