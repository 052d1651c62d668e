// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Synchronisation among threads and processes that survives the death of any of them.
 *
 * <p>The objects of this package are shared with child processes by inheritance: captured in a child's task or passed as an argument when
 * the child is started, they are the same object there. Processes that are not related share them by their names in a {@link
 * dev.kindred.Space}. They take 64 bytes of shared memory each, a condition 1024 and a barrier 256 or more, and no descriptor.
 */
@NullMarked
package dev.kindred.sync;

import org.jspecify.annotations.NullMarked;
