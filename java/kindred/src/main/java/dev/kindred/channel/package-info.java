// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
/** Queues in shared memory, and pipes, connections and listeners: messages between processes, related or not. */
@NullMarked
package dev.kindred.channel;

import org.jspecify.annotations.NullMarked;
