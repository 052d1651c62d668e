// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Rows that put a figure of ours beside a peer's, measured in the same run.
 *
 * <p>{@link dev.kindred.bench.Rows} is the table, {@link dev.kindred.bench.Compare} plays it. Whoever plays is a process of its own, ours as
 * well as the peer: it warms up, says "ready", and plays one round for every line it is sent.
 */
@NullMarked
package dev.kindred.bench;

import org.jspecify.annotations.NullMarked;
